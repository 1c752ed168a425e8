"""From a question to a full-text expression."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")

STOP_WORDS = frozenset(
    "a an and are as at be been but by can could did do does for from had has have how i if in "
    "into is it its me my of on or our please should so that the their them then there these "
    "they this to was we were what when where which who why will with would you your".split()
)

LONGEST_QUERY = 64


def expression(query: str) -> str:
    """An FTS5 expression that matches any of the query's telling words; empty if it has none."""
    words = list(dict.fromkeys(_WORD.findall(query.lower())))
    telling = [word for word in words if word not in STOP_WORDS] or words
    return " OR ".join(f'"{word}"' for word in telling[:LONGEST_QUERY])
