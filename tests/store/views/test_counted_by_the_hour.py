"""An admin's volumes are counted as tickets move; they say what counting every ticket would."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.store.codec import stamp
from bot.store.database import connect, reading
from bot.store.migrations.beyond_one_case import m063_counted_by_the_hour
from bot.store.views.readings import LIVE, SqliteReadings
from tests import builders as a

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.store.unit_of_work import Store

DAY, WEEK = timedelta(days=1), timedelta(days=7)
ENDS = (None, "by article", "by L2", "duplicate", "withdrawn")
STATES = ("open", "answered", "escalated", "resolved", "closed")


def came(db: Database, number: int, minutes: float) -> None:
    """A ticket came so many minutes ago."""
    at = stamp(a.NOON - timedelta(minutes=minutes))
    db.execute(
        "INSERT INTO tickets (id, team, channel, thread_ts, requester, question, asked_ts, "
        "opened_at, updated_at, state) VALUES (?, 'T', 'C', ?, 'U1', 'Help', '1.0', ?, ?, 'open')",
        [number, f"{number}.1", at, at],
    )


def moved(db: Database, chance: random.Random, number: int) -> None:
    """It goes some way, or is gone."""
    if chance.random() < 0.1:
        db.execute("DELETE FROM tickets WHERE id = ?", [number])
        return
    how = [
        chance.choice(STATES),
        chance.choice(ENDS),
        chance.choice((None, 1)),
        chance.choice((0, 1)),
    ]
    db.execute(
        "UPDATE tickets SET state = ?, resolution = ?, duplicate_of = ?, told_of_end = ? "
        "WHERE id = ?",
        [*how, number],
    )


def counted(db: Database) -> tuple[Any, ...]:
    """Count every ticket."""
    rows = db.execute(f"SELECT opened_at, resolution, {LIVE} AS live FROM tickets").fetchall()
    week = [row for row in rows if row["opened_at"] >= stamp(a.NOON - WEEK)]
    return (
        sum(row["opened_at"] >= stamp(a.NOON - DAY) for row in rows),
        len(week),
        sum(row["live"] for row in rows),
        Counter(row["resolution"] for row in week if row["resolution"]),
    )


def shown(store: Store) -> tuple[Any, ...]:
    """Ask as a Home does."""
    with reading(store.path) as db:
        found = SqliteReadings(db).volumes(a.NOON - DAY, a.NOON - WEEK)
    ends = Counter({str(how): count for how, count in found.settled_week})
    return found.opened_day, found.opened_week, found.open_now, ends


def lived(store: Store, seed: int) -> Database:
    """Let tickets come and move, with the edges of a day, of a week and of hours among them."""
    chance, db = random.Random(seed), connect(store.path)
    edges = [0, 59.99, 60, 1_440, 1_440.01, 1_439.99, 10_080, 10_080.01, 10_079.99]
    minutes = edges + [chance.uniform(0, 12_000) for _ in range(40)]
    for number, ago in enumerate(minutes, 1):
        came(db, number, ago)
    for _ in range(60):
        moved(db, chance, chance.randint(1, len(minutes)))
    db.conn.commit()
    return db


@pytest.mark.parametrize("seed", range(5))
def test_what_is_counted_by_the_hour_is_what_there_is(store: Store, seed: int) -> None:
    """Whatever moved, was reopened or deleted, to the minute."""
    db = lived(store, seed)
    assert shown(store) == counted(db)
    db.close()


def test_tickets_of_before_are_counted_too(store: Store) -> None:
    """The step of the database finds them."""
    db = lived(store, 7)
    before = shown(store)
    db.execute("DROP TABLE ticket_hours")
    for name in ("opened", "moved", "deleted"):
        db.execute(f"DROP TRIGGER ticket_hours_{name}")
    m063_counted_by_the_hour(db)
    db.conn.commit()
    db.close()
    assert shown(store) == before
