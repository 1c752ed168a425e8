"""A desk's database on a PostgreSQL server: connecting to it, and its shape."""

from __future__ import annotations

import re
import secrets
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bot.store.migrations import migrations
from bot.store.migrations.registry import NARROWING
from bot.store.postgresql.clock import ServerClock
from bot.store.postgresql.columns import pattern
from bot.store.postgresql.connection import PgDatabase
from bot.store.postgresql.errors import PassingError, RefusedError, first_line, in_our_words
from bot.store.postgresql.locks import OLDER, SERVING
from bot.store.postgresql.shaping import whole_shape
from bot.store.sealing import KEY, SealingError, is_on

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sqlite_utils import Database

OLDEST = 14
PATIENCE_S, A_MOMENT_S = 5.0, 0.2
"""So long a server that was there before may be away before whoever asks is told."""
HOW: dict[str, Any] = {
    "autocommit": True,
    "connect_timeout": 5,
    # A server that does not answer any more is noticed, whatever became of it.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
SETUP = (
    "SET lock_timeout = '5s'; SET timezone = 'UTC'; SET client_encoding = 'UTF8'; "
    "SET synchronous_commit = off; SET jit = off"
)
"""Whoever writes does not hold up the next one for the disk: see `flush`. Nothing is compiled for a
look of some rows."""
MEANT_TO_STAY = (
    (r"password authentication failed|no password supplied|Peer authentication failed",
     "refused the password; check user and password (in FRONTLINE_DB, or PGPASSWORD)"),
    (r"role .* does not exist", "knows no such user; check the one in FRONTLINE_DB"),
    (r"database .* does not exist",
     "has no such database; check its name, and only for a new desk make one with `createdb`"),
    (r"no pg_hba.conf entry", "does not let this machine in; add it to pg_hba.conf"),
)  # fmt: skip
"""What does not pass by waiting, by what PostgreSQL says."""
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' "
    "AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
)


class Server:
    """One desk's database on a server."""

    def __init__(self, address: str, *, wait: Callable[[float], object] = time.sleep) -> None:
        """Name it; nothing is opened yet.

        Raises:
            RefusedError: that is no address.
        """
        self._address = address
        self._wait = wait
        self._was_there = False
        self.token = secrets.token_hex(4)
        """By which this process knows its own writing."""
        self._process = f"frontline {self.token}"
        self.clock = ServerClock()
        try:
            parts = conninfo_to_dict(address)
        except psycopg.Error as failure:
            raise RefusedError(
                f"The address of PostgreSQL cannot be read ({first_line(failure)}); write it as "
                "postgresql://USER@HOST/DATABASE."
            ) from failure
        host = parts.get("host") or "this machine"
        self.name = f"PostgreSQL's {parts.get('dbname') or 'database'} on {host}"
        """For people: without user and password."""

    def connect(self) -> Database:
        """Open a connection, with the face of SQLite's.

        Raises:
            PassingError: the server is away.
            RefusedError: it is there and will not let us in, or is too old.
        """
        return cast("Database", PgDatabase(self.opened, self.token))

    def opened(self) -> psycopg.Connection[Any]:
        """Open a connection as psycopg gives it; raises as `connect`."""
        until = time.monotonic() + (PATIENCE_S if self._was_there else 0)
        while True:
            try:
                connection = psycopg.connect(self._address, application_name=self._process, **HOW)
                connection.execute(SETUP)
            except psycopg.Error as failure:
                self._refuse_for_good(failure)
                if time.monotonic() >= until:
                    raise PassingError(
                        f"{self.name} cannot be reached ({_reason(failure)}); "
                        "is it running, and is the address right?"
                    ) from failure
                self._wait(A_MOMENT_S)
            else:
                self._look_at(connection)
                self._was_there = True
                return connection

    def _refuse_for_good(self, failure: psycopg.Error) -> None:
        for refusal, says in MEANT_TO_STAY:
            if re.search(refusal, str(failure)):
                raise RefusedError(f"{self.name} {says}.") from failure

    def _look_at(self, connection: psycopg.Connection[Any]) -> None:
        version, encoding = connection.info.server_version, "server_encoding"
        says = None
        if version < OLDEST * 10_000:
            says = f"is version {version // 10_000}; Frontline needs {OLDEST} or later"
        elif connection.info.parameter_status(encoding) != "UTF8":
            says = "holds no Unicode; make the database with `createdb --encoding UTF8`"
        if says is not None:
            connection.close()
            raise RefusedError(f"{self.name} {says}.")

    @contextmanager
    def kept_alone(self) -> Iterator[bool]:
        """Keep those away that would serve; gives False where somebody does."""
        with self._locked(SERVING) as is_ours:
            yield is_ours

    @contextmanager
    def turn_of(self, what: str) -> Iterator[bool]:
        """Keep other processes away from one thing of this desk; False where one is at it."""
        lock = "hashtextextended('frontline turn ' || current_schema() || %s, 0)"
        with self._locked(lock, what) as is_ours:
            yield is_ours

    @contextmanager
    def _locked(self, lock: str, *values: str) -> Iterator[bool]:
        """Hold a lock, by its number in SQL; False where another session does.

        Raises as `connect`; that the session was cut meanwhile is said as everywhere.
        """
        with closing(self.opened()) as session:
            sql = f"SELECT pg_try_advisory_lock({lock})".encode()
            with in_our_words():
                (is_ours,) = session.execute(sql, values).fetchone() or (False,)
            yield bool(is_ours)
            # By a word: of a connection that is closed the server frees its locks a moment later.
            with in_our_words():
                session.execute("SELECT pg_advisory_unlock_all()")

    def compare_clocks(self) -> None:
        """See what the server's clock shows; raises as `connect`."""
        with closing(self.opened()) as session, in_our_words():
            row = session.execute("SELECT clock_timestamp()").fetchone()
        if row:
            self.clock.compare(row[0])

    def migrate(self) -> None:
        """Bring the database to this version's shape; of several processes one does.

        Raises:
            RefusedError: it is not ours, or a newer version's; it is left as it was.
        """
        if is_on():
            raise SealingError(
                f"{KEY} is set, and conversations are sealed in SQLite alone so far; unset it, "
                "or let the server encrypt its disk."
            )
        database = self.connect()
        try:
            if self._done(database).issuperset(each.name for each in migrations._migrations):  # noqa: SLF001 - it tells no other way
                # Others that serve write meanwhile.
                return
            database.execute("BEGIN IMMEDIATE")
            done = self._done(database)
            if done:
                missing = [step for step in migrations._migrations if step.name not in done]  # noqa: SLF001 - it tells no other way
                self._spare_older(database, NARROWING.intersection(each.name for each in missing))
                for step in missing:
                    step.fn(database)
                    _note(database, step.name)
            else:
                _make(database)
            database.conn.commit()
        finally:
            database.conn.rollback()
            database.close()

    def _spare_older(self, database: Database, narrow: Collection[str]) -> None:
        """Take no step with which an older version that serves could not go on."""
        if not narrow:
            return
        newest = migrations._migrations[-1].name  # noqa: SLF001 - as above
        older = database.conn.run(OLDER, [newest]).fetchall()  # type: ignore[attr-defined]
        if older:
            named = ", ".join(f"process {pid} on {host}" for _, host, pid in older)
            raise RefusedError(
                f"{self.name} is served by an older Frontline ({named}), which cannot go on with "
                f"the step {min(narrow)}; stop it first, and start this version then."
            )

    def refuse_strangers(self) -> None:
        """Refuse a database that is not ours, or that a newer version wrote.

        Raises:
            RefusedError: with the one line that says so.
        """
        with closing(self.connect()) as database:
            self._done(database)

    def _done(self, database: Database) -> set[str]:
        """Name the steps that made the database; none where it is empty."""
        tables = {str(row[0]) for row in database.execute(TABLES).fetchall()}
        if not tables:
            return set()
        if "_sqlite_migrations" not in tables:
            raise RefusedError(
                f"{self.name} is a database of something else than Frontline; "
                "choose an empty one with --db."
            )
        rows = database.execute("SELECT name FROM _sqlite_migrations").fetchall()
        done = {str(row[0]) for row in rows}
        newer = sorted(done - {each.name for each in migrations._migrations})  # noqa: SLF001 - as above
        if newer:
            raise RefusedError(
                f"{self.name} was written by a newer Frontline ({newer[-1]}); "
                "install that version or a later one."
            )
        return done


def _make(database: Database) -> None:
    """Make an empty database, in the shape that SQLite's own steps give one of SQLite's."""
    for step in whole_shape(pattern()):
        database.conn.script(step)  # type: ignore[attr-defined]
    for each in migrations._migrations:  # noqa: SLF001 - as above
        _note(database, each.name)


def _note(database: Database, step: str) -> None:
    database.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        "VALUES ('desk', ?, datetime('now'))",
        [step],
    )


def _reason(failure: psycopg.Error) -> str:
    """Give what the server or the network said, without where: the line begins with that."""
    return re.sub(r"^connection failed: |^.*port \d+ failed: ", "", first_line(failure))
