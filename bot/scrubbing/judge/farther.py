"""What stands farther off: the nearest cue of each class, the line's build, what looks alike."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from bot.scrubbing.judge.cues import CLASSES, NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.scrubbing.judge.candidates import Standing, Word
    from bot.scrubbing.judge.cues import Announced

SOUGHT = (
    "password", "code", "key", "net", "put", "access", "secretly", "refused", "thing", "source",
    "user", "told", "press",
)  # fmt: skip
"""Classes whose nearest word is looked for in the whole message."""
NUMBERS = tuple(CLASSES.index(name) for name in SOUGHT)
NEAR = 0.75
"""So near to a cue a word must be to count from afar."""
FARTHEST = 30
YEARLY = re.compile(r"(?<![^\W\d_])[^\W\d_]{3,}+[\W_]{0,2}\d{1,4}[\W_]{0,2}")
YEAR = re.compile(r"(?:19[3-9]\d|20[0-3]\d)")
DATE = re.compile(
    r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d\d|(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
ROWS = "01234567890 147258369 98765432100 2580 0852 qwertyuiop qwertzuiop azertyuiop asdfghjkl"
STRANGE = frozenset("!$%&*+?€£^~=§")
SHOWN = (
    "yearly", "year", "date", "row", "same", "groups", "digits", "strange", "dashes", "dots",
    "underscores", "pieces", "known_pieces", "least_piece", "starts_marked", "small",
)  # fmt: skip
NAMES = (
    *(f"{name}_nearest_before" for name in SOUGHT),
    *(f"{name}_nearest_behind" for name in SOUGHT),
    *SHOWN,
    "behind_on_line", "before_on_line", "quoted_line", "labelled", "fenced", "alike_above",
    "alike_below", "in_brackets", "between_commas", "again", "lines_below", "words_above",
)  # fmt: skip


def _made_of(looked: str) -> Sequence[float]:
    digits = "".join(filter(str.isdigit, looked))
    return (
        YEARLY.fullmatch(looked) is not None,
        YEAR.fullmatch(digits) is not None,
        DATE.fullmatch(digits) is not None,
        len(looked) > 3 and looked.lower() in ROWS,  # noqa: PLR2004 - three are a number
        len(set(looked)) < 3 <= len(looked),  # noqa: PLR2004 - 0000, 1212
    )


def _signs(looked: str) -> Sequence[float]:
    return (
        sum(character in STRANGE for character in looked),
        looked.count("-"),
        looked.count("."),
        looked.count("_"),
    )


def _ends(looked: str) -> Sequence[float]:
    return looked[0] in "*#", looked.islower()


OF_ONE: tuple[tuple[str, Callable[[str], Sequence[float]]], ...] = (
    ("yearly year date row same", _made_of),
    ("strange dashes dots underscores", _signs),
    ("starts_marked small", _ends),
)
"""Which of `SHOWN` are reckoned together, and how; the rest is told part by part (`parts`)."""


def _alike(one: str, other: str) -> bool:
    """Whether two lines are built alike: letters and digits in the same groups."""
    return len(one) == len(other) and re.sub(r"\w", "x", one) == re.sub(r"\w", "x", other)


class Farther:
    """A text's cues by class, and its lines."""

    def __init__(self, text: str, words: Sequence[Word], said: Sequence[Announced]) -> None:
        """Note where each class is announced."""
        self.text, self.words = text, words
        self.lines = text.split("\n")
        self._at: list[list[int]] = [[] for _ in NUMBERS]
        for number, each in enumerate(said):
            if each is not NOTHING:
                for at, kind in zip(self._at, NUMBERS, strict=True):
                    if each[kind] >= NEAR:
                        at.append(number)
        self._fences = [0]
        for line in self.lines:
            self._fences.append(self._fences[-1] + line.count("```"))
        self._befores: dict[int, list[float]] = {}
        self._behinds: dict[int, list[float]] = {}

    def before(self, where: Standing) -> list[float]:
        """Say how many words before the nearest cue of each class is."""
        first = where.what.first
        found = self._befores.get(first)
        if found is None:
            ones = [bisect_left(at, first) for at in self._at]
            found = self._befores[first] = [
                min(first - at[one - 1], FARTHEST) if one else FARTHEST
                for at, one in zip(self._at, ones, strict=True)
            ]
        return found

    def behind(self, where: Standing) -> list[float]:
        """Say how many words behind the nearest cue of each class is."""
        last = where.what.last
        found = self._behinds.get(last)
        if found is None:
            ones = [bisect_left(at, last + 1) for at in self._at]
            found = self._behinds[last] = [
                min(at[one] - last, FARTHEST) if one < len(at) else FARTHEST
                for at, one in zip(self._at, ones, strict=True)
            ]
        return found

    def on_line(self, where: Standing) -> Sequence[float]:
        """Say how many words stand behind and before it on its line."""
        return min(where.last - where.what.last, 20), min(where.what.first - where.first, 20)

    def line(self, where: Standing) -> Sequence[float]:
        """Say how its line begins, and whether it stands between fences."""
        number = self.words[where.what.first].line
        begun = self.words[where.first]
        return (
            self.lines[number].startswith(">"),
            where.what.first > where.first and self.text[begun.end - 1] in ":=",
            self._fences[number] % 2,
        )

    def alike(self, where: Standing) -> Sequence[float]:
        """Say whether the lines above and below are built like its own."""
        number = self.words[where.what.first].line
        here, above, below = self.lines[number], self._above(number), self._below(number)
        return bool(above) and _alike(here, above), bool(below) and _alike(here, below)

    def between(self, where: Standing) -> Sequence[float]:
        """Say whether it stands in brackets, or between commas."""
        start, end = where.what.start, where.what.end
        left, right = self.text[max(start - 2, 0) : start], self.text[end : end + 1]
        return (
            left[-1:] == "(" and right in {")", ",", ";"},
            left.startswith(",") and right in {",", ".", "", "\n"},
        )

    def around(self, where: Standing) -> Sequence[float]:
        """Say how often it stands there, and how much stands below and above."""
        number = self.words[where.what.first].line
        return (
            min(self.text.count(where.looked), 3),
            min(len(self.lines) - 1 - number, 6),
            min(len(self._above(number)), 60),
        )

    def _above(self, number: int) -> str:
        return self.lines[number - 1] if number else ""

    def _below(self, number: int) -> str:
        return self.lines[number + 1] if number + 1 < len(self.lines) else ""


GROUPS: tuple[tuple[str, Callable[[Farther, Standing], Sequence[float]]], ...] = (
    (" ".join(f"{name}_nearest_behind" for name in SOUGHT), Farther.behind),
    ("behind_on_line before_on_line", Farther.on_line),
    ("quoted_line labelled fenced", Farther.line),
    ("alike_above alike_below", Farther.alike),
    ("in_brackets between_commas", Farther.between),
    ("again lines_below words_above", Farther.around),
)
"""Which of `NAMES` are reckoned together where one of them is asked for, and how."""
