"""A connection to PostgreSQL with the face of sqlite-utils: what the store uses of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import psycopg
from psycopg import pq
from psycopg.adapt import Dumper, Loader
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper

from bot.store.postgresql.dialect import translated
from bot.store.postgresql.errors import explained
from bot.store.postgresql.shaping import shaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

READ = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
WRITE = "BEGIN"
NOTHING = "SELECT 1 WHERE false"
TURN = "hashtextextended('frontline writes ' || current_schema(), 0)"
"""Writers take turns, in whichever process and on whichever machine they are, as with SQLite."""


class Row(tuple[Any, ...]):
    """A row as sqlite3 gives it: by place and by name."""

    __slots__ = ()
    names: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        """Give a value by its place or its column's name."""
        if isinstance(key, str):
            try:
                return tuple.__getitem__(self, self.names[key])
            except KeyError as failure:
                raise IndexError("No item with that key") from failure
        return tuple.__getitem__(self, key)

    def keys(self) -> list[str]:
        """Name the columns."""
        return list(self.names)


class Text(StrDumper):
    """A text, in which PostgreSQL takes no zero byte."""

    def dump(self, obj: str) -> Any:
        """Put what stands for what cannot be read in its place."""
        return super().dump(obj.replace("\x00", "\ufffd") if "\x00" in obj else obj)


class Truth(Dumper):
    """A truth, which is 0 or 1."""

    oid = psycopg.postgres.types["int8"].oid

    def dump(self, obj: bool) -> bytes:  # noqa: FBT001 - the library's way
        """Give the number."""
        return b"1" if obj else b"0"


class Number(Loader):
    """What PostgreSQL adds up: whole where what was added is."""

    def load(self, data: Any) -> int | float:
        """Read it."""
        text = bytes(data).decode()
        return float(text) if "." in text or "N" in text else int(text)


class TruthRead(Loader):
    """A truth that is read as a number."""

    def load(self, data: Any) -> int:
        """Read it."""
        return int(bytes(data) == b"t")


def as_sqlite(connection: psycopg.Connection[Any]) -> None:
    """Let values go to and fro as with SQLite."""
    adapters = connection.adapters
    adapters.register_dumper(str, Text)
    adapters.register_dumper(int, Int8Dumper)
    adapters.register_dumper(bool, Truth)
    adapters.register_loader("numeric", Number)
    adapters.register_loader("bool", TruthRead)


class Cursor:
    """What a statement gave."""

    def __init__(self, cursor: psycopg.RawCursor[Any], session: Session) -> None:
        """Read from a cursor whose statement has run."""
        self._cursor = cursor
        self._session = session

    @property
    def rowcount(self) -> int:
        """How many rows it wrote."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted last."""
        return int(self._session.run("SELECT lastval()").fetchone()[0])

    def fetchone(self) -> Any:
        """Give the next row."""
        return self._cursor.fetchone() if self._cursor.description else None

    def fetchall(self) -> list[Any]:
        """Give the rows that are left."""
        return self._cursor.fetchall() if self._cursor.description else []

    def fetchmany(self, size: int) -> list[Any]:
        """Give some of the rows that are left."""
        return self._cursor.fetchmany(size) if self._cursor.description else []

    def __iter__(self) -> Iterator[Any]:
        """Give the rows that are left, one by one."""
        return iter(self.fetchall())


def _rows(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    names = {column.name: place for place, column in enumerate(cursor.description or ())}
    return type("Row", (Row,), {"names": names, "__slots__": ()})


class Inserted(NamedTuple):
    """What became of an insert."""

    last_pk: int | None


class Session:
    """What sqlite3 calls a connection: its transactions are begun and ended by hand."""

    def __init__(self, opened: Callable[[], psycopg.Connection[Any]]) -> None:
        """Connect; `opened` gives a connection, now and whenever this one was cut."""
        self._opened = opened
        self._connection = opened()
        as_sqlite(self._connection)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, or the connection is of no use any more."""
        idle = pq.TransactionStatus.IDLE
        return self._connection.closed or self._connection.info.transaction_status != idle

    def run(self, sql: str, values: Sequence[Any] | None = None) -> Any:
        """Run a statement of PostgreSQL's."""
        try:
            cursor = psycopg.RawCursor(self._connection, row_factory=_rows)
            return cursor.execute(sql.encode(), values)
        except psycopg.Error as failure:
            raise explained(failure) from failure

    def begin(self, *, writes: bool) -> None:
        """Begin; a connection that was cut while it lay idle is opened again first."""
        try:
            self.run(WRITE if writes else READ)
        except Exception:
            if not self._connection.closed:
                raise
            self._connection = self._opened()
            as_sqlite(self._connection)
            self.run(WRITE if writes else READ)
        if writes:
            try:
                self.run(f"SELECT pg_advisory_xact_lock({TURN})")
            except Exception:
                self.rollback()
                raise

    def commit(self) -> None:
        """Commit."""
        self.run("COMMIT")

    def rollback(self) -> None:
        """Roll back; what was cut is rolled back already."""
        if self.in_transaction:
            with suppress(psycopg.Error):
                self._connection.rollback()

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of these."""
        statement = translated(sql)
        for row in rows:
            self.run(statement.sql, statement.values(row))

    def cursor(self) -> Any:
        """Give a cursor, as sqlite3 does."""
        raise NotImplementedError

    def close(self) -> None:
        """Close."""
        self._connection.close()


class Table:
    """A table, as far as rows are written by what they are."""

    def __init__(self, database: PgDatabase, name: str) -> None:
        """Write to a table."""
        self._database = database
        self._name = name

    def insert(self, row: dict[str, Any]) -> Inserted:
        """Insert a row; gives its number, where it has one."""
        columns = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join(f"${place}" for place in range(1, len(row) + 1))
        found = self._database.conn.run(
            f'INSERT INTO "{self._name}" ({columns}) VALUES ({marks}) RETURNING *',
            list(row.values()),
        ).fetchone()
        return Inserted(found["id"] if "id" in found.names else None)

    def update(self, key: int, row: dict[str, Any]) -> Self:
        """Change the row of a number."""
        columns = ", ".join(f'"{column}" = ${place}' for place, column in enumerate(row, start=1))
        self._database.conn.run(
            f'UPDATE "{self._name}" SET {columns} WHERE id = ${len(row) + 1}',
            [*row.values(), key],
        )
        return self


class PgDatabase:
    """The face of `sqlite_utils.Database`, as far as the store looks at it."""

    def __init__(self, opened: Callable[[], psycopg.Connection[Any]]) -> None:
        """Connect."""
        self.conn = Session(opened)

    def execute(self, sql: str, values: Any = None) -> Cursor:
        """Run a statement in SQLite's dialect."""
        if sql == "BEGIN":
            self.conn.begin(writes=False)
            return Cursor(self.conn.run(NOTHING), self.conn)
        if sql == "BEGIN IMMEDIATE":
            self.conn.begin(writes=True)
            return Cursor(self.conn.run(NOTHING), self.conn)
        if sql.startswith("PRAGMA"):
            # Waiting, write-ahead logging and erasing are the server's own affair.
            return Cursor(self.conn.run(NOTHING), self.conn)
        if (steps := shaped(sql)) is not None:
            for step in steps:
                last = self.conn.run(step)
            return Cursor(last, self.conn)
        statement = translated(sql)
        return Cursor(self.conn.run(statement.sql, statement.values(values or ())), self.conn)

    def table(self, name: str) -> Table:
        """Give a table to write to."""
        return Table(self, name)

    def close(self) -> None:
        """Close."""
        self.conn.close()
