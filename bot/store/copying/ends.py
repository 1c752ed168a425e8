"""The two ends of a copy: a file, and a database on a server. They run the same statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from bot.store.copying.pattern import pattern
from bot.store.database import StoreError, put_on, reading, shape, transaction
from bot.store.holding import Holding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.store.postgresql.server import Server

Run = Callable[[str, Sequence[Any]], list[Any]]
"""Runs a statement, in which parameters stand as `mark` gives them; gives its rows."""


class End(Protocol):
    """Where a desk is, or comes to."""

    path: Path
    name: str
    most: int
    """So many parameters a statement may have."""

    def kept(self) -> Any:
        """Keep others away meanwhile, as a context manager; refused where a bot works on it."""

    def mark(self, place: int) -> str:
        """Write the parameter of a place, from 1."""

    def run(self, database: Database) -> Run:
        """Give what runs statements on an open connection."""

    def hush(self, run: Run) -> None:
        """Let nothing happen by itself when rows come."""

    def wake(self, run: Run) -> None:
        """Let it happen again."""

    def empty(self, run: Run) -> None:
        """Take out every row."""

    def let_go(self, run: Run) -> None:
        """Let go of what is beside the desk and of it: articles and model that machines share."""

    def numbers(self, run: Run) -> dict[str, int]:
        """Give the number that each table gave last."""

    def go_on_from(self, run: Run, numbers: dict[str, int]) -> None:
        """Let new rows be numbered after these."""


class FileEnd:
    """SQLite."""

    most = 30_000

    def __init__(self, path: Path, clock: Clock) -> None:
        """Name the file."""
        self.path = path
        self.name = str(path)
        self._clock = clock

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep others away by the lock beside the file."""
        holding = Holding(self.path, self._clock)
        holding.lock()
        try:
            yield
        finally:
            holding.unlock()

    def mark(self, _: int) -> str:
        """Write a parameter."""
        return "?"

    def run(self, database: Database) -> Run:
        """Give what runs statements."""
        return lambda sql, values: database.execute(sql, list(values)).fetchall()

    def hush(self, run: Run) -> None:
        """Take the triggers away."""
        for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'trigger'", []):
            run(f'DROP TRIGGER "{name}"', [])

    def wake(self, run: Run) -> None:
        """Make them again."""
        for _, sql in pattern().triggers:
            run(sql, [])

    def empty(self, run: Run) -> None:
        """Delete every row."""
        for table in reversed(pattern().tables):
            for column in table.within:
                run(f'UPDATE "{table.name}" SET "{column}" = NULL', [])
            run(f'DELETE FROM "{table.name}"', [])

    def let_go(self, run: Run) -> None:
        """Nothing is shared: a file is never copied over."""

    def numbers(self, run: Run) -> dict[str, int]:
        """Give what SQLite remembers."""
        return {str(name): int(last) for name, last in run("SELECT * FROM sqlite_sequence", [])}

    def go_on_from(self, run: Run, numbers: dict[str, int]) -> None:
        """Let SQLite remember: it does so for tables that never give a number twice."""
        made = run(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'", []
        )
        for (name,) in made:
            run("DELETE FROM sqlite_sequence WHERE name = ?", [name])
            run("INSERT INTO sqlite_sequence VALUES (?, ?)", [name, numbers.get(name, 0)])


class ServerEnd:
    """PostgreSQL."""

    most = 60_000

    def __init__(self, server: Server, path: Path) -> None:
        """Name the server; `path` is a name for it here, and no file."""
        self.path = path
        self.name = server.name
        self._server = server
        put_on(path, server)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep others away by the server's lock."""
        with self._server.kept_alone() as is_ours:
            if not is_ours:
                raise StoreError(
                    f"{self.name} is in use by a running Frontline; stop that one first."
                )
            yield

    def mark(self, place: int) -> str:
        """Write a parameter."""
        return f"${place}"

    def run(self, database: Database) -> Run:
        """Give what runs statements, as they are: each is written for both."""

        def run(sql: str, values: Sequence[Any]) -> list[Any]:
            return list(database.conn.run(sql, list(values)).fetchall())  # type: ignore[attr-defined]

        return run

    def hush(self, run: Run) -> None:
        """Switch the triggers off."""
        for table in pattern().tables:
            run(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER', [])

    def wake(self, run: Run) -> None:
        """Switch them on, and let the server see how much there is now, by which it plans.

        By itself it looks after a minute, and until then plans as if there were nothing.
        """
        for table in pattern().tables:
            run(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER', [])
        for table in pattern().tables:
            # Ours alone: a bare ANALYZE takes the tables of every desk in the database.
            run(f'ANALYZE "{table.name}"', [])

    def empty(self, run: Run) -> None:
        """Empty all tables at once."""
        names = ", ".join(table.name for table in pattern().tables)
        run(f"TRUNCATE {names}", [])

    def let_go(self, run: Run) -> None:
        """Delete articles and model."""
        for table in ("base_rows", "shared_model"):
            run(f"DELETE FROM {table}", [])

    def numbers(self, run: Run) -> dict[str, int]:
        """Give what the sequences gave last."""
        given = {}
        for table in pattern().tables:
            if table.number is not None:
                sequence = self._sequence(run, table.name, table.number)
                ((last, was_given),) = run(f"SELECT last_value, is_called FROM {sequence}", [])
                given[table.name] = int(last) if was_given else int(last) - 1
        return given

    def go_on_from(self, run: Run, numbers: dict[str, int]) -> None:
        """Let the sequences go on."""
        for table in pattern().tables:
            last = numbers.get(table.name, 0)
            if table.number is not None and last > 0:
                sequence = self._sequence(run, table.name, table.number)
                run("SELECT setval($1::text::regclass, $2)", [sequence, last])

    def _sequence(self, run: Run, table: str, column: str) -> str:
        ((found,),) = run("SELECT pg_get_serial_sequence($1, $2)", [f'"{table}"', column])
        return str(found)


@contextmanager
def read_from(end: End) -> Iterator[Run]:
    """Read one instant of a desk."""
    with reading(end.path) as database:
        yield end.run(database)


@contextmanager
def write_to(end: End) -> Iterator[Run]:
    """Write in one transaction."""
    with transaction(end.path) as database:
        yield end.run(database)


def brought_up(end: End) -> None:
    """Bring a database to this version's shape."""
    shape(end.path)
