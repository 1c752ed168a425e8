"""Figures of random histories against a slow count, ticket by ticket, as one would do by hand."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.figures import FEW, Deflected, First, Settler, Spread
from bot.desk.learning import Share
from bot.desk.promises import Promise
from bot.desk.tiers import Tier
from bot.scrubbing.scrubber import RuleScrubber
from bot.store.database import connect, migrate
from bot.store.figures.blocks import SIZE, kept
from bot.store.figures.figures import SqliteFigures
from bot.store.figures.keeping import keep_blocks
from bot.store.keeping.forgetting import Forgetting
from tests.store.figures.histories import EDGES, NOW, PEOPLE, PERIOD, ZONE, Move, lived, moves

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.figures import Counted

WEEK, DAY = timedelta(days=7), timedelta(days=1)
SETTLERS = {"by article": Settler.ARTICLE, "by L2": Settler.L2, "by L3": Settler.L3}


class Slow:
    """Everything of the period in Python's own lists, counted one by one."""

    def __init__(self, db: Database) -> None:
        """Read all."""
        rows = [dict(row) for row in db.execute("SELECT * FROM tickets ORDER BY id").fetchall()]
        self.tickets = [
            row
            for row in rows
            if row["restricted_to"] is None and PERIOD.since <= _at(row["opened_at"]) < NOW
        ]
        self.calls = defaultdict(list)
        for row in db.execute("SELECT * FROM escalations ORDER BY id").fetchall():
            self.calls[row["ticket"]].append(dict(row))
        self.trail = defaultdict(list)
        for row in db.execute("SELECT * FROM audit ORDER BY at, id").fetchall():
            self.trail[row["ticket"]].append((row["what"], _at(row["at"]), row["details"]))

    def tier(self, ticket: dict[str, Any]) -> int:
        """The highest tier that had it."""
        return max([1, *(int(call["tier"][1]) for call in self.calls[ticket["id"]])])

    def settled_at(self, ticket: dict[str, Any]) -> datetime | None:
        """When it was settled last."""
        found = [at for what, at, _ in self.trail[ticket["id"]] if what == "resolved"]
        return max(found, default=None)

    def again(self, ticket: dict[str, Any]) -> bool:
        """Whether its requester came back with it."""
        shown = json.loads(ticket["articles_shown"])
        began = _at(ticket["opened_at"])
        for other in self.tickets:
            if other["requester"] != ticket["requester"] or other["id"] == ticket["id"]:
                continue
            if other["duplicate_of"] == ticket["id"]:
                return True
            later = _at(other["opened_at"]) - began
            # Of two that came in one second the number tells which came first.
            follows = later > timedelta(0) or (later == timedelta(0) and other["id"] > ticket["id"])
            articles = json.loads(other["articles_shown"])
            if follows and shown and articles and articles[-1] == shown[-1] and later <= WEEK:
                return True
            is_called = self.tier(other) > 1 and self.tier(ticket) == 1
            if shown and is_called and timedelta(0) < later <= DAY:
                return True
        return False

    def deflected(self) -> Counter[Deflected]:
        """What came of what was shown an article."""
        found: Counter[Deflected] = Counter()
        for each in self.tickets:
            if each["articles_shown"] == "[]":
                continue
            if self.tier(each) > 1:
                found[Deflected.CALLED] += 1
            elif self.again(each) or each["reopened"]:
                found[Deflected.ASKED_AGAIN] += 1
            elif each["resolution"] == "by article":
                found[Deflected.CONFIRMED] += 1
            elif each["resolution"] == "no reply":
                found[Deflected.SILENT] += 1
        return found

    def lasting(self) -> dict[Settler, Share]:
        """What stayed settled for a week, of what was settled that long ago."""
        found = {settler: [0, 0] for settler in Settler}
        for each in self.tickets:
            settler, at = SETTLERS.get(each["resolution"]), self.settled_at(each)
            if settler is not None and at is not None and at <= NOW - WEEK:
                found[settler][0] += not (each["reopened"] or self.again(each))
                found[settler][1] += 1
        return {settler: Share(*counts) for settler, counts in found.items()}

    def resolved(self) -> dict[tuple[Tier, str], list[float]]:
        """How long it took until it was resolved, by tier and priority."""
        found: dict[tuple[Tier, str], list[float]] = defaultdict(list)
        for each in self.tickets:
            priority, at = each["priority"] or "", self.settled_at(each)
            if self.tier(each) == 1 and each["resolution"] == "by article" and at is not None:
                took = at - _at(each["opened_at"])
                found[Tier.L1, priority].append(took.total_seconds())
            for call in self.calls[each["id"]]:
                if call["settled_by"] is not None:
                    took = _at(call["updated_at"]) - _at(call["opened_at"])
                    found[Tier(call["tier"]), priority].append(took.total_seconds())
        forward = {key: sorted(s for s in some if s >= 0) for key, some in found.items()}
        return {key: some for key, some in forward.items() if some}

    def days(self) -> Counter[tuple[Any, Tier]]:
        """How many came on which day."""
        tiers = {1: Tier.L1, 2: Tier.L2, 3: Tier.L3}
        return Counter(
            (_at(each["opened_at"]).astimezone(ZONE).date(), tiers[self.tier(each)])
            for each in self.tickets
        )

    def first(self) -> Counter[First]:
        """What was done first."""
        found = [self.trail[each["id"]] for each in self.tickets]
        return Counter(First(how) for some in found for what, _, how in some if what == "opened")


def _at(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)


def spread(seconds: Sequence[float]) -> Spread:
    """Median and ninth tenth, as the report gives them."""
    if len(seconds) < FEW:
        return Spread(len(seconds))
    half, most = (seconds[min(int(len(seconds) * s), len(seconds) - 1)] for s in (0.5, 0.9))
    return Spread(len(seconds), timedelta(seconds=half), timedelta(seconds=most))


def agree(db: Database) -> None:
    """Tell that the report says what was counted slowly."""
    found, slow = counted(db), Slow(db)
    assert found.tickets == len(slow.tickets)
    assert {key: count.number for key, count in found.by_day.items()} == slow.days()
    parts = {each: part.share.hits for each, part in found.deflected.items() if part.share.hits}
    assert parts == slow.deflected()
    assert {each: part.share for each, part in found.lasting.items()} == slow.lasting()
    assert {e: p.share.hits for e, p in found.first.items() if p.share.hits} == slow.first()
    times = {
        key: timed.spread
        for key, timed in found.times[Promise.RESOLVE].items()
        if timed.spread.of
    }  # fmt: skip
    assert times == {key: spread(some) for key, some in slow.resolved().items()}


def counted(db: Database) -> Counted:
    """Count the period."""
    return SqliteFigures(db, lambda *_: None).counted(PERIOD, ZONE, {})


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk on which histories happen, one after the other."""
    path = tmp_path_factory.mktemp("recount") / "desk.db"
    migrate(path)
    return path


def opened(ticket: int, hours: int, pick: int) -> Move:
    """Somebody asks."""
    return Move("opened", ticket, hours, pick)


@pytest.mark.rare
@settings(max_examples=150, deadline=None)
@given(history=st.lists(moves, min_size=10, max_size=60))
def test_figures_are_those_of_a_slow_count(path: Path, history: list[Move]) -> None:
    """Volumes, endings, what lasted, first steps and times; the kept ones among them."""
    everybody = [opened(each, each % 700, each % 7) for each in EDGES]
    lived(path, [*everybody, *history[::2], Move("kept", 0, 0, 0), *history[1::2]])
    db = connect(path)
    agree(db)
    db.close()


def test_percentiles_are_exact(path: Path) -> None:
    """Of more than a few, on both sides of a block's edge."""
    numbers = range(SIZE - 12, SIZE + 12)
    steps = [
        step
        for place, number in enumerate(numbers)
        for step in (
            opened(number, 100 + place, 0),
            Move("called", number, 90, 0),
            Move("handled", number, 80 - place * place % 41, 1),
        )
    ]
    lived(path, [*steps, opened(5 * SIZE, 1, 0), Move("kept", 0, 0, 0)])
    db = connect(path)
    assert kept(db)
    agree(db)
    timed = counted(db).times[Promise.RESOLVE][Tier.L2, ""].spread
    assert timed.of == 24
    assert timed.median is not None
    db.close()


@pytest.mark.rare
def test_whoever_is_forgotten_is_in_no_block(tmp_path: Path) -> None:
    """What is kept of their tickets goes with their name; the figures stay."""
    path = tmp_path / "desk.db"
    migrate(path)
    lived(path, [opened(each, 50, 1) for each in EDGES] + [Move("kept", 0, 0, 0)])
    db = connect(path)
    before = counted(db)
    assert kept(db)
    done = Forgetting(path, lambda: NOW, RuleScrubber(), PEOPLE[1]).run()
    assert done.left == ()
    rows = db.execute("SELECT id FROM tickets WHERE requester LIKE 'UGONE%'").fetchall()
    theirs = {int(row[0]) // SIZE for row in rows}
    assert theirs
    assert not theirs & kept(db)
    keep_blocks(path)
    assert counted(db).by_day == before.by_day
    agree(db)
    db.close()
