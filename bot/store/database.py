"""Connections: one for each unit of work, all set up alike."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from bot.desk.errors import FrontlineError
from bot.store.disk.lasting import made_lasting
from bot.store.disk.turns import BUSY_TIMEOUT_MS, turn_to_write
from bot.store.migrations import migrations
from bot.store.sealing import check, register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence, Sized
    from pathlib import Path

    from bot.store.postgresql.server import Server

A_MOMENT_S = 0.01

SYNCHRONOUS = "NORMAL"
"""The log goes to the disk after a commit, beside whoever writes next: see `lasting`."""
FOLDER_MODE, FILE_MODE = 0o700, 0o600
"""For this user alone: the database holds what people said in confidence."""

_spare: dict[Path, list[Database]] = {}
"""Connections that nobody uses, of each database that is worked on for long."""

_servers: dict[Path, Server] = {}
"""Desks on PostgreSQL, by the file that names them here: a copy of their articles is in it."""

LEASE = timedelta(minutes=10)
"""So long a row of inbox or outbox may be in hand before it is taken again."""


class StoreError(FrontlineError):
    """The database cannot be opened, read or written."""


def is_passing(failure: Exception) -> bool:
    """Tell whether a failure is of the moment: a full disk, a lock, a network."""
    return isinstance(failure, StoreError | sqlite3.OperationalError | OSError)


def is_refused(failure: Exception) -> bool:
    """Tell whether a database refused a row or a statement, and will refuse it again."""
    return isinstance(failure, sqlite3.DatabaseError) and not is_passing(failure)


def put_on(path: Path, server: Server) -> None:
    """From now on the desk of this name is on a server; the file is a copy of its articles."""
    _servers[path] = server


def server_of(path: Path) -> Server | None:
    """Give the server that a desk is on; None where it is in its file."""
    return _servers.get(path)


def name_of(path: Path) -> str:
    """Name a database for people."""
    server = server_of(path)
    return str(path) if server is None else server.name


def connect(path: Path) -> Database:
    """Open the database with write-ahead logging, a busy timeout and foreign keys.

    Raises:
        StoreError: the file is no database, cannot be opened, or is gone while we work on it.
    """
    if (server := server_of(path)) is not None:
        return server.connect()
    return _file(path)


def _file(path: Path) -> Database:
    if path in _spare and not path.exists():
        # An empty file in its place would be taken for a desk on which nothing ever happened.
        raise StoreError(f"The database {path} is gone: somebody moved or deleted it.")
    try:
        _make_private(path)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        _write_ahead(connection)
        connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
        connection.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten, not only unlinked.
        connection.execute("PRAGMA secure_delete = FAST")
        register(connection)
    except (sqlite3.Error, OSError) as failure:
        raise StoreError(
            f"The database {path} cannot be opened ({failure}); "
            "check the path and its permissions, or choose another with --db."
        ) from failure
    return Database(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on; while others turn it on in a new file, SQLite does not wait."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1e3
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(A_MOMENT_S)
        else:
            return


def _make_private(path: Path) -> None:
    """Make folder and file, where they are not there, for this user alone; SQLite's own follow."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))


def private_file(file: Path) -> None:
    """Make an empty file for this user alone, in place of what is there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def open_to_others(path: Path) -> tuple[str, ...]:
    """Say which of the database's files and its folder others can read, and what to do."""
    found = []
    for each, mode in (
        (path.parent, FOLDER_MODE),
        *((path.with_name(path.name + end), FILE_MODE) for end in ("", "-wal", "-shm")),
    ):
        if each.exists() and stat.S_IMODE(each.stat().st_mode) & 0o077:
            found.append(f"others can read {each}; run `chmod {mode:o} {each}`")
    return tuple(found)


def migrate(path: Path) -> None:
    """Bring the database to this version's shape; does nothing where it is there already.

    Raises:
        StoreError: it is not ours, a newer version's, damaged, or half a copy.
    """
    shape(path)
    with reading(path) as database:
        half = database.execute("SELECT source FROM copying").fetchone()
    if half is not None:
        raise StoreError(
            f"The database {name_of(path)} is half a copy of {half[0]}; run again what began it, "
            "`frontline db copy` or `db restore`, which goes on where it was cut short."
        )


def shape(path: Path) -> None:
    """Bring the database to this version's shape, half a copy too.

    Raises:
        StoreError: it is not ours, a newer version's, or damaged; it is left as it was.
    """
    if (server := server_of(path)) is not None:
        server.migrate()
        return
    refuse_strangers(path)
    try:
        # In one transaction: of several processes that start at once, one migrates.
        with transaction(path) as database:
            migrations.apply(database)
            check(database)
    except sqlite3.Error as failure:
        raise StoreError(
            f"The database {path} cannot be brought to this version ({failure}); "
            "it was left as it was."
        ) from failure


def applied_to(db: sqlite3.Connection | Database) -> set[str]:
    """Name the steps that brought a database to its shape."""
    rows = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'desk'")
    return {str(row[0]) for row in rows}


def newer_words(newer: list[str]) -> str:
    """Say that a newer version wrote a database."""
    return (
        f"it was written by a newer Frontline ({newer[-1]}); install that version or a later one."
    )


def refuse_strangers(path: Path) -> None:
    """Refuse a database that is not ours, or that a newer version wrote.

    Raises:
        StoreError: with the one line that says so.
    """
    if (server := server_of(path)) is not None:
        server.refuse_strangers()
        return
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        # For reading alone: several processes that start at once do not wait for one another here.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
            done = applied_to(db) if "_sqlite_migrations" in tables else set()
    except sqlite3.OperationalError:
        # Locked, or not to be opened: whoever opens it next says so.
        return
    except sqlite3.Error as failure:
        raise StoreError(
            f"The database {path} is damaged ({failure}); `frontline db check` says more, "
            "`frontline db restore FILE` puts a backup back."
        ) from failure
    if tables and "_sqlite_migrations" not in tables:
        raise StoreError(
            f"{path} is a database of something else than Frontline; choose another with --db."
        )
    newer = sorted(done - {each.name for each in migrations._migrations})  # noqa: SLF001 - as above
    if newer:
        raise StoreError(f"The database {path} is not for this version: {newer_words(newer)}")


@contextmanager
def reading(path: Path) -> Iterator[Database]:
    """Read without holding up anybody who writes; all that is read is of one instant."""
    database = taken(path)
    try:
        database.execute("BEGIN")
        yield database
        database.conn.rollback()
    except BaseException:
        database.close()
        raise
    give_back(path, database)


class Glance:
    """Looks often: each thread keeps a connection of its own, since opening one takes longest."""

    def __init__(self, path: Path) -> None:
        """Look into a database file; nothing is opened yet."""
        self._path = path
        self._own = threading.local()

    @contextmanager
    def now(self) -> Iterator[Database]:
        """Look, as `reading` does."""
        with self._kept() as database:
            database.execute("BEGIN")
            yield database
            database.conn.rollback()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Ask one thing, which is of one instant by itself: nothing is begun and ended for it."""
        with self._kept() as database:
            return database.execute(sql, values).fetchall()

    def changed(self, sql: str, values: Sequence[Any], *, is_sure: bool) -> list[Any]:
        """Run a statement that changes something, on a server: a transaction by itself.

        What is to be `is_sure` is on the disk by then.
        """
        with self._kept() as database:
            on_server: Any = database
            return list(on_server.run_at_once(sql, values, is_sure=is_sure).fetchall())

    @contextmanager
    def _kept(self) -> Iterator[Database]:
        kept: Database | None = getattr(self._own, "database", None)
        database = kept or connect(self._path)
        self._own.database = database
        try:
            yield database
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let this thread's connection go; the next look opens another."""
        kept: Database | None = getattr(self._own, "database", None)
        self._own.database = None
        if kept is not None:
            kept.close()


MOST_SPARE = 8


def keep_spare(path: Path) -> None:
    """From now on connections are used again: to open one and to read its statements takes long."""
    _spare.setdefault(path, [])


def close_spare(path: Path) -> None:
    """Close what is spare; from now on each connection is closed after its use."""
    for database in _spare.pop(path, []):
        database.close()


def taken(path: Path) -> Database:
    """A spare connection, or a new one; it belongs to the caller until it is given back."""
    try:
        return _spare[path].pop()
    except (KeyError, IndexError):
        return connect(path)


def give_back(path: Path, database: Database) -> None:
    """Keep a connection for the next; one that something befell, or one too many, is closed."""
    spare = _spare.get(path)
    if spare is None or len(spare) >= MOST_SPARE or database.conn.in_transaction:
        database.close()
    else:
        spare.append(database)


@contextmanager
def borrowed(path: Path) -> Iterator[Database]:
    """Use a connection, whose transactions are the caller's; one that failed is closed."""
    database = taken(path)
    try:
        yield database
    except BaseException:
        database.close()
        raise
    give_back(path, database)


@contextmanager
def transaction(
    path: Path, *, lasting: bool = True, committed: Callable[[], None] = lambda: None
) -> Iterator[Database]:
    """Write in one transaction; `BEGIN IMMEDIATE`, since read-then-write fails under load.

    What is not `lasting` survives a kill, and a power cut once something later is brought to the
    disk: for what would be done again from what was stored before. `committed` is called once
    others see what was written, and before the disk is waited for.
    """
    database = taken(path)
    try:
        with turn_to_write(path):
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.conn.rollback()
                raise
            database.conn.commit()
        committed()
        if lasting:
            flush(database)
    except BaseException:
        database.close()
        raise
    give_back(path, database)
    if lasting:
        made_lasting(path)


def flush(database: Database) -> None:
    """Return once a server has on its disk what this connection committed; a file comes later.

    By that connection: had the server fallen since, it would be cut off.
    """
    on_server = getattr(database.conn, "flush", None)
    if on_server is not None:
        on_server()


def expect(database: Database, changed: Any, failure: Exception) -> None:
    """Raise a failure where a statement changed nothing; on a server before the commit at last."""
    later = getattr(database.conn, "expect", None)
    if later is not None:
        later(changed, failure)
    elif changed.rowcount == 0:
        raise failure


def insert(database: Database, table: str, row: dict[str, Any]) -> int:
    """Insert a row and give the number that it got."""
    # By ourselves: sqlite-utils asks for the schema first, five times for each row.
    sql = f"{_insertion(table, row)} RETURNING id"
    return int(database.execute(sql, [*row.values()]).fetchall()[0][0])


def add(database: Database, table: str, *rows: dict[str, Any]) -> None:
    """Insert rows of the same columns whose numbers nobody asks for, in one statement.

    On a server nobody waits for it.
    """
    if rows:
        more = f", ({marks_for(rows[0])})" * (len(rows) - 1)
        values = [value for row in rows for value in row.values()]
        database.execute(_insertion(table, rows[0]) + more, values)


def _insertion(table: str, row: dict[str, Any]) -> str:
    names = ", ".join(f'"{name}"' for name in row)
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks_for(row)})'


def marks_for(values: Sized) -> str:
    """Write a mark for each of these, as a list of values has them."""
    return ", ".join("?" * len(values))


def update(database: Database, table: str, number: int, row: dict[str, Any]) -> None:
    """Write columns of the row that has this number."""
    columns = ", ".join(f'"{name}" = ?' for name in row)
    database.execute(f'UPDATE "{table}" SET {columns} WHERE id = ?', [*row.values(), number])
