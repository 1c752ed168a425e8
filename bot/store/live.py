"""What is remembered of live sources: what came of the last try, and when the next one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.live import SourceState, pause_after
from bot.store.codec import moment, stamp
from bot.store.database import marks_for, reading, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock

_COLUMNS = "name, kind, articles, says, notes, began_at, done_at, next_at, failures"


class LiveSources:
    """The states of the live sources, by name."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Work on a database file; `clock` is the date, by which sources are due."""
        self._path = path
        self._clock = clock

    def states(self, kinds: Mapping[str, str]) -> tuple[SourceState, ...]:
        """Give how each of these sources stands, by their names and kinds."""
        with reading(self._path) as db:
            return states_in(db, kinds)

    def fingerprint(self, name: str) -> str:
        """What the base holds of a source; empty where it holds nothing yet."""
        with reading(self._path) as db:
            row = db.execute(
                "SELECT fingerprint FROM live_sources WHERE name = ?", [name]
            ).fetchone()
        return str(row[0]) if row else ""

    def begin(self, name: str, kind: str, every: timedelta) -> None:
        """Write down that a try begins: should it end without a word, it is not begun at once."""
        now = self._clock()
        with transaction(self._path) as db:
            db.execute(
                "INSERT INTO live_sources (name, kind) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET kind = excluded.kind",
                [name, kind],
            )
            db.execute(
                "UPDATE live_sources SET began_at = ?, next_at = ? WHERE name = ?",
                [stamp(now), stamp(now + self._pause(db, name, every, None)), name],
            )

    def done(
        self,
        name: str,
        every: timedelta,
        *,
        articles: int | None = None,
        fingerprint: str | None = None,
        notes: str | None = None,
    ) -> None:
        """Write down that a source was brought in whole; what is not given is as before."""
        now = self._clock()
        with transaction(self._path) as db:
            db.execute(
                "UPDATE live_sources SET says = '', notes = coalesce(?, notes), done_at = ?, "
                "next_at = ?, failures = 0, articles = coalesce(?, articles), "
                "fingerprint = coalesce(?, fingerprint) WHERE name = ?",
                [notes, stamp(now), stamp(now + every), articles, fingerprint, name],
            )

    def failed(
        self,
        name: str,
        every: timedelta,
        says: str,
        *,
        wish: float | None = None,
        articles: int | None = None,
        fingerprint: str | None = None,
    ) -> None:
        """Write down why a try failed; what is given besides has changed all the same."""
        now = self._clock()
        with transaction(self._path) as db:
            pause = self._pause(db, name, every, wish)
            db.execute(
                "UPDATE live_sources SET says = ?, next_at = ?, failures = failures + 1, "
                "articles = coalesce(?, articles), fingerprint = coalesce(?, fingerprint) "
                "WHERE name = ?",
                [says, stamp(now + pause), articles, fingerprint, name],
            )

    def only(self, names: Sequence[str]) -> None:
        """Forget what is not configured any more; its articles stay until somebody removes them."""
        marks = marks_for(names)
        with transaction(self._path) as db:
            db.execute(f"DELETE FROM live_sources WHERE name NOT IN ({marks})", list(names))

    def _pause(self, db: Database, name: str, every: timedelta, wish: float | None) -> timedelta:
        row = db.execute("SELECT failures FROM live_sources WHERE name = ?", [name]).fetchone()
        return pause_after((row[0] if row else 0) + 1, every, wish)


def states_in(db: Database, kinds: Mapping[str, str]) -> tuple[SourceState, ...]:
    """Give how these sources stand in a database that is open."""
    rows = {row[0]: row for row in db.execute(f"SELECT {_COLUMNS} FROM live_sources")}
    return tuple(
        _state(rows[name]) if name in rows else SourceState(name, kind)
        for name, kind in kinds.items()
    )


def ill_sources(db: Database) -> tuple[str, ...]:
    """Give a line for each source that is in trouble."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM live_sources WHERE says <> '' ORDER BY name")
    return tuple(f"{state.name}: {state.line()}" for state in map(_state, rows))


def _state(
    row: tuple[str, str, int, str, str, str | None, str | None, str | None, int],
) -> SourceState:
    name, kind, articles, says, notes, began, done, again, failures = row
    began_at, done_at, next_at = (moment(each) if each else None for each in (began, done, again))
    return SourceState(name, kind, articles, says, notes, began_at, done_at, next_at, failures)
