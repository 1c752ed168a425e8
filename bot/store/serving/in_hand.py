"""Rows that a process has in hand: whose they are, and what becomes of those that it let fall."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.desk.errors import FrontlineError
from bot.store.codec import stamp
from bot.store.database import LEASE, Glance, marks_for, reading, server_of, transaction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

ALONE = 0
"""The number of a process that nobody works beside."""

ON_ITS_WAY = timedelta(seconds=2)
"""So long what a process sent just before it died may take to arrive where it is looked for."""

IN_HAND = "state IN ('pending', 'in_flight') AND state = 'in_flight'"
"""As in the indexes on what is worked on."""

A_TICK = timedelta(microseconds=1)


class TakenUpError(FrontlineError):
    """Another process took the row up meanwhile, or it was finished before; nothing is written."""


class Besides(NamedTuple):
    """What waits besides what was taken: whether any is due, and when the next falls due."""

    is_any_due: bool
    next_due: str | None


NEVER_LOOKED = Besides(is_any_due=True, next_due=None)
"""Of a thread that was stopped, or is, before its first look: somebody has to."""


@dataclass(frozen=True)
class Look:
    """What is looked for: the row that is next, and what there is besides, in one statement.

    `next` finds one row or none, `columns` are its own; `besides` is selected beside them, and
    given where there is no row too: at least `others` and `next_due`.
    """

    next: str
    values: list[Any]
    columns: tuple[str, ...]
    besides: str
    values_besides: list[Any] = field(default_factory=list)

    def sql(self, locks: str = "", takes: str = "") -> str:
        """Write it down; a server is told how the row is locked, and what takes it."""
        columns = ", ".join(f"next.{column}" for column in self.columns)
        return (
            f"WITH next AS ({self.next}{locks}){takes} SELECT {columns}, {self.besides} "
            "FROM (SELECT 1 AS one) AS one LEFT JOIN next ON 1 = 1"
        )


class Taking:
    """A transaction in which a row is taken in hand, on a lease."""

    def __init__(self, db: Database, takes: str, lease: str, in_hand: set[tuple[int, str]]) -> None:
        """Take rows by a statement, on a lease; what is `in_hand` is noted."""
        self.db = db
        self.lease = lease
        self.taken: list[int] = []
        self._in_hand = in_hand
        self._takes = takes

    def take(self, row: int) -> None:
        """Take a row."""
        self._in_hand.add((row, self.lease))
        self.db.execute(self._takes, [self.lease, row])
        self.taken.append(row)


class InHand:
    """What a process has in hand of a table, and what fell: what is in nobody's hands.

    Where the database was away, a row may have been taken without anybody's knowing, or could not
    be put back. It would wait for the end of its lease, and its ticket with it; so whoever takes
    the next row puts back what fell. The end of the lease tells whether it is in other hands.
    """

    def __init__(
        self,
        path: Path,
        table: str,
        holder: int,
        also: str = "",
        *,
        glance: Glance,
        leaves: bool = False,
    ) -> None:
        """Name the table and the holder; what is put back is `also` changed like this.

        What is taken `leaves` the desk: nobody could do it again.
        """
        self.holder = holder
        self._path = path
        self._table = table
        self._glance = glance
        self._put_back = (
            f"UPDATE {table} SET state = 'pending', holder = {ALONE}, due = ?{also} "
            f"WHERE {IN_HAND} AND"
        )
        self._takes = (
            f"UPDATE {table} SET state = 'in_flight', attempts = attempts + 1, "
            f"holder = {holder}, due = ? WHERE id ="
        )
        # What leaves must be known to be in hand before; of a file that is made sure of later.
        self._lasting = leaves and server_of(path) is not None
        self._in_hand: set[tuple[int, str]] = set()
        self._under_way: set[str] = set()
        self._fallen: set[tuple[int, str]] = set()
        self._may_have_more = False
        """Whether the word of what a server did was lost: something may be ours unknown to us."""
        self._lock = threading.Lock()
        self._own = threading.local()

    def besides(self) -> Besides:
        """Tell what waited besides when this thread looked last; unknown to one that never did."""
        seen: Besides = getattr(self._own, "besides", NEVER_LOOKED)
        return seen

    @property
    def some_fell(self) -> bool:
        """Whether there is something to put back."""
        return bool(self._fallen) or self._may_have_more

    def done(self, row: int, lease: str) -> None:
        """Note that a row is not in hand any more, whatever became of it."""
        self._in_hand.discard((row, lease))

    def let_fall(self, *rows: tuple[int, str]) -> None:
        """Note of rows, with the ends of their leases, that they are in nobody's hands."""
        with self._lock:
            self._in_hand.difference_update(rows)
            self._fallen.update(rows)

    @contextmanager
    def handed_on(self, row: int | None, lease: str) -> Iterator[None]:
        """Let a row fall, if there is one, where anything goes wrong before somebody carries it."""
        try:
            yield
        except BaseException:
            if row is not None:
                self.let_fall((row, lease))
            raise

    @contextmanager
    def clearing_up(self, now: datetime) -> Iterator[Database]:
        """Put back what fell, and whatever else is not as it should be; that is due besides."""
        with self.taking(now) as taking:
            yield taking.db
        self._own.besides = self.besides()._replace(is_any_due=True)

    def look_for_lost(self) -> int:
        """Let fall what the database says is ours and nobody has in hand; gives how many rows."""
        sql = f"SELECT id, due FROM {self._table} WHERE {IN_HAND} AND holder = ?"
        # First: what goes wrong meanwhile is looked for once more.
        self._may_have_more = False
        try:
            with reading(self._path) as db:
                ours = {(int(row[0]), str(row[1])) for row in db.execute(sql, [self.holder])}
        except BaseException:
            self._may_have_more = True
            raise
        with self._lock:
            ours = {(row, lease) for row, lease in ours if lease not in self._under_way}
        lost = ours - self._in_hand
        self.let_fall(*lost)
        return len(lost)

    def next(self, look: Look, now: datetime) -> tuple[Any, str]:
        """Take the row that is next; gives what was found, and the end of its lease.

        Where there was none, its columns are empty.
        """
        found, lease = self._next(look, now)
        self._own.besides = Besides(bool(found["others"]), found["next_due"])
        return found, lease

    def _next(self, look: Look, now: datetime) -> tuple[Any, str]:
        if server_of(self._path) is not None:
            return self._next_of_server(look, now)
        # Looked at without the write lock first: mostly there is nothing to do.
        (found,) = self._glance.rows(look.sql(), [*look.values, *look.values_besides])
        if found["id"] is None:
            return found, ""
        with self.taking(now) as taking:
            values = [*look.values, *look.values_besides]
            (found,) = taking.db.execute(look.sql(), values).fetchall()
            if found["id"] is not None:
                taking.take(found["id"])
        return found, taking.lease

    def _next_of_server(self, look: Look, now: datetime) -> tuple[Any, str]:
        """Take it in the statement that finds it: nobody waits for a turn to write.

        What others take just now is passed over.
        """
        lease = self._lease(now)
        takes = f", taken AS ({self._takes} (SELECT id FROM next))"
        try:
            (found,) = self._glance.changed(
                look.sql(" FOR UPDATE OF row SKIP LOCKED", takes),
                [*look.values, lease, *look.values_besides],
                is_sure=self._lasting,
            )
            if found["id"] is not None:
                self._in_hand.add((found["id"], lease))
        except BaseException:
            # Perhaps one was taken all the same, and nobody heard which.
            self._may_have_more = True
            raise
        finally:
            with self._lock:
                self._under_way.discard(lease)
        return found, lease

    def _lease(self, now: datetime) -> str:
        """Give the end of a lease that no other of ours has just now, and note that it begins."""
        with self._lock:
            end = now + LEASE
            while stamp(end) in self._under_way:
                end += A_TICK
            self._under_way.add(stamp(end))
        return stamp(end)

    @contextmanager
    def taking(self, now: datetime) -> Iterator[Taking]:
        """Write, and take rows in hand; first what fell is put back."""
        if self._may_have_more:
            # Once, however often a server that was away was asked meanwhile.
            self.look_for_lost()
        with self._lock:
            fallen = sorted(self._fallen)
        lease = stamp(now + LEASE)
        taken: list[int] = []
        try:
            with transaction(self._path, lasting=self._lasting) as db:
                for row, end in fallen:
                    db.execute(f"{self._put_back} id = ? AND due = ?", [stamp(now), row, end])
                taking = Taking(db, f"{self._takes} ?", lease, self._in_hand)
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
        due = now + ON_ITS_WAY if self._lasting else now
        with transaction(self._path) as db:
            sql = f"{self._put_back} holder IN ({marks_for(gone)})"
            return int(db.execute(sql, [stamp(due), *gone]).rowcount)
