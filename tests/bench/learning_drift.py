"""A topic changes its answer: how soon does what people say now outweigh what they said before?

Topics of the organisation's own, of which the shipped labels and the holdout know nothing: for
months one article answers each, then another one. After each few new outcomes what was learned
until then is asked of messages that nobody taught: does the new article come first, the old one, or
neither? A part of `python -m tests.bench.learning drift`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId
from bot.desk.learning import Lesson
from bot.fitting.learning.candidate import Bench, learned_of, opinions_of, tried, weighed
from bot.fitting.learning.encodings import Encodings, KeptEncoder
from classifier.progress import silent
from classifier.training.train import load_training_data

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.fitting.learning.running import Setup
    from classifier.data.dataset import Message

TOPICS: Mapping[str, str] = {
    "payroll-portal-access": "timesheet-submit",
    "git-access": "vpn-connect",
    "badge-access": "meeting-room-av",
    "laptop-request": "request-app-access",
    "recover-deleted-file": "file-sharing-external",
    "ci-pipeline-failed": "service-status",
}
"""What answered a topic, and what answers it since it changed."""

CHANGED = timedelta(days=20)
"""So long ago."""
SINCE = (0, 2, 4, 6, 8, 10, 14)
"""Outcomes of a topic since it changed, when it is looked at."""
OF_DESK = 4
"""One in so many of the outcomes since is a reviewer's, who wrote what an engineer settled into the
new article; the others are presses of requesters."""
ASKED = 12
"""Messages of each topic that nobody teaches."""


@dataclass(frozen=True)
class Seen:
    """What comes first, some outcomes after the change; shares of 1."""

    since: int
    new: float
    old: float
    outdated: int
    """How many of the former outcomes are learned no more."""


def drifting(
    messages: Sequence[Message], now: datetime, draw: random.Random
) -> tuple[list[Lesson], list[Message]]:
    """Let people ask about the topics, before the change and since; gives what is asked, too."""
    lessons: list[Lesson] = []
    asked: list[Message] = []
    number = 500_000
    for old, new in TOPICS.items():
        theirs = [each for each in messages if each.article == old]
        theirs = draw.sample(theirs, len(theirs))
        asked += theirs[:ASKED]
        taught = theirs[ASKED:]
        first = len(taught) - SINCE[-1]
        for place, each in enumerate(taught):
            number += 1
            has_changed = place >= first
            asker = f"p{draw.randrange(60)}"
            at = now - CHANGED * (1 - (place - first + 0.5) / SINCE[-1]) if has_changed else (
                now - CHANGED - timedelta(days=100) * (1 - place / first)
            )  # fmt: skip
            article = new if has_changed else old
            said = Lesson(TicketId(number), each.text, "L1", article, 0.9, at, asker, asker)
            if has_changed and (place - first) % OF_DESK == 1:
                said = replace(said, by=f"e{draw.randrange(8)}", source="engineer")
            lessons.append(said)
    return lessons, asked


def bench_of(setup: Setup) -> Bench:
    """Lay out what a run of learning is made with, the shipped messages among it."""
    encodings = Encodings(setup.versions.encodings, setup.encoder)
    shipped, _, _ = load_training_data(setup.data)
    return Bench(
        setup.versions.model,
        setup.base.store.path,
        shipped,
        KeptEncoder(setup.encoder, encodings),  # type: ignore[arg-type]
        encodings,
        setup.rules,
        silent,
    )


def look(setup: Setup, lessons: Sequence[Lesson], asked: Sequence[Message]) -> list[Seen]:
    """Learn, after each few outcomes since the change, and ask."""
    bench = bench_of(setup)
    opinions = opinions_of(bench, lessons)
    found = []
    for since in SINCE:
        known = [place for place, each in enumerate(lessons) if _rank(lessons, each) < since]
        there = [lessons[place] for place in known]
        sorted_out = weighed(bench, there, [opinions[place] for place in known])
        learned = learned_of(bench, there, sorted_out)
        with tried(bench, bench.base, learned.taught) as both:
            hits = both.base.search_batch([each.text for each in asked], top=1)
        first = [one[0].article if one else "" for one in hits]
        pairs = list(zip(first, asked, strict=True))
        found.append(
            Seen(
                since,
                sum(one == TOPICS[str(each.article)] for one, each in pairs) / len(pairs),
                sum(one == each.article for one, each in pairs) / len(pairs),
                sum(there[place].article in TOPICS for place in sorted_out.refused),
            )
        )
    return found


def _rank(lessons: Sequence[Lesson], lesson: Lesson) -> int:
    """Say which outcome since the change of its topic it is; -1 of what was before."""
    if lesson.article not in TOPICS.values():
        return -1
    theirs = sorted(each.at for each in lessons if each.article == lesson.article)
    return theirs.index(lesson.at)
