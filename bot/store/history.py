"""What is settled leaves the tables that are worked on, in small steps; it stays on record.

The views `all_inbox` and `all_outbox` see both: events are recognised, and messages edited and
answered under, however long ago they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.ids import HOME
from bot.store.codec import stamp
from bot.store.database import reading, transaction
from bot.store.privacy.shares import let_go

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock

AT_HAND = timedelta(hours=1)
"""So long what is settled stays where it was: most follows within the hour."""
A_STEP = 200
"""So many rows are moved in one transaction; others write in between."""


@dataclass(frozen=True)
class Shelf:
    """A table, and where its settled rows go."""

    table: str
    settled: str
    """As in the index on the time at which they were settled."""
    since: str
    waits: str = "state = 'pending'"
    """For whom there is no time for putting away; targets outside Slack are not among them."""

    @property
    def history(self) -> str:
        """The table of those that are settled."""
        return f"{self.table}_history"


SHELVES = (
    Shelf("inbox", "state = 'done'", "finished_at"),
    Shelf("outbox", "state = 'sent'", "sent_at", "state = 'pending' AND urgency < 4"),
    Shelf(
        "outbox",
        "state IN ('skipped', 'dropped')",
        "created_at",
        "state = 'pending' AND urgency < 4",
    ),
)


class History:
    """Moves what is settled."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Work on a database file."""
        self._path = path
        self._clock = clock

    def step(self, limit: int = A_STEP) -> int:
        """Move some rows of each table, where nobody waits for anything; gives how many."""
        now = self._clock()
        if self._is_busy(stamp(now)):
            return 0
        let_go(self._path, now)
        before = stamp(now - AT_HAND)
        return sum(self._move(shelf, before, limit) for shelf in SHELVES)

    def _is_busy(self, now: str) -> bool:
        """Whether somebody waits for something: then there is no time for putting away."""
        with reading(self._path) as db:
            return any(
                db.execute(
                    f"SELECT 1 FROM {shelf.table} WHERE {shelf.waits} AND due <= ? LIMIT 1",
                    [now],
                ).fetchone()
                for shelf in SHELVES
            )

    def _move(self, shelf: Shelf, before: str, limit: int) -> int:
        with reading(self._path) as db:
            due = db.execute(
                f"SELECT id FROM {shelf.table} WHERE {shelf.settled} AND {shelf.since} < ? "
                f"ORDER BY {shelf.since} LIMIT ?",
                [before, limit],
            ).fetchall()
        if not due:
            return 0
        numbers = [row["id"] for row in due]
        these = f"id IN ({', '.join('?' * len(numbers))}) AND {shelf.settled}"
        with transaction(self._path) as db:
            columns = ", ".join(_shared(db, shelf))
            # An old Home is of no use as a record.
            kept = f" AND channel NOT LIKE '{HOME}%'" if shelf.table == "outbox" else ""
            db.execute(
                f"INSERT INTO {shelf.history} ({columns}) "
                f"SELECT {columns} FROM {shelf.table} WHERE {these}{kept}",
                numbers,
            )
            db.execute(f"DELETE FROM {shelf.table} WHERE {these}", numbers)
        return len(numbers)


def _shared(db: Database, shelf: Shelf) -> list[str]:
    """The columns of both: a later step of the migrations may add one to the first alone."""
    found = [
        {row["name"] for row in db.execute("SELECT name FROM pragma_table_info(?)", [table])}
        for table in (shelf.table, shelf.history)
    ]
    return sorted(found[0] & found[1])
