"""What in a text may be a secret: words, parts of words, what is quoted, groups, phrases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EASTERN = "\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
WORD = re.compile(rf"[{EASTERN}]{{1,40}}|[^\s{EASTERN}]{{1,300}}")
"""Words; scripts that put no space between words are parted from others."""
OPENING = "\"'`´‘’“”«»„()[]{}<>,;*|"
CLOSING = OPENING + ".:?!。，、"
QUOTED = re.compile(r"(?<![\w])([\"'`“„«‘])([^\"'`“”„«»‘’\n]{3,60})[\"'`”“»’](?!\w)")
DIGITS = re.compile(r"(?<![\w.,:/-])[A-Z]?-?\d{1,8}(?:[ -]\d{1,8}){1,9}(?![\w/:-]|[.,]\d)")
JOINT = re.compile(r"[=:/@,;|\"'<>()\[\]{}&?]+")
HARD = re.compile(r"[;,|\"'<>()\[\]{}]")
"""What stands between two values, and seldom within one."""
MOST_PIECES = 12
"""So many pieces of one word are looked at."""
SHORTEST = 4
MOST_PHRASE = 6
"""So many words up to the end of a line may be one phrase."""
BEGINNING, STOPS, DASHES = "(„«“", ".,;:!?)…=", {"-", "–", "—", "->", "→", "/", "="}
"""Between these, few words may be a phrase, in a message that talks of such."""
ENDS = ".,;:!?)"
"""What ends a phrase with the word that it stands behind."""
LEAST_SPELLED, MOST_SPELLED, LONGEST_SPELLED = 3, 12, 5
"""So many words in a row, each so short at most, may be one secret that was spelled."""


class Word(NamedTuple):
    """A word of a text: where it stands, on which line, the how-manieth of it."""

    start: int
    end: int
    line: int
    place: int


class Candidate(NamedTuple):
    """What may be a secret, and the first and last word that it stands in."""

    start: int
    end: int
    first: int
    last: int
    joint: str = ""
    """The mark within a word that is just before it: `=` of `key=…`."""
    part: bool = False
    """Whether it is a piece of a word."""
    named: tuple[int, int] = (0, 0)
    """Where the piece is that its mark joins it to: `key` of `key=…`."""
    phrase: bool = False
    """Whether it is several words of which nobody marked the end."""


class Standing(NamedTuple):
    """A candidate, its letters, and the first and last word of its line and of the one above."""

    what: Candidate
    looked: str
    first: int
    last: int
    above: tuple[int, int]


def words_of(text: str) -> list[Word]:
    """Give the words of a text, line by line."""
    found: list[Word] = []
    at = 0
    for number, line in enumerate(text.split("\n")):
        found.extend(
            Word(at + match.start(), at + match.end(), number, place)
            for place, match in enumerate(WORD.finditer(line))
        )
        at += len(line) + 1
    return found


def candidates(
    text: str, words: list[Word], opens: Sequence[bool], spelled: Sequence[bool], *, talks: bool
) -> Iterator[Candidate]:
    """Give what may be a secret; behind a word that `opens`, also phrases.

    In a message that talks of such, all that stands between two marks may be one as well.
    """
    for number, word in enumerate(words):
        yield from _of_word(text, number, word)
        if opens[number]:
            yield from _phrases(text, words, number + 1)
        elif word.place == 0 and number and opens[number - 1]:
            yield from _phrases(text, words, number)
    if talks:
        yield from _segments(text, words)
    for rule in (QUOTED, DIGITS):
        yield from _spans(text, words, rule)
    yield from _spelled(text, words, spelled)


def _of_word(text: str, number: int, word: Word) -> Iterator[Candidate]:
    start, end = trimmed(text, word.start, word.end)
    if end - start >= SHORTEST:
        yield Candidate(start, end, number, number)
    if end < word.end and text[end] in "!?*" and end + 1 - start >= SHORTEST:
        yield Candidate(start, end + 1, number, number)
    joints = list(JOINT.finditer(text, start, end))[:MOST_PIECES]
    began = start
    for at, joint in enumerate(joints):
        rest, named = joint.end(), (began, joint.start())
        began = rest
        stops = [each.start() for each in joints[at + 1 : at + 2]]
        parting = (each.start() for each in joints[at + 1 :] if HARD.search(each.group()))
        for stop in dict.fromkeys([*stops, next(parting, end), end]):
            first, last = trimmed(text, rest, stop)
            if last - first >= SHORTEST:
                mark = joint.group()[-1]
                yield Candidate(first, last, number, number, mark, part=True, named=named)
    if joints and joints[0].start() - start >= SHORTEST:
        yield Candidate(start, joints[0].start(), number, number, part=True)


def _phrases(text: str, words: list[Word], first: int) -> Iterator[Candidate]:
    """Give the next two words, three, and so on, to the end of the line or of what is said."""
    if first >= len(words):
        return
    line = words[first].line
    for last in range(first, min(first + MOST_PHRASE, len(words))):
        if words[last].line != line:
            return
        if last > first:
            start, end = trimmed(text, words[first].start, words[last].end)
            yield Candidate(start, end, first, last, phrase=True)
        if text[words[last].end - 1] in ENDS:
            return


def _segments(text: str, words: list[Word]) -> Iterator[Candidate]:
    """Give what stands between two marks, or alone on a line: a few words of one breath."""
    first = 0
    for number, word in enumerate(words):
        last = number + 1 == len(words) or words[number + 1].line != word.line
        if text[word.start : word.end] in DASHES:
            yield from _segment(text, words, first, number - 1)
            first = number + 1
        elif last or text[word.end - 1] in STOPS or text[words[number + 1].start] in BEGINNING:
            yield from _segment(text, words, first, number)
            first = number + 1


def _segment(text: str, words: list[Word], first: int, last: int) -> Iterator[Candidate]:
    if first < last <= first + MOST_PHRASE:
        start, end = trimmed(text, words[first].start, words[last].end)
        yield Candidate(start, end, first, last, phrase=True)


def _spelled(text: str, words: list[Word], spelled: Sequence[bool]) -> Iterator[Candidate]:
    """Give runs of words that each are a digit, a letter or the name of one."""
    first = 0
    for number in range(len(words) + 1):
        at_end = number == len(words) or words[number].line != words[first].line
        if not at_end and spelled[number]:
            continue
        if LEAST_SPELLED <= number - first <= MOST_SPELLED:
            start, end = trimmed(text, words[first].start, words[number - 1].end)
            yield Candidate(start, end, first, number - 1)
        first = number if at_end and number < len(words) and spelled[number] else number + 1
        if first >= len(words):
            return


def _spans(text: str, words: list[Word], rule: re.Pattern[str]) -> Iterator[Candidate]:
    """Give what goes over several words; both are in the order of the text."""
    at = 0
    group = 2 if rule is QUOTED else 0
    for match in rule.finditer(text):
        start, end = match.span(group)
        if " " not in match.group(group):
            continue
        while at < len(words) and words[at].end <= start:
            at += 1
        last = at
        while last + 1 < len(words) and words[last + 1].start < end:
            last += 1
        if at < len(words):
            yield Candidate(start, end, at, last)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out marks around a word that are not its own."""
    while end - start > 1 and text[start] in OPENING:
        start += 1
    while end - start > 1 and text[end - 1] in CLOSING:
        end -= 1
    return start, end
