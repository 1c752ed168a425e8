"""A topic turns: since some moment people say another thing of it; what they said before is over.

A topic is what the shipped labels and the articles alone would answer alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.learning.lesson import said_by_several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.desk.learning.lesson import Lesson

LEAST = 4
"""So few outcomes tell of no turn."""
SINCE, BEFORE = 0.8, 0.2
"""Shares of those that say it: since the moment at least, before it at most."""
LOUDEST = 0.5
"""No one person may be more of those who say it."""
OF_ONE = 3
"""So many of one person are counted, the latest."""


@dataclass(frozen=True)
class Turn:
    """Since when a topic is another's, and what is said of it since."""

    at: datetime
    says: tuple[str, str]


def turns_of(lessons: Sequence[Lesson], topics: Sequence[str]) -> Mapping[str, Turn]:
    """Give the topics that turned; `topics` are the lessons' own, "" for none."""
    by_topic: dict[str, list[Lesson]] = defaultdict(list)
    for lesson, topic in zip(lessons, topics, strict=True):
        if topic:
            by_topic[topic].append(lesson)
    found = {topic: _turn(_few_of_each(theirs)) for topic, theirs in by_topic.items()}
    return {topic: turn for topic, turn in found.items() if turn is not None}


def moved_by(turns: Mapping[str, Turn]) -> tuple[tuple[str, str], ...]:
    """Give the articles whose topic another article answers now, and those others.

    Where the other one has turned itself, nobody can tell which of them answers.
    """
    return tuple(
        (topic, article)
        for topic, turn in sorted(turns.items())
        if (article := turn.says[1]) and article != topic and article not in turns
    )


def _few_of_each(lessons: Sequence[Lesson]) -> list[Lesson]:
    """Give the latest ones of each person, in the order of time."""
    counts: Counter[tuple[str, str]] = Counter()
    kept = []
    for lesson in sorted(lessons, key=lambda each: each.at, reverse=True):
        whose = {("by", lesson.by), ("asker", lesson.asker)}
        if all(counts[each] < OF_ONE for each in whose):
            kept.append(lesson)
            counts.update(whose)
    return kept[::-1]


def _turn(lessons: Sequence[Lesson]) -> Turn | None:
    """Find the earliest moment since which nearly all say what hardly any said before."""
    if len(lessons) < LEAST:
        return None
    says, _ = Counter(each.says for each in lessons[-LEAST:]).most_common(1)[0]
    places = [place for place, each in enumerate(lessons) if each.says == says]
    for said_before, place in enumerate(places):
        since = [lessons[each] for each in places[said_before:]]
        after = len(lessons) - place
        if (
            after >= LEAST
            and len(since) >= SINCE * after
            and said_before <= BEFORE * place
            and _several(since)
        ):
            return Turn(lessons[place].at, says)
    return None


def _several(lessons: Sequence[Lesson]) -> bool:
    voices = Counter(each.by for each in lessons)
    return said_by_several(lessons) and max(voices.values()) <= LOUDEST * len(lessons)
