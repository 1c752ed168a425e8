"""Timers in SQLite: rows with a due time, found by index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.ids import EscalationId, TicketId
from bot.desk.promises import Promise, Timer, TimerId, TimerKind
from bot.store.codec import moment, stamp, why_unreadable
from bot.store.database import Glance, add, marks_for, transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.desk.promises import DueRung

SILENCE = frozenset({TimerKind.NUDGE_REQUESTER.value, TimerKind.CLOSE_SILENT.value})
"""The timers that run because somebody says nothing."""
KINDS = frozenset(each.value for each in TimerKind)
PROMISES = frozenset({None, *(each.value for each in Promise)})


class TimerRows:
    """The timers table inside a unit of work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock
        self.written = 0

    def set(
        self,
        ticket: TicketId,
        escalation: EscalationId | None,
        kind: TimerKind,
        due: datetime,
        *,
        promise: Promise | None = None,
        always: bool = False,
    ) -> None:
        """Set a timer; `always` where the night counts."""
        self.written += 1
        add(self._db, "timers", _set(ticket, escalation, kind, due, promise, always=always))

    def climb(
        self, ticket: TicketId, escalation: EscalationId, rungs: Iterable[DueRung], *, always: bool
    ) -> None:
        """Set the timers of a ladder, all at once."""
        rows = [
            _set(
                ticket,
                escalation,
                TimerKind(each.rung.what.value),
                each.at,
                each.rung.promise,
                always=always,
            )
            for each in rungs
        ]
        self.written += len(rows)
        add(self._db, "timers", *rows)

    def get(self, timer: TimerId) -> Timer | None:
        """Find a timer that is still set; None where it fired or was cancelled."""
        row = self._db.execute(
            "SELECT * FROM timers WHERE id = ? AND state = 'set'", [timer]
        ).fetchone()
        return _timer(row) if row else None

    def of(self, ticket: TicketId) -> tuple[Timer, ...]:
        """Give the timers of a ticket that are still set, the next first."""
        rows = self._db.execute(
            "SELECT * FROM timers WHERE ticket = ? AND state = 'set' ORDER BY due", [ticket]
        ).fetchall()
        return tuple(_timer(row) for row in rows if is_readable(row))

    def fired(self, timer: TimerId) -> None:
        """Record that a timer has done its work."""
        self._end(timer, "fired")

    def pause(self, timer: TimerId, left: timedelta) -> None:
        """Stop a timer with so much time left on it."""
        self._db.execute(
            "UPDATE timers SET state = 'paused', left_s = ? WHERE id = ? AND state = 'set'",
            [left.total_seconds(), timer],
        )

    def paused(self, ticket: TicketId) -> tuple[tuple[Timer, timedelta], ...]:
        """Give a ticket's timers that stand, each with the time left on it."""
        rows = self._db.execute(
            "SELECT * FROM timers WHERE ticket = ? AND state IN ('set', 'paused') "
            "AND state = 'paused' ORDER BY left_s",
            [ticket],
        ).fetchall()
        return tuple(
            (_timer(row), timedelta(seconds=row["left_s"])) for row in rows if is_readable(row)
        )

    def resume(self, timer: TimerId, due: datetime) -> None:
        """Let a timer that stands run on."""
        self.written += 1
        self._db.execute(
            "UPDATE timers SET state = 'set', left_s = NULL, due = ? "
            "WHERE id = ? AND state = 'paused'",
            [stamp(due), timer],
        )

    def postpone(self, timer: TimerId, due: datetime, error: str | None = None) -> None:
        """Try a timer again later; after an error, the admin is shown why."""
        self._db.execute(
            "UPDATE timers SET due = ?, error = ? WHERE id = ? AND state = 'set'",
            [stamp(due), error, timer],
        )

    def cancel(self, timer: TimerId) -> None:
        """Cancel a timer."""
        self._end(timer, "cancelled")

    def cancel_all(
        self,
        ticket: TicketId,
        kinds: Collection[TimerKind],
        promises: Collection[Promise] | None = None,
    ) -> None:
        """Cancel a ticket's timers of these kinds, of these promises where any are given."""
        where, values = f"kind IN ({marks_for(kinds)})", [kind.value for kind in kinds]
        if promises is not None:
            where += f" AND promise IN ({marks_for(promises)})"
            values += [promise.value for promise in promises]
        self._db.execute(
            "UPDATE timers SET state = 'cancelled', ended_at = ? "
            f"WHERE ticket = ? AND state IN ('set', 'paused') AND {where}",
            [stamp(self._clock()), ticket, *values],
        )

    def _end(self, timer: TimerId, state: str) -> None:
        self._db.execute(
            "UPDATE timers SET state = ?, ended_at = ? "
            "WHERE id = ? AND state NOT IN ('fired', 'aside')",
            [state, stamp(self._clock()), timer],
        )


@dataclass(frozen=True)
class UnreadableTimer:
    """A timer that is due and that this version cannot read."""

    id: TimerId
    ticket: TicketId
    reason: str
    is_anothers: bool = False
    """Another version set it, which may live."""


class Timers:
    """The timers table from the worker's side."""

    def __init__(self, path: Path, clock: Clock, glance: Glance | None = None) -> None:
        """Work on a database file."""
        self._path = path
        self._glance = glance or Glance(path)
        self._clock = clock

    def next(self) -> Timer | UnreadableTimer | None:
        """Give the timer that is due longest; None where none is due."""
        rows = self._glance.rows(
            "SELECT * FROM timers WHERE state = 'set' AND due <= ? ORDER BY due LIMIT 1",
            [stamp(self._clock())],
        )
        if not rows:
            return None
        row = rows[0]
        try:
            return _timer(row)
        except ValueError as failure:
            reason = why_unreadable(failure)
            is_anothers = row["kind"] not in KINDS or row["promise"] not in PROMISES
            return UnreadableTimer(TimerId(row["id"]), TicketId(row["ticket"]), reason, is_anothers)

    def shift(self, every: timedelta, silence: timedelta) -> int:
        """Move every timer that is set, those that await a requester's word by more."""
        with transaction(self._path) as db:
            rows = db.execute("SELECT id, kind, due FROM timers WHERE state = 'set'").fetchall()
            moved = [
                (stamp(moment(row["due"]) + by), row["id"])
                for row in rows
                if (by := every + (silence if row["kind"] in SILENCE else timedelta()))
            ]
            db.conn.executemany("UPDATE timers SET due = ? WHERE id = ?", moved)
            db.execute(
                "UPDATE escalations SET snoozed_until = (SELECT max(due) FROM timers "
                "WHERE escalation = escalations.id AND kind = 'snooze over' AND state = 'set') "
                "WHERE snoozed_until IS NOT NULL AND EXISTS (SELECT 1 FROM timers "
                "WHERE escalation = escalations.id AND kind = 'snooze over' AND state = 'set')"
            )
        return len(moved)

    def next_due(self) -> str | None:
        """Tell when the next timer falls due."""
        rows = self._glance.rows("SELECT due FROM timers WHERE state = 'set' ORDER BY due LIMIT 1")
        return str(rows[0]["due"]) if rows else None


def _set(
    ticket: TicketId,
    escalation: EscalationId | None,
    kind: TimerKind,
    due: datetime,
    promise: Promise | None,
    *,
    always: bool,
) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "escalation": escalation,
        "kind": kind.value,
        "promise": promise.value if promise else None,
        "always": int(always),
        "due": stamp(due),
        "state": "set",
    }


def is_readable(row: sqlite3.Row) -> bool:
    """Tell whether this version knows what a timer is about."""
    try:
        _timer(row)
    except ValueError:
        return False
    return True


def _timer(row: sqlite3.Row) -> Timer:
    return Timer(
        id=TimerId(row["id"]),
        ticket=TicketId(row["ticket"]),
        escalation=EscalationId(row["escalation"]) if row["escalation"] else None,
        kind=TimerKind(row["kind"]),
        due=moment(row["due"]),
        promise=Promise(row["promise"]) if row["promise"] else None,
        always=bool(row["always"]),
    )
