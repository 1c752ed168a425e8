"""A draft in other words, of which every sentence is traced to what somebody wrote.

A model may put a sentence better; it may not add, drop or turn anything round. What cannot be
traced stays as it was.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
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
SAYING_NOTHING = """
a an the is are was were be been being am do does did done has have had and then so also just please
der die das den dem des ein eine einen einem einer und dann ist sind war waren bitte
le la les un une et est sont el los las una unos y
"""
FREE = frozenset(SAYING_NOTHING.split())
"""Words that say nothing by themselves: a sentence may have other ones."""
SPARE = """
to on for of it this that these those you your we our i my me there
zu von es man sich ihr ihre sie wir de du vous votre il elle se lo su usted
"""
SPARED = frozenset(SPARE.split())
"""Words that may be left out, and neither come nor change; behind a verb `on` may not."""
LITTLE = """
if or but than its in at by from with as into onto out up down off over under about after before
again once such here when where which who whom whose what how why us they them their he she his her
can could should will would may might must now all any each both more most other some oder aber wenn
dass wird werden im bei für mit als auf aus an ou mais si dans sur pour par avec o pero son en por
para con al del
"""
SMALL = FREE | SPARED | frozenset(LITTLE.split())
"""What is no content: of a sentence so much need not stay in other words."""
SWITCHING = """
turn turned turning turns switch switched switching switches log logged logging sign signed signing
put set keep stay leave
"""
TURNED = frozenset(SWITCHING.split())
"""Behind these `on` is a part of what is done."""
ENDINGS = frozenset({"", "s", "es", "ed", "d", "ing", "e", "n", "en", "y", "ies", "ied"})
CONJUGATED = frozenset({"er", "ez", "é", "r", "z"})
"""Two forms of a word are known to be one where they differ in these alone."""
ROOT = 3
"""Letters that two forms of a word have in common at least."""
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
    if _marks(plain) != _marks(said) or not _names(plain) <= _names(said):
        return False
    content = [word for word in _words(plain) if _is_content(word)]
    kept = sum(map(_is_content, _words(said)))
    return kept >= KEPT * len(content) and _is_left(_telling(plain), _telling(said))


def _marks(text: str) -> Counter[str]:
    """Count the marks that mean something beside words."""
    return Counter(each for each in text if each in "`?%€$£+=<>&@#*~\\^|{}[]")


def _words(text: str) -> list[str]:
    return [word.casefold().replace("\u2019", "'") for word in WORD.findall(text)]


def _is_content(word: str) -> bool:
    return word not in SMALL and word not in NOT


def _telling(text: str) -> list[str]:
    """Give the words that say something, or put it to something: all but the free ones."""
    return [word for word in _words(text) if word not in FREE]


def _names(text: str) -> set[str]:
    """Give the names: capitals that do not begin a sentence."""
    words = WORD.findall(text)[1:]
    return {word.casefold() for word in words if word != word.lower() and word != "I"}


def _is_left(old: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether words are what is left of others, in their order, and nothing needed is gone."""
    at = 0
    for number, word in enumerate(old):
        if at < len(new) and _is_one(word, new[at]):
            at += 1
        elif not _may_go(old, number):
            return False
    return at == len(new)


def _may_go(words: Sequence[str], number: int) -> bool:
    word = words[number]
    if word == "on":
        return 0 < number < len(words) - 1 and TURNED.isdisjoint(words[:number])
    return word in SPARED or _is_content(word)


def _is_one(word: str, other: str) -> bool:
    """Tell whether two words are forms of one: the same but for an ending."""
    if word == other:
        return True
    if not (_is_content(word) and _is_content(other)):
        return False
    alike = [one == two for one, two in zip(word, other, strict=False)]
    root = [*alike, False].index(False)
    if root < ROOT:
        return False
    # `stop` and `stopping`: the last letter is doubled.
    ends = {each[root + (each[root : root + 1] == each[root - 1]) :] for each in (word, other)}
    return ends <= ENDINGS or ends <= CONJUGATED
