"""How often answers were right, counted by SQLite: as one would count it by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.learning import Precision, Share
from bot.store.database import connect, migrate
from bot.store.learning.audits import SqliteAudits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlite_utils import Database

SINCE = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = ("2026-03-01T09:00:00.000000+00:00", "2026-03-03T09:00:00.000000+00:00")
ARTICLES = ("vpn", 'the "badge"', "it's", "ürlaub")
Row = tuple[str, list[str], list[str], str | None, bool, int | None]
rows = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.lists(st.sampled_from(ARTICLES), max_size=3),
        st.lists(st.sampled_from(ARTICLES), max_size=2),
        st.sampled_from(["by article", "no reply", "by L2", None]),
        st.booleans(),
        st.sampled_from([None, 0, 1]),
    ),
    max_size=8,
)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A desk without a ticket."""
    migrate(tmp_path / "desk.db")
    return connect(tmp_path / "desk.db")


def write(db: Database, some: Sequence[Row]) -> None:
    """Write tickets, and an answer of each that was looked over."""
    for number, (at, shown, failed, resolution, restricted, right) in enumerate(some, start=2000):
        db.execute(
            "INSERT INTO tickets (id, team, channel, thread_ts, requester, question, asked_ts, "
            "opened_at, updated_at, state, resolution, articles_shown, articles_failed, "
            "restricted_to) VALUES (?, 'T', 'C', ?, 'U', '?', '1.0', ?, ?, 'closed', ?, ?, ?, ?)",
            [number, f"{number}.0", at, at, resolution, json.dumps(shown), json.dumps(failed),
             "l2" if restricted else None],
        )  # fmt: skip
        db.execute(
            "INSERT INTO looked_over (ticket, article, asked_at, is_right) VALUES (?, 'vpn', ?, ?)",
            [number, at, right],
        )


def by_hand(some: Sequence[Row]) -> Precision:
    """Count it in Python."""
    right = looked = confirmed = failures = silent = 0
    for at, shown, failed, resolution, restricted, found in some:
        if at == DAYS[0] or restricted:
            continue
        looked += found is not None
        right += found or 0
        if shown:
            standing = bool(set(shown) - set(failed))
            failures += len(failed)
            confirmed += standing and resolution == "by article"
            silent += standing and resolution == "no reply"
    return Precision(Share(right, looked), Share(confirmed, confirmed + failures), silent)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some=rows)
def test_it_is_counted_as_by_hand(db: Database, some: list[Row]) -> None:
    """What is restricted counts for nobody, neither what requesters nor what engineers say."""
    db.execute("BEGIN IMMEDIATE")
    write(db, some)
    assert SqliteAudits(db, lambda: SINCE).precision(SINCE) == by_hand(some)
    db.conn.rollback()
