"""Where something stands: what is announced before and behind it, marks, its place on the line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import starmap
from typing import TYPE_CHECKING

from bot.scrubbing.judge.candidates import ENDS, Standing
from bot.scrubbing.judge.cues import CLASSES, NOTHING
from bot.scrubbing.judge.farther import NAMES as FARTHER
from bot.scrubbing.judge.farther import Farther
from bot.scrubbing.judge.known import known

if TYPE_CHECKING:
    from bot.scrubbing.judge.candidates import Candidate, Word
    from bot.scrubbing.judge.cues import Announced

BEFORE = ((1, 1), (2, 2), (3, 4), (5, 9))
"""How many words before are looked at together."""
BEHIND = ((1, 1), (2, 4))
WITHIN = ("put", "is", "then", "refused", "thing", "number", "access", "about")
"""What a phrase itself may announce."""
OF_WITHIN = tuple(CLASSES.index(name) for name in WITHIN)
QUOTES = "\"'`“”„«»‘’"
MARKS = ("=", ":", "/", "@", "\"'`", "-", "|>", "(")
PLACE = (
    "colon_before", "comma_before", "option_before", "options", "quoted", "first", "last",
    "alone", "words", "part", "upper_before", "odd_before", "odd_behind", "line", "previous_colon",
)  # fmt: skip
KNOWN = (
    "phrase", "count", "level_least", "level_most", "level_mean", "level_first", "level_last",
)  # fmt: skip
NAMES = (
    *(f"{name}_before_{first}" for first, _ in BEFORE for name in CLASSES),
    *(f"{name}_behind_{first}" for first, _ in BEHIND for name in CLASSES),
    *(f"{name}_line_before" for name in CLASSES),
    *(f"{name}_own" for name in CLASSES),
    *(f"{name}_within" for name in WITHIN),
    *(f"{name}_in_message" for name in CLASSES),
    *(f"mark_before_{mark[0]}" for mark in MARKS),
    *(f"mark_behind_{mark[0]}" for mark in MARKS),
    *PLACE, *KNOWN, "level_before", "level_behind", "ends", "ended_before", "odd_in_message",
    "words_in_message",
    "lines", "capitals", "digits_in",
    *FARTHER,
)  # fmt: skip


class Reading:
    """A text read once: its words, and what each of them announces."""

    def __init__(
        self,
        text: str,
        words: Sequence[Word],
        said: Sequence[Announced],
        odd: Sequence[bool],
        saying: Callable[[str], Announced],
    ) -> None:
        """Take up the words: what they announce, which are no ordinary ones, how known each is."""
        self.saying = saying
        self.text = text
        self.words = words
        self.said = said
        self.odd = odd
        self.levels = [known().level(text[word.start : word.end]) for word in words]
        self._mosts: dict[tuple[int, int], list[float]] = {}
        self.farther = Farther(text, words, said)
        self.odds = min(sum(odd), 10)
        self._lines: dict[int, tuple[int, int]] = {}
        for number, word in enumerate(words):
            first, _ = self._lines.get(word.line, (number, number))
            self._lines[word.line] = (first, number)

    def line(self, number: int) -> tuple[int, int]:
        """Give the first and the last word of a line; none where it has none."""
        return self._lines.get(number, (0, -1))

    def standing(self, what: Candidate) -> Standing:
        """Give a candidate with the line that it stands on."""
        line = self.words[what.first].line
        first, last = self.line(line)
        above = self.line(line - 1) if line else (0, -1)
        return Standing(what, self.text[what.start : what.end], first, last, above)

    def most(self, first: int, last: int) -> list[float]:
        """Give for each class the nearest cue of some words; several ask for the same."""
        found = self._mosts.get((first, last))
        if found is None:
            some = [each for each in self.said[max(first, 0) : last + 1] if each is not NOTHING]
            if len(some) < 2:  # noqa: PLR2004 - nothing to compare
                found = list(some[0] if some else NOTHING)
            else:
                found = list(map(max, zip(*some, strict=True)))
            self._mosts[first, last] = found
        return found

    def own(self, where: Standing) -> Sequence[float]:
        """Give what the piece announces that a mark joins this to: `password=`."""
        what = where.what
        return self.saying(self.text[slice(*what.named)]) if what.part else NOTHING

    def within(self, where: Standing) -> Sequence[float]:
        """Give what a phrase announces itself."""
        what = where.what
        found = self.most(what.first, what.last) if what.last > what.first else NOTHING
        return [found[each] for each in OF_WITHIN]

    def above(self, where: Standing) -> Sequence[float]:
        """Give what the end of the line above announces."""
        first, last = where.above
        return self.most(max(last - 5, first), last)

    def everywhere(self, _: Standing) -> Sequence[float]:
        """Give what the whole message announces."""
        return self.most(0, len(self.words))

    def marks(self, where: Standing) -> Sequence[float]:
        """Say which marks stand before and behind it."""
        what = where.what
        before = self.text[what.start - 1] if what.start else " "
        behind = self.text[what.end] if what.end < len(self.text) else " "
        return [
            *(float(before in marks) for marks in MARKS),
            *(float(behind in marks) for marks in MARKS),
        ]

    def place(self, where: Standing) -> Sequence[float]:
        """Say where on its line it stands, and how the words beside it look."""
        what, _, first, last, above = where
        text, words = self.text, self.words
        before = words[what.first - 1] if what.first > first else None
        ending = text[before.end - 1] if before else ""
        options = sum(
            1 for word in words[first : min(last, first + 30) + 1] if text[word.start] == "-"
        )
        start, end = words[what.first].start, words[what.last].end
        return [
            ending in ":=：" if ending else 0.0,
            ending in ",;" if ending else 0.0,
            text[before.start] == "-" if before else 0.0,
            min(options, 5),
            text[start] in QUOTES or text[end - 1] in QUOTES,
            what.first == first,
            what.last == last,
            first == what.first and last == what.last,
            min(last - first + 1, 30),
            what.part,
            text[before.start].isupper() if before else 0.0,
            self.odd[what.first - 1] if before else 0.0,
            self.odd[what.last + 1] if what.last < last else 0.0,
            min(words[what.first].line, 5),
            above[1] >= above[0] and text[words[above[1]].end - 1] in ":=：",
        ]

    def known(self, where: Standing) -> Sequence[float]:
        """Say how known its words are."""
        what = where.what
        levels = self.levels[what.first : what.last + 1]
        return [
            what.phrase,
            len(levels),
            min(levels),
            max(levels),
            sum(levels) / len(levels),
            levels[0],
            levels[-1],
        ]

    def beside(self, where: Standing) -> Sequence[float]:
        """Say how known the words beside it are, and whether anything ends there."""
        what, _, first, last, _ = where
        text, words = self.text, self.words
        before = words[what.first - 1] if what.first > first else None
        return [
            self.levels[what.first - 1] if before else -1,
            self.levels[what.last + 1] if what.last < last else -1,
            text[words[what.last].end - 1] in ENDS,
            text[before.end - 1] in ".!?" if before else 1.0,
        ]

    def sizes(self, where: Standing) -> Sequence[float]:
        """Say how much the message has of words, lines and odd ones; its own large letters."""
        looked = where.looked
        return [
            self.odds,
            min(len(self.words), 100),
            min(self.words[-1].line, 10),
            sum(map(str.isupper, looked)) / len(looked),
            any(map(str.isdigit, looked)),
        ]


Found = Callable[[Reading, Standing], Sequence[float]]


def _before(near: int, far: int) -> tuple[str, Found]:
    def announced(reading: Reading, where: Standing) -> Sequence[float]:
        at = where.what.first
        return reading.most(max(at - far, where.first), at - near)

    return " ".join(f"{name}_before_{near}" for name in CLASSES), announced


def _behind(near: int, far: int) -> tuple[str, Found]:
    def announced(reading: Reading, where: Standing) -> Sequence[float]:
        at = where.what.last
        return reading.most(at + near, min(at + far, where.last))

    return " ".join(f"{name}_behind_{near}" for name in CLASSES), announced


GROUPS: tuple[tuple[str, Found], ...] = (
    *starmap(_before, BEFORE),
    *starmap(_behind, BEHIND),
    (" ".join(f"{name}_line_before" for name in CLASSES), Reading.above),
    (" ".join(f"{name}_own" for name in CLASSES), Reading.own),
    (" ".join(f"{name}_in_message" for name in CLASSES), Reading.everywhere),
    (
        " ".join(f"mark_{side}_{mark[0]}" for side in ("before", "behind") for mark in MARKS),
        Reading.marks,
    ),
    (" ".join(PLACE), Reading.place),
    ("level_before level_behind ends ended_before", Reading.beside),
    ("odd_in_message words_in_message lines capitals digits_in", Reading.sizes),
)
"""Which of `NAMES` are reckoned together where one of them is asked for, and how."""
