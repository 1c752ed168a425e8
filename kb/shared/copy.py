"""A working copy: the file of one machine, kept as the place says that all machines share.

Whoever writes has the place's turn, begins with what stands there, and hands over what changed
before it counts here. So the file is never ahead of the place, and what a kill leaves behind is
taken up again by the next look. Searches read the file alone.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from kb.shared.rows import Row, changed, empty, everything, note_changes, put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

BUSY_TIMEOUT_SECONDS = 30.0

REMEMBERED = 1_000
"""For so many generations a place knows what went; a file that is further behind is made anew."""


class Turn(Protocol):
    """One's turn to write at the place; ended by an error, nothing of it is kept."""

    generation: int
    """What stands there; 0 where nothing does yet."""

    def keep(self, rows: Iterable[Row], generation: int) -> None:
        """Keep rows as of a generation; they count, for all, once this returns.

        What went more than REMEMBERED generations ago is let go.
        """


class Place(Protocol):
    """Where machines share the rows of one base."""

    def stands(self) -> tuple[int, str]:
        """Give which generation stands there, and of which base; 0 where nothing does yet."""

    def since(self, generation: int) -> AbstractContextManager[Iterator[Row]]:
        """Give the rows that changed after a generation, all of one instant."""

    def turn(self) -> AbstractContextManager[Turn]:
        """Have one's turn; waits for whoever has it."""


class WorkingCopy:
    """The file of this machine."""

    def __init__(self, path: Path, place: Place) -> None:
        """Keep this file, whose tables are there, as the place says."""
        self._path = path
        self._place = place

    def opened(self, connection: sqlite3.Connection) -> None:
        """Watch what a new connection changes; what is erased is not to lie about in its pages."""
        connection.execute("pragma secure_delete = on")
        note_changes(connection)

    def catch_up(self) -> bool:
        """Bring the file to what stands at the place; tells whether there was anything new.

        Where nothing stands there yet, this machine's articles become those of all.
        """
        generation, base = self._place.stands()
        if not generation:
            return self._found()
        with closing(self._connection()) as connection:
            return self._brought(connection, generation, base)

    @contextmanager
    def turn(self) -> Iterator[Callable[[sqlite3.Connection], None]]:
        """Have the turn to write, with the file as the place is; gives what hands changes over."""
        with self._place.turn() as turn:
            if turn.generation:
                with closing(self._connection()) as connection:
                    self._brought(connection, *self._place.stands())
            rows = changed if turn.generation else everything

            def hand_over(connection: sqlite3.Connection) -> None:
                turn.keep(rows(connection), _own(connection)[0])

            yield hand_over

    def _found(self) -> bool:
        with self._place.turn() as turn, closing(self._connection()) as connection:
            if turn.generation:
                return self._brought(connection, *self._place.stands())
            connection.execute("begin immediate")
            connection.execute("update kb_state set value = value + 1 where name = 'generation'")
            turn.keep(everything(connection), _own(connection)[0])
            connection.commit()
            return False

    def _brought(self, connection: sqlite3.Connection, generation: int, base: str) -> bool:
        connection.execute("begin immediate")
        try:
            own, own_base = _own(connection)
            # Older than the file: the place was put back from a copy.
            anew = own_base != base or not own <= generation <= own + REMEMBERED
            if not anew and generation == own:
                return False
            if own_base != base:
                self._set_aside()
            with self._place.since(0 if anew else own) as rows:
                if anew:
                    empty(connection)
                put(connection, rows)
            connection.commit()
        finally:
            connection.rollback()
        # What was unlearned is not to lie about in the log either.
        with suppress(sqlite3.OperationalError):
            connection.execute("pragma wal_checkpoint(truncate)")
        return True

    def _set_aside(self) -> None:
        """Keep what the file held of another base, where it held any article."""
        aside = self._path.with_name(self._path.name + ".before-sharing")
        with closing(self._connection()) as connection:
            held = connection.execute("select count(*) from kb_articles").fetchone()[0]
            if held and not aside.exists():
                aside.touch(mode=0o600)
                connection.execute("vacuum into ?", [str(aside)])

    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma secure_delete = on")
        return connection


def _own(connection: sqlite3.Connection) -> tuple[int, str]:
    rows = connection.execute(
        "select name, value from kb_state where name in ('generation', 'identity')"
    )
    kept = dict(rows.fetchall())
    return int(kept.get("generation", 0)), str(kept.get("identity", ""))


def stands(rows: Iterable[tuple[str, str]]) -> tuple[int, str]:
    """Read generation and base off the rows of `kb_state`, by key, that a place keeps."""
    kept = {json.loads(key)[0]: json.loads(values)[1] for key, values in rows}
    return int(kept.get("generation", 0)), str(kept.get("identity", ""))
