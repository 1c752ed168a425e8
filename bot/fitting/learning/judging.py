"""Whether what was learned is better: on the frozen holdout, and on the latest month."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.fitting.learning.candidate import learned_of, taken, train_on, tried, weighed
from bot.fitting.learning.verdict import Scene, Taken, compare, decide_on
from bot.fitting.learning.versions import MODEL
from bot.language import language_of
from kb.searching.base import Taught

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.desk.learning import Lesson, Opinion, Weighed
    from bot.fitting.learning.candidate import Bench, Learned
    from bot.fitting.learning.verdict import Compared, Verdict
    from classifier.data.dataset import Message

MONTH = timedelta(days=30)
PARTS = 2
"""The month is judged in so many parts, each by what was known before it."""


@dataclass(frozen=True)
class Judged:
    """What came of it on both, and what follows."""

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

    def judge(
        self, learned: Learned, found: Weighed, opinions: Sequence[Opinion], model: Path
    ) -> Judged:
        """Judge a model that was trained on what was learned."""
        bench, held = self._bench, self._held
        month = [self._lessons[place] for place in found.kept if self._is_late(place)]
        scenes = [self._scene(each) for each in month]
        with tried(bench, bench.base, Taught()) as both:
            before_held = taken(bench, both, held)
            before_month = taken(bench, both, scenes)
        with tried(bench, model, learned.taught) as both:
            frozen = compare(held, before_held, taken(bench, both, held))
        late = compare(scenes, before_month, self._month(month, opinions))
        return Judged(frozen, late, decide_on(frozen, late))

    def _month(self, month: Sequence[Lesson], opinions: Sequence[Opinion]) -> Taken:
        """Judge each part of the month by what was known before it."""
        at = {id(lesson): place for place, lesson in enumerate(month)}
        costs: dict[int, tuple[float, bool, str]] = {}
        for part in range(PARTS):
            start = self._now - MONTH + MONTH / PARTS * part
            end = start + MONTH / PARTS
            asked = [
                each for each in month if start <= each.at and (each.at < end or part == PARTS - 1)
            ]
            if not asked:
                continue
            found = self._decided_before(start, asked, opinions)
            for each, cost, right, label in zip(
                asked, found.costs, found.right, found.labels, strict=True
            ):
                costs[at[id(each)]] = (cost, right, label)
        rows = [costs[place] for place in range(len(month))]
        return Taken([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])

    def _decided_before(
        self, start: datetime, asked: Sequence[Lesson], opinions: Sequence[Opinion]
    ) -> Taken:
        known = [place for place, each in enumerate(self._lessons) if each.at < start]
        lessons = [self._lessons[place] for place in known]
        scenes = [self._scene(each) for each in asked]
        bench = self._bench
        if not lessons:
            with tried(bench, bench.base, Taught()) as both:
                return taken(bench, both, scenes)
        found = weighed(bench, lessons, [opinions[place] for place in known])
        learned = learned_of(bench, lessons, found)
        with tempfile.TemporaryDirectory(prefix="frontline-before-") as folder:
            model = Path(folder) / MODEL
            train_on(bench, learned, model, {"version": f"before {start:%Y-%m-%d}"})
            with tried(bench, model, learned.taught) as both:
                return taken(bench, both, scenes)

    def _is_late(self, place: int) -> bool:
        return self._lessons[place].at >= self._now - MONTH

    def _scene(self, lesson: Lesson) -> Scene:
        area = self._areas.get(lesson.article, "")
        return _scene(lesson.text, lesson.label, lesson.article, area, lesson.asker)


def _held_scene(message: Message) -> Scene:
    person = f"{message.author} {message.scenario}"
    return _scene(message.text, message.label, message.article or "", message.area or "", person)


def _scene(text: str, label: str, article: str, area: str, person: str) -> Scene:
    slices = {"language": language_of(text), "area": area, "route": label}
    return Scene(text, label, article, person, slices)
