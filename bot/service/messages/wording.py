"""Messages that are recognised by their form alone: no words at all, a bare cry for help."""

from __future__ import annotations

import re
from dataclasses import dataclass

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

WORDLESS_REQUEST = "(asked for a person)"
"""Stands for what was asked where only a person was, or where nobody is to read the words."""

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
    r"|(?:noch|mal) (?:was|etwas) anderes|(?:eine )?(?:andere|weitere|zweite|letzte)[sr]? "
    r"(?:frage|thema|sache|problem)|übrigens|wo ich schon|außerdem|ausserdem"
    r"|noch (?:eine (?:kurze )?frage|was|etwas)"
    r"|(?:une )?(?:autre|deuxième|dernière|petite|encore une) (?:sujet|chose|question|demande)"
    r"|au passage|tant que j'?y suis|par ailleurs|d'ailleurs|au fait"
    r"|otra (?:cosa|pregunta|consulta)|una (?:cosa|pregunta|consulta|cosita) más"
    r"|aprovecho|de paso|por cierto|además"
    r"|(?:outra|mais uma) (?:coisa|pergunta|dúvida)|aproveitando|a propósito|já agora"
    r"|(?:un'altra|un'ultima|ancora una) (?:cosa|domanda)|già che ci (?:siamo|sono)|a proposito"
    r"|inoltre|nog (?:iets|een (?:andere )?vraag)|trouwens|andere vraag"
    r"|jeszcze jedn[ao]|inn[ae] (?:sprawa|pytanie)|drugie pytanie|przy okazji"
    r"|bu arada|(?:bir|başka bir) (?:şey|soru) daha|başka bir (?:şey|soru|konu)"
    r"|en (?:annan )?(?:sak|fråga) till|en annan (?:sak|fråga)|förresten"
    r"|до речі|ще одне|інше питання|кстати|ещё (?:один вопрос|вопрос)|другой вопрос)\b"
    r"|ついでに|ところで|あともう?一つ|もう一つ(?:質問|お願い)|別件|另外|顺便|还有一个(?:问题|事)"
    r"|그리고 하나 더|다른 질문|سؤال تاني|سؤال آخر",
    re.IGNORECASE,
)
"""Words that say that another matter begins."""

NAMED = re.compile(
    r"(?:thing|topic|question|matter|issue|problem|request|frage|thema|sache|sujet|chose|demande"
    r"|cosa|pregunta|consulta|cosita más|coisa|pergunta|dúvida|domanda|vraag|sprawa|pytanie"
    r"|daha|şey|soru|konu|sak|fråga|till|питання|вопрос|質問|お願い|別件|问题|事|질문"
    r"|سؤال(?: تاني| آخر)?)$",
    re.IGNORECASE,
)
"""Whether that names another matter: "by the way" may as well tell more of the first."""

AND = re.compile(
    r"[,.!;:]\s{0,3}\u00bf?(?:and|und|et|y|e|a|en|och|ve|i|и|і|а)\s{1,3}",  # noqa: RUF001 - Russian
    re.IGNORECASE,
)
"""Where a question may be joined to a word of thanks: "gracias, ¿y la firma cómo se cambia?"."""

ASKS = "?", "\uff1f"
AT_FIRST = re.compile(
    r"\W{0,4}(?:(?:ah|oh|ok|okay|hey|hi|so|and|und|et|y|e|ja)\W{1,3}){0,2}", re.IGNORECASE
)
"""What may stand before the first word that counts."""

SHORTEST_PART, SHORTEST_TEXT = 2, 12
MOST_PARTS = 6


def parts_of(text: str) -> list[str]:
    """Cut a message where a second request may begin; a long story stays whole."""
    cut = [part.strip() for part in PARTS.split(text) if part and part.strip()]
    telling = [part for part in cut if len(part.split()) >= SHORTEST_PART]
    return telling if 1 < len(telling) <= MOST_PARTS else [text]


def turns(text: str) -> list[tuple[str, str, bool]]:
    """Cut a message in two where another matter may begin: before, after, whether that is said.

    Three times at most: where words say so, after a sentence, at a question joined by "and".
    """
    said, ends = TURN.search(text), PARTS.search(text)
    cuts = []
    if said is not None:
        cuts.append((_bare(text[: said.start()]), _bare(text[said.end() :]), True))
    if ends is not None:
        cuts.append((_bare(text[: ends.end()]), _bare(text[ends.end() :]), False))
    joined = AND.search(text)
    if joined is not None and text.rstrip().endswith(ASKS):
        cuts.append((_bare(text[: joined.start()]), _bare(text[joined.end() :]), False))
    return [cut for cut in cuts if cut[0] and _tells(cut[1])]


@dataclass(frozen=True)
class Anew:
    """What is asked where a message begins by saying that it is another matter."""

    asked: str
    is_named: bool
    """Whether it is called that: "by the way" it may as well be about the first."""


def asks_anew(text: str) -> Anew | None:
    """Find another matter that a message begins with: where it is named, or asked."""
    at_first = AT_FIRST.match(text)
    said = TURN.match(text, at_first.end() if at_first else 0)
    if said is None:
        return None
    found = Anew(_bare(text[said.end() :]), NAMED.search(said.group()) is not None)
    is_one = found.is_named or found.asked.endswith(ASKS)
    return found if is_one and _tells(found.asked) else None


def _tells(part: str) -> bool:
    """Tell whether a part may be a request; some languages write without blanks."""
    return len(part.split()) >= SHORTEST_PART or len(part) >= SHORTEST_TEXT


def _bare(part: str) -> str:
    return part.strip(" ,;:-\n")
