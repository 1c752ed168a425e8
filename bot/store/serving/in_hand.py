"""Rows that a process has in hand: whose they are, and what becomes of those that it let fall."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.desk.errors import FrontlineError
from bot.store.codec import stamp
from bot.store.database import LEASE, reading, transaction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

ALONE = 0
"""The number of a process that nobody works beside."""

IN_HAND = "state IN ('pending', 'in_flight') AND state = 'in_flight'"
"""As in the indexes on what is worked on."""


class TakenUpError(FrontlineError):
    """Another process took the row up meanwhile, or it was finished before; nothing is written."""


class Taking:
    """A transaction in which a row is taken in hand, on a lease."""

    def __init__(self, db: Database, table: str, holder: int, lease: str) -> None:
        """Take rows of a table for this holder."""
        self.db = db
        self.lease = lease
        self.taken: list[int] = []
        self._sql = (
            f"UPDATE {table} SET state = 'in_flight', attempts = attempts + 1, holder = {holder}, "
            "due = ? WHERE id = ?"
        )

    def take(self, row: int) -> None:
        """Take a row."""
        self.db.execute(self._sql, [self.lease, row])
        self.taken.append(row)


class InHand:
    """What a process has in hand of a table, and what fell: what is in nobody's hands.

    Where the database was away, a row may have been taken without anybody's knowing, or could not
    be put back. It would wait for the end of its lease, and its ticket with it; so whoever takes
    the next row puts back what fell. The end of the lease tells whether it is in other hands.
    """

    def __init__(self, path: Path, table: str, holder: int, also: str = "") -> None:
        """Name the table and the holder; what is put back is `also` changed like this."""
        self.holder = holder
        self._path = path
        self._table = table
        self._put_back = (
            f"UPDATE {table} SET state = 'pending', holder = {ALONE}, due = ?{also} "
            f"WHERE {IN_HAND} AND"
        )
        self._fallen: set[tuple[int, str]] = set()
        self._lock = threading.Lock()

    @property
    def some_fell(self) -> bool:
        """Whether there is something to put back."""
        return bool(self._fallen)

    def let_fall(self, *rows: tuple[int, str]) -> None:
        """Note of rows, with the ends of their leases, that they are in nobody's hands."""
        with self._lock:
            self._fallen.update(rows)

    @contextmanager
    def taking(self, now: datetime) -> Iterator[Taking]:
        """Write, and take rows in hand; first what fell is put back."""
        with self._lock:
            fallen = sorted(self._fallen)
        lease = stamp(now + LEASE)
        taken: list[int] = []
        try:
            with transaction(self._path, lasting=False) as db:
                for row, end in fallen:
                    db.execute(f"{self._put_back} id = ? AND due = ?", [stamp(now), row, end])
                taking = Taking(db, self._table, self.holder, lease)
                taken = taking.taken
                yield taking
        except BaseException:
            # Perhaps it was committed all the same.
            self.let_fall(*((row, lease) for row in taken))
            raise
        with self._lock:
            self._fallen.difference_update(fallen)

    def holders(self) -> set[int]:
        """Name those in whose hands something is."""
        sql = f"SELECT DISTINCT holder FROM {self._table} WHERE {IN_HAND}"
        with reading(self._path) as db:
            return {int(row[0]) for row in db.execute(sql)}

    def take_up(self, gone: Collection[int], now: datetime) -> int:
        """Let be taken again what these had in hand, who are no more; gives how many rows."""
        marks = ", ".join("?" * len(gone))
        with transaction(self._path) as db:
            sql = f"{self._put_back} holder IN ({marks})"
            return int(db.execute(sql, [stamp(now), *gone]).rowcount)
