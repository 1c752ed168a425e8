"""The database file: a connection for each thread, transactions, and errors in plain words."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from kb.errors import IndexUnavailableError
from kb.index.schema import migrations
from kb.shared.copy import WorkingCopy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kb.shared.copy import Place

BUSY_TIMEOUT_SECONDS = 10.0

CACHE_KB = 512
"""Of the file, so much is kept by each thread: what a search needs is in the snapshot."""


class DatabaseFile:
    """The file and what any table needs of it; one connection for each thread."""

    def __init__(self, path: Path, place: Place | None = None) -> None:
        """Open the database file and bring its tables up to date.

        With a `place`, several machines have one base, and the file is this one's copy of it.
        """
        self.path = path
        self._copy: WorkingCopy | None = None
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                # For this user alone: articles learn what people asked.
                path.touch(mode=0o600)
            migrations.apply(self.database)
        if place is not None:
            self.close()
            self._copy = WorkingCopy(path, place)
            self.catch_up()

    def catch_up(self) -> bool:
        """Take up what other machines wrote; tells whether there was anything."""
        if self._copy is None:
            return False
        with translated(self.path):
            return self._copy.catch_up()

    @property
    def database(self) -> Database:
        """This thread's connection."""
        existing: Database | None = getattr(self._local, "database", None)
        if existing is None:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_TIMEOUT_SECONDS, check_same_thread=False
            )
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute("pragma foreign_keys = on")
            connection.execute(f"pragma cache_size = -{CACHE_KB}")
            if self._copy is not None:
                self._copy.opened(connection)
            existing = self._local.database = Database(connection)
            with self._lock:
                self._open.append(connection)
        return existing

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction that has the write lock from its start; rolled back on any error."""
        database = self.database
        turn = nullcontext(lambda _: None) if self._copy is None else self._copy.turn()
        with translated(self.path), turn as hand_over:
            database.execute("begin immediate")
            try:
                yield database
                database.execute("update kb_state set value = value + 1 where name = 'generation'")
                hand_over(database.conn)
            except BaseException:
                database.rollback()
                raise
            database.conn.commit()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever others write meanwhile."""
        database = self.database
        with translated(self.path):
            database.execute("begin")
            try:
                yield
            finally:
                database.rollback()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """Every row of a query."""
        with translated(self.path):
            return self.database.conn.execute(sql, values).fetchall()

    def state(self, name: str) -> str | None:
        """A named value kept beside the articles."""
        found = self.rows("select value from kb_state where name = ?", [name])
        return found[0][0] if found else None

    def set_state(self, name: str, value: str) -> None:
        """Keep a named value; searches notice it like any other write."""
        with self.writing() as database:
            database.execute("insert or replace into kb_state values (?, ?)", [name, value])

    def generation(self) -> str:
        """A value that changes with every write."""
        return self.state("generation") or "0"


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's errors into one that says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            remedy = "another program is writing to it; try again in a moment"
        elif "full" in str(error):
            remedy = "the disk is full; free some space and try again, nothing was changed"
        else:
            remedy = "check the path and its permissions"
        raise IndexUnavailableError(f"{path}: {error}; {remedy}") from error
    except sqlite3.DatabaseError as error:
        raise IndexUnavailableError(
            f"{path}: {error}; it is not a Frontline database, choose another path"
        ) from error
    except OSError as error:
        raise IndexUnavailableError(f"{path}: {error.strerror or error}") from error
