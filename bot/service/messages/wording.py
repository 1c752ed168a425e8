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

TURN = re.compile(
    r"\b(?:while (?:you'?re|ur|u r|you are|i'?m|we'?re) (?:at it|here|there|on)|btw|by the way"
    r"|(?:oh|ah) and|(?:different|new|other|another|separate|next|unrelated|one more|one other) "
    r"(?:thing|topic|question|matter|issue|problem|request)|on another note|something else"
    r"|(?:noch|mal) (?:was|etwas) anderes|andere[sr]? (?:frage|thema|sache|problem)|übrigens"
    r"|wo ich schon|außerdem|ausserdem|noch (?:eine frage|was|etwas)"
    r"|autre (?:sujet|chose|question|demande)|au passage|tant que j'?y suis|par ailleurs|d'ailleurs"
    r"|au fait|otra (?:cosa|pregunta|consulta)|aprovecho|de paso|por cierto|además"
    r"|outra (?:coisa|pergunta|dúvida)|aproveitando|a propósito|já agora"
    r"|un'altra (?:cosa|domanda)|già che ci (?:siamo|sono)|a proposito|inoltre"
    r"|nog (?:iets|een vraag)|trouwens|andere vraag"
    r"|jeszcze jedn[ao]|inna sprawa|przy okazji|bu arada|bir (?:şey|soru) daha)\b"
    r"|ついでに|ところで|あともう?一つ|另外|顺便|그리고 하나 더",
    re.IGNORECASE,
)
"""Words that say that another matter begins."""

SHORTEST_PART, SHORTEST_TEXT = 2, 12
MOST_PARTS = 6


def parts_of(text: str) -> list[str]:
    """Cut a message where a second request may begin; a long story stays whole."""
    cut = [part.strip() for part in PARTS.split(text) if part and part.strip()]
    telling = [part for part in cut if len(part.split()) >= SHORTEST_PART]
    return telling if 1 < len(telling) <= MOST_PARTS else [text]


def turns(text: str) -> list[tuple[str, str, bool]]:
    """Cut a message in two where another matter may begin: before, after, whether that is said.

    Twice at most: where words say so, and after the first sentence.
    """
    said, ends = TURN.search(text), PARTS.search(text)
    cuts = []
    if said is not None:
        cuts.append((_bare(text[: said.start()]), _bare(text[said.end() :]), True))
    if ends is not None:
        cuts.append((_bare(text[: ends.end()]), _bare(text[ends.end() :]), False))
    return [cut for cut in cuts if cut[0] and _tells(cut[1])]


def _tells(part: str) -> bool:
    """Tell whether a part may be a request; some languages write without blanks."""
    return len(part.split()) >= SHORTEST_PART or len(part) >= SHORTEST_TEXT


def _bare(part: str) -> str:
    return part.strip(" ,;:-\n")
