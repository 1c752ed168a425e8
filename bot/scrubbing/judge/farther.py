"""What stands farther off: the nearest cue of each class, the line's build, what looks alike."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.scrubbing.judge.cues import CLASSES, NOTHING
from bot.scrubbing.judge.known import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.scrubbing.judge.candidates import Candidate, Word
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
SEVERAL = re.compile(r"[^\W\d_]+|\d+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
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


@lru_cache(4096)
def shown(looked: str) -> tuple[float, ...]:
    """Give the figures of `SHOWN`: what somebody would make a password of."""
    digits = "".join(filter(str.isdigit, looked))
    pieces = [part for each in SEVERAL.findall(looked[:80]) for part in CAMEL.split(each)]
    levels = [known().level(piece) for piece in pieces if len(piece) > 1 and piece.isalpha()]
    return (
        YEARLY.fullmatch(looked) is not None,
        YEAR.fullmatch(digits) is not None,
        DATE.fullmatch(digits) is not None,
        len(looked) > 3 and looked.lower() in ROWS,  # noqa: PLR2004 - three are a number
        len(set(looked)) < 3 <= len(looked),  # noqa: PLR2004 - 0000, 1212
        min(len(re.findall(r"\d+", looked[:80])), 12),
        min(len(digits), 24),
        sum(character in STRANGE for character in looked),
        looked.count("-"),
        looked.count("."),
        looked.count("_"),
        min(len(pieces), 12),
        sum(levels) / len(levels) if levels else -1.0,
        min(levels, default=-1),
        looked[0] in "*#",
        looked.islower(),
    )


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
        self._nearest: dict[tuple[int, int], list[float]] = {}

    def figures(self, what: Candidate, line: tuple[int, int]) -> list[float]:
        """Give the figures of `NAMES`."""
        looked = self.text[what.start : what.end]
        return [*self._distances(what), *shown(looked), *self._built(what, looked, line)]

    def _distances(self, what: Candidate) -> list[float]:
        """Say how many words off the nearest cue of each class is, before and behind."""
        span = what.first, what.last
        found = self._nearest.get(span)
        if found is None:
            before, behind = [], []
            for at in self._at:
                one, other = bisect_left(at, what.first), bisect_left(at, what.last + 1)
                before.append(min(what.first - at[one - 1], FARTHEST) if one else FARTHEST)
                behind.append(min(at[other] - what.last, FARTHEST) if other < len(at) else FARTHEST)
            found = self._nearest[span] = [*before, *behind]
        return found

    def _built(self, what: Candidate, looked: str, line: tuple[int, int]) -> list[float]:
        """Say how its line is built, and those above and below."""
        text, (first, last) = self.text, line
        number = self.words[what.first].line
        here = self.lines[number]
        above = self.lines[number - 1] if number else ""
        below = self.lines[number + 1] if number + 1 < len(self.lines) else ""
        started = text[self.words[first].start : self.words[first].end]
        left, right = text[max(what.start - 2, 0) : what.start], text[what.end : what.end + 1]
        return [
            min(last - what.last, 20),
            min(what.first - first, 20),
            here.startswith(">"),
            what.first > first and started[-1] in ":=",
            self._fences[number] % 2,
            bool(above) and _alike(here, above),
            bool(below) and _alike(here, below),
            left[-1:] == "(" and right in {")", ",", ";"},
            left.startswith(",") and right in {",", ".", "", "\n"},
            min(text.count(looked), 3),
            min(len(self.lines) - 1 - number, 6),
            min(len(above), 60),
        ]
