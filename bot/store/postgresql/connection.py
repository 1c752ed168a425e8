"""A connection to PostgreSQL with the face of sqlite-utils: what the store uses of it."""

from __future__ import annotations

import select
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import psycopg
from psycopg import pq

from bot.store.postgresql.dialect import translated
from bot.store.postgresql.errors import PassingError, RefusedError, in_our_words
from bot.store.postgresql.shaping import shaped
from bot.store.postgresql.values import as_sqlite, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

READ = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
WRITE = "BEGIN"
BEGINS = {"BEGIN": False, "BEGIN IMMEDIATE": True}
"""How SQLite is told to begin, and whether to write."""
FLUSH = (
    "BEGIN; SET LOCAL synchronous_commit = on; "
    "SELECT pg_logical_emit_message(true, 'frontline', ''); COMMIT"
)
"""Of a transaction that wrote something the commit waits for the disk, and for all before it.

One that only took a number (`pg_current_xact_id`) wrote nothing, and waits for nothing.
"""
SURE = "SET synchronous_commit = on"
"""From now on what this connection commits is on the disk by then."""
ONE_PLAN = "SET plan_cache_mode = force_generic_plan"
"""From now on what is asked again and again is planned once, whatever its values: what takes the
next row is short to run and long to plan."""
BELL = "frontline"
"""Where it is told that somebody has written."""
TURN = f"""
SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '60s';
SELECT pg_advisory_xact_lock(hashtextextended('frontline writes ' || current_schema(), 0)),
pg_notify('{BELL}', '%s');
SET LOCAL lock_timeout = '5s'
"""
"""Writers take turns, in whichever process and on whichever machine they are, as with SQLite.

For one's turn one waits as long as it takes: PostgreSQL cuts off who begins and does not go on.
Once one has committed, all are told who wrote.
"""
TURN_UNAWAITED = f"""
SELECT set_config('lock_timeout', '0', true),
set_config('idle_in_transaction_session_timeout', '60s', true),
pg_advisory_xact_lock(hashtextextended('frontline writes ' || current_schema(), 0)),
pg_notify('{BELL}', $1), set_config('lock_timeout', '5s', true)
"""
"""The same in one statement, which can follow others; what is selected is done in this order."""


class Cursor:
    """What a statement gave; in a transaction it is waited for once somebody asks."""

    def __init__(self, cursor: psycopg.RawCursor[Any], arrive: Callable[[], None]) -> None:
        """Read from a cursor whose statement was sent; `arrive` waits for all that were."""
        self._cursor = cursor
        self._arrive = arrive

    def _found(self) -> psycopg.RawCursor[Any]:
        if self._cursor.pgresult is None:
            self._arrive()
        return self._cursor

    def _rows(self) -> psycopg.RawCursor[Any] | None:
        """Give what has rows to fetch; None where the statement gives none."""
        result = self._found().pgresult
        return self._cursor if result is not None and result.nfields else None

    @property
    def rowcount(self) -> int:
        """How many rows it wrote."""
        return self._found().rowcount

    def fetchone(self) -> Any:
        """Give the next row."""
        rows = self._rows()
        return None if rows is None else rows.fetchone()

    def fetchall(self) -> list[Any]:
        """Give the rows that are left."""
        rows = self._rows()
        return [] if rows is None else rows.fetchall()

    def fetchmany(self, size: int) -> list[Any]:
        """Give some of the rows that are left."""
        rows = self._rows()
        return [] if rows is None else rows.fetchmany(size)

    def __iter__(self) -> Iterator[Any]:
        """Give the rows that are left, one by one."""
        return iter(self.fetchall())


class Nothing:
    """What a statement gave that PostgreSQL is not even sent."""

    rowcount = 0

    def fetchone(self) -> None:
        """Give no row."""

    def fetchall(self) -> list[Any]:
        """Give no rows."""
        return []


NOTHING = Nothing()


class Inserted(NamedTuple):
    """What became of an insert."""

    last_pk: int | None


class Session:
    """What sqlite3 calls a connection: its transactions are begun and ended by hand."""

    def __init__(self, opened: Callable[[], psycopg.Connection[Any]], token: str) -> None:
        """Connect; `opened` gives a connection, now and whenever this one was cut.

        `token` is what others are told of who wrote.
        """
        self._opened = opened
        self._token = token
        self._connection = opened()
        as_sqlite(self._connection)
        self._reads = False
        self._settings: set[str] = set()
        self._sending = ExitStack()
        self.pipeline: psycopg.Pipeline | None = None
        self.functions: dict[str, Callable[[Any], Any]] = {}
        self._expected: list[tuple[Cursor, Exception]] = []

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, or the connection is of no use any more."""
        idle = pq.TransactionStatus.IDLE
        return self._connection.closed or self._connection.info.transaction_status != idle

    def run(
        self,
        sql: str,
        values: Sequence[Any] | None = None,
        *,
        is_wide: bool = False,
        is_often: bool = False,
    ) -> Cursor:
        """Run a statement of PostgreSQL's.

        What is run `is_often` is prepared the first time, all else after some, but for what gives
        whatever columns there are: PostgreSQL refuses that once a newer version has added one.
        """
        with in_our_words():
            cursor = psycopg.RawCursor(self._connection, row_factory=rows_of)
            prepare = False if is_wide else is_often or None
            cursor.execute(sql.encode(), values, prepare=prepare)
        return Cursor(cursor, self.arrive)

    def script(self, sql: str) -> Cursor:
        """Run several statements at once."""
        self.leave()
        return self.run(sql)

    def begin(self, *, writes: bool, in_turn: bool = True) -> None:
        """Begin; a connection that was cut while it lay idle is opened again first.

        What is not `in_turn` holds the rows that it changes, and no other writer.
        """
        self._reads = not writes
        begin, in_turn = WRITE if writes else READ, writes and in_turn
        unawaited = self._is_whole()
        if not unawaited:
            self.ask(f"{begin}; {TURN % self._token}" if in_turn else begin)
        self.pipeline = self._sending.enter_context(self._connection.pipeline())
        if unawaited:
            # What follows is under way before the turn has come: no time of it is spent waiting.
            self.run(begin)
            if in_turn:
                self.run(TURN_UNAWAITED, [self._token])

    def _is_whole(self) -> bool:
        """Whether nothing has come since: what was cut while it lay idle would have an end."""
        if self._connection.closed:
            return False
        line = select.poll()
        line.register(self._connection.fileno(), select.POLLIN)
        return not line.poll(0)

    def arrive(self) -> None:
        """Wait for all that was sent; in a transaction statements follow each other unawaited."""
        if self.pipeline is not None:
            with in_our_words():
                self.pipeline.sync()
            self._meet()

    def expect(self, changed: Cursor, failure: Exception) -> None:
        """Raise a failure where a statement changed nothing, once that is known."""
        self._expected.append((changed, failure))
        if self.pipeline is None:
            self._meet()

    def _meet(self) -> None:
        """Raise where what was expected did not come to pass."""
        expected, self._expected = self._expected, []
        for changed, failure in expected:
            if changed.rowcount == 0:
                raise failure

    def leave(self) -> None:
        """Wait for all that was sent, and for each of what follows by itself."""
        self.pipeline = None
        with in_our_words():
            self._sending.pop_all().close()

    def ask(
        self, sql: str, values: Sequence[Any] | None = None, *, is_wide: bool = False
    ) -> Cursor:
        """Run what may be run twice; a connection that was cut meanwhile is opened again."""
        try:
            return self.run(sql, values, is_wide=is_wide)
        except Exception:
            self.rollback()
            if not self._connection.closed:
                raise
            self._open_again()
            return self.run(sql, values, is_wide=is_wide)

    def run_at_once(self, sql: str, values: Sequence[Any], *, is_sure: bool) -> Cursor:
        """Run what writes, is a transaction by itself, and may not be run twice.

        What is to be `is_sure` is on the server's disk by the time of its answer.
        """
        if not self._is_whole():
            self.close()
            self._open_again()
        for setting in (ONE_PLAN, SURE) if is_sure else (ONE_PLAN,):
            if setting not in self._settings:
                self.run(setting)
                self._settings.add(setting)
        return self.run(sql, values, is_often=True)

    def _open_again(self) -> None:
        self._connection = self._opened()
        self._settings.clear()
        as_sqlite(self._connection)

    def commit(self) -> None:
        """Commit; raises where anything that was expected did not come to pass."""
        if self._expected:
            self.arrive()
        self.run("COMMIT")
        self.leave()

    def flush(self) -> None:
        """Return once all that was committed is on the server's disk."""
        self.run(FLUSH)

    def rollback(self) -> None:
        """Roll back; what was cut is rolled back already.

        What only read is ended by a commit: psycopg forgets at a rollback all that is prepared.
        """
        self._expected.clear()
        with suppress(PassingError, RefusedError):
            if self.pipeline is not None and self._reads:
                self.run("COMMIT")
            self.leave()
        if self.in_transaction:
            with suppress(psycopg.Error):
                self._connection.rollback()

    def __enter__(self) -> Self:
        """Commit what follows, or roll it back, as sqlite3 does."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Commit, or roll back where a failure passes through."""
        if kind is None:
            self.commit()
        else:
            self.rollback()

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of these."""
        statement = translated(sql)
        for row in rows:
            self.run(statement.sql, statement.values(row))

    def create_function(
        self, name: str, _: int, function: Callable[[Any], Any], *, deterministic: bool
    ) -> None:
        """Let a function of Python's be called with what a column holds."""
        del deterministic
        self.functions[name] = function

    def cursor(self) -> Plain:
        """Give a cursor, as sqlite3 does."""
        return Plain(self)

    def close(self) -> None:
        """Close."""
        self._connection.close()


class Plain:
    """A cursor that gives plain rows, their columns given to Python's functions."""

    row_factory: Any = None

    def __init__(self, session: Session) -> None:
        """Read by a session."""
        self._session = session

    def execute(self, sql: str, values: Sequence[Any]) -> None:
        """Run a statement."""
        statement = translated(sql)
        self._found = self._session.run(statement.sql, statement.values(values))
        self._calls = [(place, self._session.functions[name]) for place, name in statement.calls]

    def fetchmany(self, size: int) -> list[list[Any]]:
        """Give some of the rows that are left."""
        rows = [list(row) for row in self._found.fetchmany(size)]
        for place, function in self._calls:
            for row in rows:
                row[place] = function(row[place])
        return rows


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
            is_wide=True,
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

    def __init__(self, opened: Callable[[], psycopg.Connection[Any]], token: str = "") -> None:
        """Connect; `token` names the process."""
        self.conn = Session(opened, token)

    def execute(self, sql: str, values: Any = None) -> Cursor | Nothing:
        """Run a statement in SQLite's dialect."""
        if sql in BEGINS:
            self.conn.begin(writes=BEGINS[sql])
            return NOTHING
        if sql.startswith("PRAGMA"):
            # Waiting, write-ahead logging and erasing are the server's own affair.
            return NOTHING
        if (steps := shaped(sql)) is not None:
            for step in steps:
                last = self.conn.script(step)
            return last
        statement = translated(sql)
        # A look that is alone may be taken again.
        alone = sql.startswith("SELECT") and not self.conn.in_transaction
        run = self.conn.ask if alone else self.conn.run
        given = statement.values(values or ())
        return run(statement.sql, given, is_wide=statement.is_wide)

    def run_at_once(self, sql: str, values: Any, *, is_sure: bool) -> Cursor:
        """Run a statement that writes, as a transaction by itself; see `Session.run_at_once`."""
        statement = translated(sql)
        return self.conn.run_at_once(statement.sql, statement.values(values), is_sure=is_sure)

    def table(self, name: str) -> Table:
        """Give a table to write to."""
        return Table(self, name)

    def close(self) -> None:
        """Close."""
        self.conn.close()
