"""Copying a desk: every row under its key, none twice, and each table compared at the end.

Rows come in the order of their keys, some hundred in a transaction. So a target always holds the
first rows of each table, and whoever goes on after a kill sees by the last key where.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from bot.store.copying.articles import bring_articles
from bot.store.copying.ends import brought_up, read_from, write_to
from bot.store.copying.pattern import pattern
from bot.store.database import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.store.copying.ends import End, Run
    from bot.store.copying.pattern import Table

AT_ONCE = 1_000
"""Rows in a transaction, at most."""
BITS = 128

Sums = dict[str, tuple[int, str]]
"""How many rows a table has, and the sum of their hashes."""


class Copying:
    """One desk on its way from one database to another."""

    def __init__(
        self, source: End, target: End, say: Callable[[str], None], *, over: bool = False
    ) -> None:
        """Name the two ends; nothing is opened yet. `say` hears of each table.

        A copy that goes `over` the target takes the place of what is there.
        """
        self._source = source
        self._target = target
        self._say = say
        self._over = over
        self.articles = 0

    def run(self) -> Sums:
        """Copy a desk that nobody works on; as `bring`, at both of whose ends others are kept away.

        Raises:
            FrontlineError: an end is in use, or the source is away or not for this version.
        """
        with self._source.kept(), self._target.kept():
            brought_up(self._source)
            return self.bring()

    def bring(self) -> Sums:
        """Copy, or go on copying; gives how many rows there are, and their hashes.

        The source is read as of one instant, whoever works on it. The target is the caller's.

        Raises:
            FrontlineError: an end is away or not for this version; the target holds something
                else; or the copy is not the same in the end.
        """
        brought_up(self._target)
        with read_from(self._source) as read:
            if rows := read("SELECT source FROM copying", []):
                raise StoreError(
                    f"{self._source.name} is itself half a copy of {rows[0][0]}; finish that first."
                )
            sums = sums_of(read, self._source)
            self._begin(sums)
            for table in pattern().tables:
                self._table(table, read)
            with read_from(self._target) as there:
                self._compare(sums, sums_of(there, self._target))
            # Before it counts as whole: half a copy is served by nobody.
            self.articles = bring_articles(self._source, self._target)
            self._end(self._numbers(read))
        return sums

    def _begin(self, sums: Sums) -> None:
        """Take up the target: as it was left by a copy that was cut short, or empty."""
        told = json.dumps(sums)
        with write_to(self._target) as run:
            under_way = run("SELECT source, sums FROM copying", [])
            if under_way and under_way[0][0] != self._source.name:
                raise StoreError(
                    f"{self._target.name} is half a copy of {under_way[0][0]}; finish that, or "
                    "name an empty database."
                )
            if under_way and under_way[0][1] == told:
                self._say(f"going on with what {self._target.name} has already")
                return
            if not under_way:
                if self._over:
                    self._target.let_go(run)
                elif table := what_is_there(run):
                    raise StoreError(
                        f"{self._target.name} holds a desk already (there are rows in {table}); "
                        "name an empty database."
                    )
                self._target.hush(run)
            # What came of a source that has changed since is let go.
            self._target.empty(run)
            run("DELETE FROM copying", [])
            mark = self._target.mark
            run(
                f"INSERT INTO copying (source, sums) VALUES ({mark(1)}, {mark(2)})",
                [self._source.name, told],
            )

    def _table(self, table: Table, read: Run) -> None:
        """Bring what is missing of a table."""
        with read_from(self._target) as there:
            last = last_key(there, table)
        count = 0
        for rows in pages(read, self._source, table, last, AT_ONCE):
            with write_to(self._target) as run:
                _insert(run, self._target, table, rows)
            count += len(rows)
        for column in table.within:
            self._refer(table, column, read)
        if count:
            self._say(f"{table.name}: {count}")

    def _refer(self, table: Table, column: str, read: Run) -> None:
        """Let rows name others of their table, now that all are there."""
        (key,) = table.key
        naming = read(
            f'SELECT "{column}", "{key}" FROM "{table.name}" WHERE "{column}" IS NOT NULL', []
        )
        mark = self._target.mark
        with write_to(self._target) as run:
            for row in naming:
                run(
                    f'UPDATE "{table.name}" SET "{column}" = {mark(1)} WHERE "{key}" = {mark(2)}',
                    list(row),
                )

    def _compare(self, ours: Sums, theirs: Sums) -> None:
        unlike = [
            f"{name} ({ours[name][0]} and {theirs[name][0]} rows)"
            for name in ours
            if ours[name] != theirs[name]
        ]
        if unlike:
            raise StoreError(
                f"{self._target.name} is not the same as {self._source.name}: "
                f"{', '.join(unlike)}. Name an empty database and copy again."
            )

    def _numbers(self, read: Run) -> dict[str, int]:
        """Give the last number of each table: what was given, or what is there."""
        given = self._source.numbers(read)
        for table in pattern().tables:
            if table.number is not None:
                ((most,),) = read(f'SELECT max("{table.number}") FROM "{table.name}"', [])
                given[table.name] = max(given.get(table.name, 0), int(most or 0))
        return given

    def _end(self, numbers: dict[str, int]) -> None:
        with write_to(self._target) as run:
            self._target.go_on_from(run, numbers)
            self._target.wake(run)
            run("DELETE FROM copying", [])


def what_is_there(run: Run) -> str | None:
    """Name a table of a desk that has rows; None where nothing ever happened."""
    for table in pattern().tables:
        # The one row of `presence` is there from the beginning.
        if table.name != "presence" and run(f'SELECT 1 FROM "{table.name}" LIMIT 1', []):
            return table.name
    return None


def sums_of(read: Run, end: End) -> Sums:
    """Count and hash every table, in whatever order its rows come."""
    sums: Sums = {}
    for table in pattern().tables:
        count, total = 0, 0
        for rows in pages(read, end, table, None, AT_ONCE):
            count += len(rows)
            total += sum(_hashed(row) for row in rows)
        sums[table.name] = count, f"{total % (1 << BITS):032x}"
    return sums


def _hashed(row: tuple[Any, ...]) -> int:
    plain = "\x1f".join(f"{type(each).__name__}:{each!r}" for each in row)
    told = plain.encode("utf-8", "backslashreplace")
    return int.from_bytes(blake2b(told, digest_size=BITS // 8).digest(), "big")


def pages(
    read: Run, end: End, table: Table, last: tuple[Any, ...] | None, at_once: int
) -> Iterator[list[tuple[Any, ...]]]:
    """Give the rows after a key, some at a time, in the order of their keys."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    key = ", ".join(f'"{column}"' for column in table.key)
    marks = ", ".join(end.mark(place) for place in range(1, len(table.key) + 1))
    places = [table.columns.index(column) for column in table.key]
    while True:
        after = f"WHERE ({key}) > ({marks}) " if last is not None else ""
        found = read(
            f'SELECT {columns} FROM "{table.name}" {after}ORDER BY {key} LIMIT {at_once}',
            list(last or ()),
        )
        rows = [tuple(map(_plain, row)) for row in found]
        if rows:
            yield rows
        if len(rows) < at_once:
            return
        last = tuple(rows[-1][place] for place in places)


def _plain(value: Any) -> Any:
    """Give a value as both engines can hold it: PostgreSQL takes no zero byte in a text."""
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


def last_key(read: Run, table: Table) -> tuple[Any, ...] | None:
    """Give the key of the last row; None where there is no row."""
    key = ", ".join(f'"{column}"' for column in table.key)
    back = ", ".join(f'"{column}" DESC' for column in table.key)
    rows = read(f'SELECT {key} FROM "{table.name}" ORDER BY {back} LIMIT 1', [])
    return tuple(rows[0]) if rows else None


def _insert(run: Run, end: End, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows, as many in a statement as it may have parameters."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    width = len(table.columns)
    within = [table.columns.index(column) for column in table.within]
    for first in range(0, len(rows), end.most // width):
        some = [list(row) for row in rows[first : first + end.most // width]]
        for row in some:
            for place in within:
                row[place] = None
        marks = ", ".join(
            f"({', '.join(end.mark(at * width + place) for place in range(1, width + 1))})"
            for at in range(len(some))
        )
        run(
            f'INSERT INTO "{table.name}" ({columns}) VALUES {marks}',
            [value for row in some for value in row],
        )
