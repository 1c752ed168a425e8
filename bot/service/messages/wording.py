"""Messages that are recognised by their form alone: no words at all, a bare cry for help."""

from __future__ import annotations

import re

# An emoji's name holds a letter or digit: so each character is read in one way only.
WORDLESS = re.compile(r"(?::[+'-]*[^\W_][\w+'-]*:|\W|_)*")

# A cry for help, or "it does not work", and not a word about what: only the person can say more.
VAGUE = re.compile(
    r"\A(?=.*\b(?:help|support|assistance|problem|issue|work(?:s|ing)?)\b)"
    r"(?:(?:please|pls|plz|hi|hello|hey|i|we|need|needs|can|could|someone|somebody|anyone|you|me|us"
    r"|some|help|support|assistance|have|got|a|an|the|problem|issue|urgent|it|this|nothing|still"
    r"|is|isn['\u2019]?t|not|does|doesn['\u2019]?t|won['\u2019]?t|work(?:s|ing)?)\b\W*){1,8}",
    re.IGNORECASE,
)

TICKET_NUMBER = re.compile(r"\bt-?(\d{3,12})\b", re.IGNORECASE)
"""A ticket's number as people write it."""

PARTS = re.compile(
    r"(?<=[.?!])\s+|\n+|\s{0,4};\s+|,?\s{1,4}\b(?:and also|also|another thing|besides|and another|"
    r"und außerdem|außerdem|y también|además|et aussi|e também)\b:?\s*",
    re.IGNORECASE,
)
"""Where one request of a message may end and another begin."""

SHORTEST_PART = 2
MOST_PARTS = 6


def parts_of(text: str) -> list[str]:
    """Cut a message where a second request may begin; a long story stays whole."""
    cut = [part.strip() for part in PARTS.split(text) if part and part.strip()]
    telling = [part for part in cut if len(part.split()) >= SHORTEST_PART]
    return telling if 1 < len(telling) <= MOST_PARTS else [text]
