"""Histories of tickets at the edges of blocks, written straight into the tables."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.desk.figures import First, Period
from bot.store.codec import stamp
from bot.store.database import connect
from bot.store.figures.blocks import SIZE
from bot.store.figures.keeping import keep_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlite_utils import Database

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
PERIOD = Period(NOW - timedelta(days=30), NOW, ZONE.key)
EDGES = (SIZE - 1, SIZE, SIZE + 1, 2 * SIZE - 1, 2 * SIZE, 2 * SIZE + 1, 5 * SIZE)
"""Tickets at the edges of blocks, one of which is empty."""
PEOPLE = ("U0ANA00001", "U0BEN00001")
ENGINEERS = ("U0TOM00001", "U0MEI00001")
ARTICLES = ("vpn", 'the "badge"', "ürlaub")
MOVES = ("resolved", "taken", "replied to the requester", "asked the requester", "closed")


class Move(NamedTuple):
    """Something is done with a ticket, so many hours before now."""

    what: str
    ticket: int
    hours: int
    pick: int


moves = st.builds(
    Move,
    st.sampled_from([
        "opened", "shown", "failed", "resolution", "state", "priority", "reopened", "restricted",
        "duplicate", "requester", "asked", "confirmed", "called", "handled", "taken back",
        "noted", "expired", "gone", "kept",
    ]),
    st.sampled_from(EDGES),
    st.integers(0, 800),
    st.integers(0, 11),
)  # fmt: skip


def at(hours: int) -> str:
    """An instant so many hours before now."""
    return stamp(NOW - timedelta(hours=hours))


def _set(column: str, *values: object) -> Callable[[Database, Move], None]:
    def change(db: Database, move: Move) -> None:
        value = values[move.pick % len(values)]
        db.execute(f"UPDATE tickets SET {column} = ? WHERE id = ?", [value, move.ticket])

    return change


def _opened(db: Database, move: Move) -> None:
    if db.execute("SELECT 1 FROM tickets WHERE id = ?", [move.ticket]).fetchone():
        return
    db.execute(
        "INSERT INTO tickets (id, team, channel, thread_ts, requester, question, "
        "asked_ts, opened_at, updated_at, state) VALUES (?, 'T', 'C', ?, ?, '?', ?, ?, ?, 'open')",
        [move.ticket, f"{move.ticket}.0", PEOPLE[move.pick % 2],
         f"{(NOW - timedelta(hours=move.hours, seconds=move.pick)).timestamp():.6f}",
         at(move.hours), at(move.hours)],
    )  # fmt: skip
    _audit(db, move.ticket, move.hours, "opened", [*First][move.pick % 3].value)


def _audit(db: Database, ticket: int, hours: int, what: str, details: str = "") -> None:
    row = [ticket, at(hours), what, details]
    db.execute("INSERT INTO audit (ticket, at, what, details) VALUES (?, ?, ?, ?)", row)


def _called(db: Database, move: Move) -> None:
    tier = ("L2", "L3")[move.pick % 2]
    db.execute(
        "INSERT INTO escalations (ticket, tier, group_name, state, reasons, opened_at, updated_at) "
        "SELECT id, ?, ?, 'pending', '[]', ?, ? FROM tickets WHERE id = ? AND NOT EXISTS "
        "(SELECT 1 FROM escalations WHERE ticket = ? AND state IN ('pending', 'acknowledged'))",
        [tier, f"{tier}-{move.pick % 3}", at(move.hours), at(move.hours), move.ticket, move.ticket],
    )


def _handled(db: Database, move: Move) -> None:
    state = ("acknowledged", "resolved", "escalated")[move.pick % 3]
    who = ENGINEERS[move.pick % 2]
    db.execute(
        "UPDATE escalations SET state = ?, assignee = ?, settled_by = ?, updated_at = ? "
        "WHERE id = (SELECT max(id) FROM escalations WHERE ticket = ?)",
        [state, who, who if state == "resolved" else None, at(move.hours), move.ticket],
    )


def _expired(db: Database, move: Move) -> None:
    db.execute("INSERT INTO erasing (since) VALUES ('now')")
    db.execute(
        "DELETE FROM audit WHERE ticket = ? AND what <> ?",
        [move.ticket, ("opened", "resolved")[move.pick % 2]],
    )
    db.execute("DELETE FROM erasing")


def _gone(db: Database, move: Move) -> None:
    if move.pick % 4 == 0:
        db.execute("UPDATE tickets SET duplicate_of = NULL WHERE duplicate_of = ?", [move.ticket])
        db.execute("DELETE FROM escalations WHERE ticket = ?", [move.ticket])
        db.execute("DELETE FROM tickets WHERE id = ?", [move.ticket])
        db.execute("DELETE FROM ticket_words WHERE rowid = ?", [move.ticket])
        db.execute("INSERT INTO erasing (since) VALUES ('now')")
        db.execute("DELETE FROM audit WHERE ticket = ?", [move.ticket])
        db.execute("DELETE FROM erasing")


def _duplicate(db: Database, move: Move) -> None:
    original = EDGES[move.pick % len(EDGES)]
    db.execute(
        "UPDATE tickets SET duplicate_of = (SELECT id FROM tickets WHERE id = ? AND id < ?) "
        "WHERE id = ?",
        [original, move.ticket, move.ticket],
    )


DONE: dict[str, Callable[[Database, Move], None]] = {
    "opened": _opened,
    "shown": _set("articles_shown", *(json.dumps([*ARTICLES][: n + 1]) for n in range(3)), "[]"),
    "failed": _set("articles_failed", *(json.dumps([each]) for each in ARTICLES), "[]"),
    "resolution": _set("resolution", "by article", "by L2", "by L3", "no reply", None),
    "state": _set("state", "open", "answered", "resolved", "closed"),
    "priority": _set("priority", "P1", "P2", "P4", None),
    "reopened": _set("reopened", 0, 1, 2),
    "restricted": _set("restricted_to", None, "l2", None),
    "duplicate": _duplicate,
    "requester": _set("requester", *PEOPLE),
    "asked": _set("asked_ts", "1.0", f"{(NOW - timedelta(days=3)).timestamp():.6f}"),
    "confirmed": _set("confirmed", 0, 1),
    "called": _called,
    "handled": _handled,
    "taken back": lambda db, move: db.execute(  # type: ignore[dict-item,return-value]
        "DELETE FROM escalations WHERE ticket = ? AND state = 'pending'", [move.ticket]
    ),
    "noted": lambda db, move: _audit(
        db, move.ticket, move.hours, MOVES[move.pick % len(MOVES)]
    ),
    "expired": _expired,
    "gone": _gone,
}  # fmt: skip


def lived(path: Path, history: Sequence[Move]) -> None:
    """Let a history happen; what is kept of it is kept when it says so."""
    db = connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO erasing (since) VALUES ('now')")
    for table in ("escalations", "tickets", "ticket_words", "figure_blocks", "audit", "erasing"):
        db.execute(f"DELETE FROM {table}")
    for ticket in EDGES[::2]:
        _opened(db, Move("opened", ticket, ticket % 700, ticket))
    for move in history:
        if move.what == "kept":
            db.conn.commit()
            keep_blocks(path)
            db.execute("BEGIN IMMEDIATE")
        else:
            DONE[move.what](db, move)
    db.conn.commit()
    db.close()
