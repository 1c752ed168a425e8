"""Where something stands: what is announced before and behind it, marks, its place on the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.scrubbing.judge.candidates import ENDS
from bot.scrubbing.judge.cues import CLASSES, NOTHING
from bot.scrubbing.judge.farther import NAMES as FARTHER
from bot.scrubbing.judge.farther import Farther
from bot.scrubbing.judge.known import known

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.scrubbing.judge.candidates import Candidate, Word
    from bot.scrubbing.judge.cues import Announced

BEFORE = ((1, 1), (2, 2), (3, 4), (5, 9))
"""How many words before are looked at together."""
BEHIND = ((1, 1), (2, 4))
WITHIN = ("put", "is", "then", "refused", "thing", "number", "access", "about")
"""What a phrase itself may announce."""
OF_WITHIN = tuple(CLASSES.index(name) for name in WITHIN)
MARKS = ("=", ":", "/", "@", "\"'`", "-", "|>", "(")
NAMES = (
    *(f"{name}_before_{first}" for first, _ in BEFORE for name in CLASSES),
    *(f"{name}_behind_{first}" for first, _ in BEHIND for name in CLASSES),
    *(f"{name}_line_before" for name in CLASSES),
    *(f"{name}_own" for name in CLASSES),
    *(f"{name}_within" for name in WITHIN),
    *(f"{name}_in_message" for name in CLASSES),
    *(f"mark_before_{mark[0]}" for mark in MARKS),
    *(f"mark_behind_{mark[0]}" for mark in MARKS),
    "colon_before", "comma_before", "option_before", "options", "quoted", "first", "last",
    "alone", "words", "part", "upper_before", "odd_before", "odd_behind", "line", "previous_colon",
    "phrase", "count", "level_least", "level_most", "level_mean", "level_first", "level_last",
    "level_before", "level_behind", "ends", "ended_before", "odd_in_message", "words_in_message",
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
        self._befores: dict[int, list[float]] = {}
        self._behinds: dict[int, list[float]] = {}
        self._aboves: dict[int, list[float]] = {}
        self._farther = Farther(text, words, said)
        self.all = self.most(0, len(words))
        self.odds = min(sum(odd), 10)
        self._lines: dict[int, tuple[int, int]] = {}
        for number, word in enumerate(words):
            first, _ = self._lines.get(word.line, (number, number))
            self._lines[word.line] = (first, number)

    def line(self, number: int) -> tuple[int, int]:
        """Give the first and the last word of a line; none where it has none."""
        return self._lines.get(number, (0, -1))

    def most(self, first: int, last: int) -> list[float]:
        """Give for each class the nearest cue of some words."""
        some = [each for each in self.said[max(first, 0) : last + 1] if each is not NOTHING]
        if len(some) < 2:  # noqa: PLR2004 - nothing to compare
            return list(some[0] if some else NOTHING)
        return list(map(max, zip(*some, strict=True)))

    def places(self, what: Candidate) -> list[float]:
        """Give the figures of `NAMES`."""
        line = self.words[what.first].line
        first, last = self.line(line)
        above = self.line(line - 1) if line else (0, -1)
        found = [*self._before(what.first, first), *self._behind(what.last, last)]
        found += self._above(above)
        found += self._own(what)
        within = self.most(what.first, what.last) if what.last > what.first else NOTHING
        found += [within[each] for each in OF_WITHIN]
        found += self.all
        found += self._marks(what) + self._where(what, first, last, above)
        found += self._levels(what, first, last)
        return found + self._farther.figures(what, (first, last))

    def _before(self, at: int, first: int) -> list[float]:
        """Give what is announced before a word; several begin with the same."""
        found = self._befores.get(at)
        if found is None:
            found = self._befores[at] = [
                each for near, far in BEFORE for each in self.most(max(at - far, first), at - near)
            ]
        return found

    def _behind(self, at: int, last: int) -> list[float]:
        """Give what is announced behind a word."""
        found = self._behinds.get(at)
        if found is None:
            found = self._behinds[at] = [
                each for near, far in BEHIND for each in self.most(at + near, min(at + far, last))
            ]
        return found

    def _above(self, above: tuple[int, int]) -> list[float]:
        """Give what the end of the line above announces."""
        found = self._aboves.get(above[1])
        if found is None:
            found = self.most(max(above[1] - 5, above[0]), above[1])
            self._aboves[above[1]] = found
        return found

    def _own(self, what: Candidate) -> list[float]:
        """Give what the piece announces that a mark joins this to: `password=`."""
        return list(self.saying(self.text[slice(*what.named)]) if what.part else NOTHING)

    def _marks(self, what: Candidate) -> list[float]:
        before = self.text[what.start - 1] if what.start else " "
        behind = self.text[what.end] if what.end < len(self.text) else " "
        return [
            *(float(before in marks) for marks in MARKS),
            *(float(behind in marks) for marks in MARKS),
        ]

    def _where(self, what: Candidate, first: int, last: int, above: tuple[int, int]) -> list[float]:
        text, words = self.text, self.words
        before = words[what.first - 1] if what.first > first else None
        ending = text[before.end - 1] if before else ""
        options = sum(
            1 for word in words[first : min(last, first + 30) + 1] if text[word.start] == "-"
        )
        quotes = "\"'`“”„«»‘’"
        start, end = words[what.first].start, words[what.last].end
        return [
            ending in ":=：" if ending else 0.0,
            ending in ",;" if ending else 0.0,
            bool(before) and text[before.start] == "-" if before else 0.0,
            min(options, 5),
            text[start] in quotes or text[end - 1] in quotes,
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

    def _levels(self, what: Candidate, first: int, last: int) -> list[float]:
        """Say how known the words are, and those beside them."""
        levels = self.levels[what.first : what.last + 1]
        text, words = self.text, self.words
        before = words[what.first - 1] if what.first > first else None
        looked = text[what.start : what.end]
        return [
            what.phrase,
            len(levels),
            min(levels),
            max(levels),
            sum(levels) / len(levels),
            levels[0],
            levels[-1],
            self.levels[what.first - 1] if before else -1,
            self.levels[what.last + 1] if what.last < last else -1,
            text[words[what.last].end - 1] in ENDS,
            text[before.end - 1] in ".!?" if before else 1.0,
            self.odds,
            min(len(words), 100),
            min(words[-1].line, 10),
            sum(map(str.isupper, looked)) / len(looked),
            any(map(str.isdigit, looked)),
        ]
