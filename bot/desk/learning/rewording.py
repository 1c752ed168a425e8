"""A draft in other words, of which every sentence is traced to what somebody wrote.

A model may put a sentence better; it may not add, drop or turn anything round. What cannot be
traced stays as it was.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.desk.learning.composing import FIXED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.desk.learning.drafts import Text

LINE = re.compile(r"^(?P<mark>\s*(?:\d{1,3}[.)]\s+|[-*•]\s+|>\s+)?)(?P<words>.*)$")
SENTENCE = re.compile(r"(?<=[.!?])[ \t]+")
FENCE = re.compile(r"^\s*(?:```|~~~)")
HELD = re.compile(
    r"`[^`]{0,200}+`|https?://\S++|\[[^\[\]]{0,200}+\]\([^()]{0,300}+\)|<[^<>]{0,200}+>"
)
"""Code, addresses and links: kept to the letter."""
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
WORD = re.compile(r"[^\W\d_]++(?:['\u2019-][^\W\d_]++)*+")
TURNING = """
no not never none nor without cannot don't doesn't won't can't isn't aren't wasn't shouldn't mustn't
unless except only nicht kein keine keinen nie niemals ohne nur ne pas jamais sans aucun sauf nunca
sin sólo solo non mai senza não nem sem niet geen nooit
"""
NOT = frozenset(TURNING.split())
"""Words that turn a sentence round: there are as many of each afterwards."""
LITTLE = """
a an the and or but if then than that this these those it its is are was were be been being am do
does did done to of in on at by for from with as into onto out up down off over under about after
before again once so such there here when where which who whom whose what how why you your yours we
our us i me my they them their he she his her please can could should will would may might must have
has had just also now all any each both more most other some der die das den dem des ein eine einen
einem einer und oder aber wenn dann dass ist sind war waren wird werden zu von im bei für mit als
auf aus an ihr ihre sie wir bitte es man sich le la les un une du de et ou mais si est sont dans sur
pour par avec vous votre il elle el los las una unos y o pero son en por para con su usted lo se al
del
"""
SMALL = frozenset(LITTLE.split())
"""Words that say nothing by themselves: a sentence may have other ones."""
STEM = 5
"""Letters by which two forms of a word are known to be one."""
KEPT = 0.7
"""So much of what a sentence says stands in it afterwards, and in its order."""
LONGER = 1.6
FEWEST = 4
"""Words of a sentence that is worth other words."""


@dataclass(frozen=True)
class Piece:
    """A sentence of a draft's answer: its line, its place in it, its words."""

    line: int
    place: int
    words: str


def pieces_of(body: str) -> tuple[Piece, ...]:
    """Give the sentences that may be put better; headings, code and fixed lines are not among."""
    return tuple(piece for piece in _all(body) if len(WORD.findall(piece.words)) >= FEWEST)


def _all(body: str) -> Iterator[Piece]:
    fenced = False
    for number, line in enumerate(body.splitlines()):
        if FENCE.match(line):
            fenced = not fenced
            continue
        fixed = line.strip() in FIXED
        if fenced or fixed or line.lstrip().startswith(("#", "|")) or line.startswith("    "):
            continue
        found = LINE.match(line)
        words = found["words"] if found else line
        for place, sentence in enumerate(SENTENCE.split(words)):
            if sentence.strip():
                yield Piece(number, place, sentence)


def reworded(text: Text, said: Sequence[str]) -> Text:
    """Put a draft's sentences into other words, each only where it is traced to its own."""
    pieces = pieces_of(text.body)
    if len(said) != len(pieces):
        return text
    better = {
        (piece.line, piece.place): " ".join(words.split())
        for piece, words in zip(pieces, said, strict=True)
        if is_traced(piece.words, words)
    }
    lines = text.body.splitlines()
    for number in {line for line, _ in better}:
        found = LINE.match(lines[number])
        mark, words = (found["mark"], found["words"]) if found else ("", lines[number])
        sentences = SENTENCE.split(words)
        told = [better.get((number, place), each) for place, each in enumerate(sentences)]
        lines[number] = mark + " ".join(told)
    return replace(text, body="\n".join(lines))


def is_traced(before: str, after: str) -> bool:
    """Tell whether a sentence says what another says: nothing added, dropped or turned round."""
    if not after.strip() or "\n" in after.strip() or len(after) > LONGER * len(before) + 20:
        return False
    if Counter(HELD.findall(before)) != Counter(HELD.findall(after)):
        return False
    plain, said = HELD.sub(" ", before), HELD.sub(" ", after)
    if Counter(NUMBER.findall(plain)) != Counter(NUMBER.findall(said)):
        return False
    if _counted(plain, NOT) != _counted(said, NOT) or _marks(plain) != _marks(said):
        return False
    old, new = _content(plain), _content(said)
    known = {_stem(word) for word in old}
    if any(_stem(word) not in known for word in new) or not _names(plain) <= _names(said):
        return False
    order, again = [_stem(word) for word in old], [_stem(word) for word in new]
    return _in_order(order, again) >= KEPT * len(order) and _swaps(order, again) == 0


def _marks(text: str) -> Counter[str]:
    """Count the marks that mean something beside words."""
    return Counter(each for each in text if each in "`?%€$£+=<>&@#*~\\^|{}[]")


def _counted(text: str, wanted: frozenset[str]) -> Counter[str]:
    words = (word.casefold().replace("\u2019", "'") for word in WORD.findall(text))
    return Counter(word for word in words if word in wanted)


def _content(text: str) -> list[str]:
    words = (word.casefold().replace("\u2019", "'") for word in WORD.findall(text))
    return [word for word in words if word not in SMALL and word not in NOT]


def _names(text: str) -> set[str]:
    """Give the names: capitals that do not begin a sentence."""
    words = WORD.findall(text)[1:]
    return {word.casefold() for word in words if word != word.lower() and word != "I"}


def _stem(word: str) -> str:
    return word[:STEM]


def _in_order(old: Sequence[str], new: Sequence[str]) -> int:
    """Give how many words stand in both in the same order (longest common subsequence)."""
    row = [0] * (len(new) + 1)
    for one in old:
        before = 0
        for place, other in enumerate(new, start=1):
            kept = row[place]
            row[place] = before + 1 if one == other else max(row[place], row[place - 1])
            before = kept
    return row[-1]


def _swaps(old: Sequence[str], new: Sequence[str]) -> int:
    """Count neighbours that changed places: who does what to whom may be another then."""
    both = [word for word in new if word in old]
    places = [old.index(word) for word in both]
    return sum(one > other for one, other in pairwise(places))
