"""Five people agree on wrong articles: is what they press learned, and does it answer anybody?

On twelve topics and on what needs L3 they press *That solved it* under one article each, three
times an account and topic, in words of the shipped messages themselves: nearer to what is known
nobody can come. What the office asks of these topics goes on beside them, half of it settled
rightly; the other half is asked afterwards. A part of `python -m tests.bench.learning agreed`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId
from bot.desk.learning import Lesson
from bot.fitting.learning.candidate import Bench, learned_of, opinions_of, tried, weighed
from tests.bench.learning_drift import bench_of

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.fitting.learning.running import Setup
    from classifier.data.dataset import Message
    from kb.searching.base import Taught

ACCOUNTS = 5
TOPICS = 12
PRESSES = 15
"""On a topic: three of each account."""
ON_L3 = 30
DAYS = 10


@dataclass(frozen=True)
class Seen:
    """Of the honest questions on the topics: what comes first, shares of 1; and what was turned."""

    right: float
    wrong: float
    turned: int
    """So many wrong lessons overrule the shipped labels."""
    kept: int
    """So many are learned at all."""
    pressed: int


def topics_of(asked: Sequence[Message]) -> dict[str, str]:
    """Give what is asked most, and the wrong article of each: the next one's."""
    often = [name for name, _ in Counter(m.article for m in asked if m.article).most_common(TOPICS)]
    return dict(zip(often, [*often[1:], often[0]], strict=True))


def agreed(
    asked: Sequence[Message], shipped: Sequence[Message], now: datetime, draw: random.Random
) -> list[Lesson]:
    """Give what the five press within some days, the latest of all that is on record."""
    topics = topics_of(asked)
    words = [
        (each.text, wrong)
        for topic, wrong in topics.items()
        for each in draw.sample([m for m in shipped if m.article == topic], PRESSES)
    ]
    article = next(iter(topics))
    words += [
        (m.text, article) for m in draw.sample([m for m in shipped if m.label == "L3"], ON_L3)
    ]
    return [
        Lesson(
            TicketId(900_000 + number), text, "L1", wrong, 0.9,
            now - timedelta(days=draw.uniform(0, DAYS)), f"agreed{number % ACCOUNTS}",
            f"agreed{number % ACCOUNTS}",
        )
        for number, (text, wrong) in enumerate(words)
    ]  # fmt: skip


def look(
    setup: Setup,
    honest: Sequence[Lesson],
    theirs: Sequence[Lesson],
    asked: Sequence[Message],
    wrong: Mapping[str, str],
) -> tuple[Seen, Seen]:
    """Learn what is honest, and then all of it; ask the search each time."""
    bench = bench_of(setup)
    lessons = [*honest, *theirs]
    opinions = opinions_of(bench, lessons)
    without = learned_of(bench, honest, weighed(bench, honest, opinions[: len(honest)])).taught
    found = weighed(bench, lessons, opinions)
    with_them = learned_of(bench, lessons, found).taught
    mine = range(len(honest), len(lessons))
    turned, kept = len(found.turned & set(mine)), len(set(found.kept) & set(mine))
    return (
        Seen(*_first(bench, without, asked, wrong), 0, 0, 0),
        Seen(*_first(bench, with_them, asked, wrong), turned, kept, len(theirs)),
    )


def _first(
    bench: Bench, taught: Taught, asked: Sequence[Message], wrong: Mapping[str, str]
) -> tuple[float, float]:
    with tried(bench, bench.base, taught) as both:
        hits = both.base.search_batch([each.text for each in asked], top=1)
    pairs = [
        (one[0].article if one else "", str(m.article)) for one, m in zip(hits, asked, strict=True)
    ]
    right = sum(first == own for first, own in pairs)
    return right / len(pairs), sum(first == wrong[own] for first, own in pairs) / len(pairs)
