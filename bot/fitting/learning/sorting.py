"""What on record can be a lesson at all: in the order of time, each thing once, and of what is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.learning import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.desk.learning import Lesson

SAME = 50
"""So many of the same words that say the same are enough to see that several say so."""


@dataclass(frozen=True)
class Sorted:
    """What is weighed, and how much was left out before, by reason."""

    lessons: tuple[Lesson, ...]
    refused: Mapping[str, int]
    lost: frozenset[int] = frozenset()
    """Tickets whose article is no longer there."""


def sort_out(lessons: Sequence[Lesson], articles: Collection[str], held: Collection[str]) -> Sorted:
    """Leave out what cannot be a lesson.

    Args:
        lessons: all that there are.
        articles: the ids of those that are in the base now.
        held: the words of the frozen holdout, as `key_of` writes them.
    """
    refused: Counter[str] = Counter()
    said: Counter[tuple[object, ...]] = Counter()
    kept, lost = [], set()
    for each in sorted(lessons, key=lambda one: one.at, reverse=True):
        key = key_of(each.text)
        same = (key, each.says)
        own = (*same, each.by, each.asker)
        if key in held:
            refused[Refusal.HELD] += 1
        elif each.article and each.article not in articles:
            refused[Refusal.NO_ARTICLE] += 1
            lost.add(int(each.ticket))
        elif said[own] or said[same] >= SAME:
            refused[Refusal.COPY] += 1
        else:
            said.update((own, same))
            kept.append(each)
    counts = {str(why): count for why, count in refused.items()}
    return Sorted(tuple(reversed(kept)), counts, frozenset(lost))


def key_of(text: str) -> str:
    """Give words as they are compared."""
    return " ".join(text.casefold().split())
