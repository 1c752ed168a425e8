"""Dead letters: what was set aside, why, and what an admin does about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.ids import NoticeId, TicketId
from bot.store.audit import SqliteAudit
from bot.store.codec import stamp
from bot.store.database import marks_for, reading, transaction

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.store.outbox.rows import OutboxRow

ANY = 1_000_000
A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
COLUMNS = (
    "id, json_extract(opened(notice), '$.kind') AS kind, ticket, "
    'coalesce(only_for, channel) AS "to", error, created_at, set_aside_at, attempts'
)


@dataclass(frozen=True)
class Letter:
    """What was not sent: of what kind, to whom, why, and since when."""

    id: NoticeId
    kind: str
    ticket: TicketId | None
    to: str
    error: str | None
    created_at: str
    set_aside_at: str | None
    attempts: int


class DeadLetters:
    """Giving up on a notice, inside the unit of work that does something else instead."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock
        self.taken_up = 0

    def bury(self, row: OutboxRow, error: str) -> None:
        """Give up on a notice; `frontline outbox list` shows it."""
        self._db.execute(
            "UPDATE outbox SET state = 'dead', error = ?, set_aside_at = ? WHERE id = ?",
            [error, stamp(self._clock()), row.id],
        )

    def take_up(self, places: frozenset[str]) -> int:
        """Send again what a channel refused that is back, unless something else was done instead.

        Answers and cards went another way meanwhile; words for engineers, marks and changed
        messages did not. What belongs to no ticket is small talk: a day later nobody waits for it.
        """
        now = self._clock()
        marks = marks_for(places)
        given = [stamp(now), *places, *places, stamp(now - A_WEEK), stamp(now - A_DAY)]
        found = int(self._db.execute(TAKEN_UP.format(places=marks), given).rowcount)
        self.taken_up += found
        return found


TAKEN_UP = """
UPDATE outbox AS row
SET state = 'pending', attempts = 0, error = NULL, due = ?, set_aside_at = NULL
WHERE row.state = 'dead' AND row.only_for IS NULL
AND (row.channel IN ({places}) OR EXISTS (
  SELECT 1 FROM all_outbox AS anchor WHERE anchor.id = coalesce(row.edits, row.under)
  AND anchor.sent_channel IN ({places})))
AND (opened(row.error) LIKE '%is_archived%' OR opened(row.error) LIKE '%not_in_channel%'
  OR opened(row.error) LIKE '%channel_not_found%')
AND row.set_aside_at >= ?
AND (row.edits IS NOT NULL
  OR (row.ticket IS NULL AND row.set_aside_at >= ?)
  OR json_extract(opened(row.notice), '$.kind') IN ('handoff', 'thread_note', 'seen'))
"""


class Letters:
    """What was set aside or still waits, from the admin's side."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Work on a database file."""
        self._path = path
        self._clock = clock

    def set_aside(self, limit: int = ANY) -> tuple[Letter, ...]:
        """Give what could not be delivered, the oldest first."""
        return self._of("state = 'dead'", limit)

    def waiting(self, limit: int = ANY) -> tuple[Letter, ...]:
        """Give what still waits for Slack, the oldest first."""
        return self._of("state IN ('pending', 'in_flight', 'held')", limit)

    def waits_since(self) -> str | None:
        """Tell since when the oldest of these waits; None where nothing does."""
        with reading(self._path) as db:
            row = db.execute(
                "SELECT min(created_at) FROM outbox WHERE state IN ('pending', 'in_flight', 'held')"
            ).fetchone()
        return str(row[0]) if row[0] else None

    def resend(self, number: int) -> int:
        """Put a notice back where it was in the order, with what was lost with it.

        Gives how many are sent again.
        """
        with transaction(self._path) as db:
            self._note(db, number, "sent again by hand")
            return int(
                db.execute(
                    "UPDATE outbox SET state = 'pending', attempts = 0, error = NULL, "
                    "due = created_at, set_aside_at = NULL "
                    "WHERE state = 'dead' AND ? IN (id, under, edits)",
                    [number],
                ).rowcount
            )

    def drop(self, number: int) -> None:
        """Let go of a notice; it stays on record."""
        with transaction(self._path) as db:
            self._note(db, number, "dropped by hand")
            db.execute(
                "UPDATE outbox SET state = 'dropped' WHERE state = 'dead' AND id = ?", [number]
            )

    def _note(self, db: Database, number: int, what: str) -> None:
        row = db.execute(f"SELECT {COLUMNS} FROM outbox WHERE id = ?", [number]).fetchone()
        if row is not None and row["ticket"]:
            audit = SqliteAudit(db, self._clock)
            audit.note(TicketId(row["ticket"]), None, what, f"{row['kind']} to {row['to']}")

    def _of(self, condition: str, limit: int) -> tuple[Letter, ...]:
        with reading(self._path) as db:
            rows = db.execute(
                f"SELECT {COLUMNS} FROM outbox WHERE {condition} ORDER BY id LIMIT ?", [limit]
            ).fetchall()
        return tuple(Letter(*row) for row in rows)
