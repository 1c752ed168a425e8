"""Two requests in one sentence, told apart by the things that each half names, in any language."""

from __future__ import annotations

import re

from classifier.features.concepts import concepts_of

THINGS = frozenset(
    {
        *("laptop", "computer", "phone", "bag", "usb stick", "vpn", "printer", "scan", "monitor"),
        *("projector", "keyboard mouse", "headset", "wifi", "internet", "mail", "calendar"),
        *("meeting room", "share", "badge", "door", "password", "payslip", "expenses", "holiday"),
        *("signature", "distribution list"),
    }
)
"""What may be broken or wanted by itself; an app on a phone is told of with the phone."""

JOINED = re.compile(
    r"[.,;!?]?\s(?:and|und|sowie|et|y|e|en|i|oraz|ve|och|og|ja|и|та|و|और)\s"
    r"|[、,。]?(?:あと|それと|それから|また|그리고|还有|另外)[、,]?",
    re.IGNORECASE,
)
"""Where one half may end and another begin; of sentences that follow each other most tell one
story."""

FEWEST, FEWEST_SIGNS = 2, 6
"""So many words beside its thing make a clause, one more for each more: "mein Drucker, mein Laptop"
is none; or so many signs, where words are not set apart."""

ALL = re.compile(
    r"\b(?:all|alles|everything|both|beide[sn]?|tout|todo|tudo|tutto|wszystko)\b"
    r"|全部|両方|すべて|どちらも",
    re.IGNORECASE,
)
"""What speaks of both halves, whatever else it names."""

MOST_CUTS, LONGEST = 12, 160
"""Of a long story each half names things, and it is one."""


def clauses_apart(text: str) -> tuple[str, str] | None:
    """Cut a message in two where each half names things of its own; None where none does."""
    if len(text) > LONGEST:
        return None
    for cut in list(JOINED.finditer(text))[:MOST_CUTS]:
        before, after = text[: cut.start()].strip(), text[cut.end() :].strip()
        first, second = _things(before), _things(after)
        if not first or not second or first & second:
            continue
        if _tells(before) and _tells(after):
            return before, after
    return None


def ends_a_part(asked: str, said: str) -> bool:
    """Tell whether words speak of one of two requests that were made in one message."""
    apart = clauses_apart(asked)
    if apart is None or ALL.search(said):
        return False
    first, second = map(_things, apart)
    named = _things(said)
    return bool(named & first) != bool(named & second)


def _things(text: str) -> frozenset[str]:
    return THINGS & frozenset(concepts_of(text))


def _tells(half: str) -> bool:
    words = half.split()
    if len(words) == 1:
        return len(half) >= FEWEST_SIGNS
    # "The printer does not print" names one thing, by two words.
    named = len(frozenset[str]().union(*map(_things, words)))
    return len(words) - named > max(named, FEWEST - 1)
