"""Whether what was learned is better: on the frozen holdout, and on the latest month.

A ticket of the month may have led to a page, which has its question word for word: whatever
serves answers that, and nobody learns whether it would answer the next one. So each part of the
month is asked of articles that are found by no question of it or of what came later.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.fitting.learning.candidate import (
    PLAIN,
    SEARCH,
    WHOLE,
    learned_of,
    make,
    taken,
    tried,
    weighed,
)
from bot.fitting.learning.verdict import CHANCE, Scene, Taken, compare, decide_on
from bot.language import language_of
from bot.service.deciding.verbatim import asked_so
from kb.searching.base import Taught
from kb.tuning.copying import asked_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.desk.learning import Lesson, Opinion, Weighed
    from bot.fitting.learning.candidate import Bench, Candidate
    from bot.fitting.learning.verdict import Compared, Verdict
    from classifier.data.dataset import Message

MONTH = timedelta(days=30)
PARTS = 3
"""The month is judged in so many parts, each by what was known before it.

In two parts a topic that turned within the fortnight was never judged by what is known of it since.
"""


STRICTER = 0.5
"""Each further candidate has half the chance of the one before to be better by chance."""


@dataclass(frozen=True)
class Judged:
    """What came of a candidate on both, and what follows."""

    candidate: Candidate
    frozen: Compared
    month: Compared
    verdict: Verdict


class Judge:
    """Compares a candidate with the shipped labels."""

    def __init__(
        self,
        bench: Bench,
        lessons: Sequence[Lesson],
        held: Sequence[Message],
        areas: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Take what is on record, the frozen holdout, and the area of each article."""
        self._bench = bench
        self._lessons = lessons
        self._areas = areas
        self._now = now
        self._held = [_held_scene(message) for message in held]
        self._asked: frozenset[str] = frozenset()
        """All that articles are found by."""

    def judge(
        self, candidates: Sequence[Candidate], found: Weighed, opinions: Sequence[Opinion]
    ) -> Judged:
        """Judge candidates that learned the same, the likelier one first; gives the first good one.

        Where none is good, gives the last: the one that changes least.
        """
        bench, held = self._bench, self._held
        month = [self._lessons[place] for place in found.kept if self._is_late(place)]
        scenes = [self._scene(each) for each in month]
        with tried(bench, bench.base, Taught()) as both:
            before_held = taken(bench, both, held)
            self._asked = asked_of(both.base)
        before_month, *months = self._months(month, opinions, [each.way for each in candidates])
        last: Judged | None = None
        for place, (candidate, late_taken) in enumerate(zip(candidates, months, strict=True)):
            chance = CHANCE * STRICTER**place
            with tried(bench, candidate.model, candidate.taught) as both:
                frozen = compare(held, before_held, taken(bench, both, held), chance)
            late = compare(scenes, before_month, late_taken, chance)
            last = Judged(candidate, frozen, late, decide_on(frozen, late))
            if last.verdict.accepted:
                break
        assert last is not None  # noqa: S101 - for mypy: there is always one
        return last

    def _months(
        self, month: Sequence[Lesson], opinions: Sequence[Opinion], ways: Sequence[str]
    ) -> list[Taken]:
        """Judge each part of the month by what was known before it: by the present, in each way."""
        at = {id(lesson): place for place, lesson in enumerate(month)}
        rows: list[dict[int, tuple[float, bool, str]]] = [{} for _ in (None, *ways)]
        for part in range(PARTS):
            start = self._now - MONTH + MONTH / PARTS * part
            end = start + MONTH / PARTS
            asked = [
                each for each in month if start <= each.at and (each.at < end or part == PARTS - 1)
            ]
            if not asked:
                continue
            for way, found in enumerate(self._decided_before(start, asked, opinions, ways)):
                decided = zip(found.costs, found.right, found.labels, strict=True)
                places = (at[id(each)] for each in asked)
                rows[way].update(zip(places, decided, strict=True))
        return [_taken([way[place] for place in range(len(month))]) for way in rows]

    def _decided_before(
        self,
        start: datetime,
        asked: Sequence[Lesson],
        opinions: Sequence[Opinion],
        ways: Sequence[str],
    ) -> list[Taken]:
        known = [place for place, each in enumerate(self._lessons) if each.at < start]
        lessons = [self._lessons[place] for place in known]
        scenes = [self._scene(each) for each in asked]
        bench = self._bench
        since = [each.text for each in self._lessons if each.at >= start]
        own = frozenset(asked_so(since, self._asked))
        with tried(bench, bench.base, Taught(), own) as both:
            present = taken(bench, both, scenes)
        if not lessons:
            return [present] * (1 + len(ways))
        found = weighed(bench, lessons, [opinions[place] for place in known])
        learned = learned_of(bench, lessons, found)
        with tempfile.TemporaryDirectory(prefix="frontline-before-") as folder:
            facts = {"version": f"before {start:%Y-%m-%d}"}
            made = make(bench, learned, Path(folder), facts, refitting=WHOLE in ways)
            decided = {}
            for candidate in made:
                if candidate.way in ways:
                    with tried(bench, candidate.model, candidate.taught, own) as both:
                        decided[candidate.way] = taken(bench, both, scenes)
        if SEARCH in ways and SEARCH not in decided:
            # Nothing had told it an article yet.
            decided[SEARCH] = present
        # Where nothing was fitted anew yet, it is the same as without.
        return [present, *(decided.get(way, decided[PLAIN]) for way in ways)]

    def _is_late(self, place: int) -> bool:
        return self._lessons[place].at >= self._now - MONTH

    def _scene(self, lesson: Lesson) -> Scene:
        area = self._areas.get(lesson.article, "")
        return _scene(lesson.text, lesson.label, lesson.article, area, lesson.asker)


def _taken(rows: Sequence[tuple[float, bool, str]]) -> Taken:
    return Taken([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])


def _held_scene(message: Message) -> Scene:
    person = f"{message.author} {message.scenario}"
    return _scene(message.text, message.label, message.article or "", message.area or "", person)


def _scene(text: str, label: str, article: str, area: str, person: str) -> Scene:
    slices = {"language": language_of(text), "area": area, "route": label}
    return Scene(text, label, article, person, slices)
