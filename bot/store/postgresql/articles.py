"""The articles on the server: the rows of a base that all machines have copies of."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.store.postgresql.errors import PassingError, RefusedError
from kb.errors import IndexUnavailableError
from kb.shared.copy import REMEMBERED, stands
from kb.shared.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from sqlite_utils import Database

    from bot.store.postgresql.connection import Session

AT_ONCE = 500
"""Rows that are sent or fetched at a time: some megabytes."""
TURN = """
SELECT set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '60s', true),
pg_advisory_xact_lock(hashtextextended('frontline articles ' || current_schema(), 0))
"""
"""Who writes articles waits for another one who does, and not for the desk."""
STANDS = """
SELECT key, held FROM base_rows WHERE part = 'kb_state'
AND key IN ('["generation"]', '["identity"]')
"""
SINCE = """
SELECT part, key, held, data, generation FROM base_rows
WHERE (generation, part, key) > ($1, $2, $3) ORDER BY generation, part, key LIMIT $4
"""
KEEP = """
INSERT INTO base_rows (part, key, held, data, generation)
SELECT part, key, held, data, $5
FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) AS r (part, key, held, data)
ON CONFLICT (part, key) DO UPDATE
SET held = excluded.held, data = excluded.data, generation = excluded.generation
"""
LET_GO = "DELETE FROM base_rows WHERE held IS NULL AND generation <= $1"
AFTER_ALL_PARTS = "~"


class SharedTurn:
    """One transaction, in which nobody else writes articles."""

    def __init__(self, session: Session) -> None:
        """Work in this one."""
        self._session = session
        self.generation = stands(session.run(STANDS).fetchall())[0]

    def keep(self, rows: Iterable[Row], generation: int) -> None:
        """Keep rows as of a generation; they count, for all, once this returns."""
        given = iter(rows)
        try:
            while some := list(islice(given, AT_ONCE)):
                columns = zip(*((r.part, r.key, r.values, r.data) for r in some), strict=True)
                self._session.run(KEEP, [*map(list, columns), generation])
            self._session.run(LET_GO, [generation - REMEMBERED])
            self._session.commit()
        except (PassingError, RefusedError) as failure:
            raise _unavailable(failure) from failure


class SharedArticles:
    """Where the machines that serve a desk on a server share its articles."""

    def __init__(self, borrow: Callable[[], AbstractContextManager[Database]]) -> None:
        """Use connections of the desk's; nothing is opened yet."""
        self._borrow = borrow

    def stands(self) -> tuple[int, str]:
        """Give which generation stands there, and of which base; 0 where nothing does yet."""
        with self._borrowed() as session:
            return stands(session.ask(STANDS).fetchall())

    @contextmanager
    def since(self, generation: int) -> Iterator[Iterator[Row]]:
        """Give the rows that changed after a generation, all of one instant."""
        with self._borrowed() as session:
            session.begin(writes=False)
            try:
                yield self._rows(session, generation)
            finally:
                session.rollback()

    @contextmanager
    def turn(self) -> Iterator[SharedTurn]:
        """Have one's turn; waits for whoever has it."""
        with self._borrowed() as session:
            session.begin(writes=True, in_turn=False)
            try:
                session.run(TURN).fetchone()
                yield SharedTurn(session)
            finally:
                session.rollback()

    def _rows(self, session: Session, generation: int) -> Iterator[Row]:
        last: list[Any] = [generation, AFTER_ALL_PARTS, ""]
        while True:
            found = session.run(SINCE, [*last, AT_ONCE]).fetchall()
            for part, key, held, data, _ in found:
                yield Row(part, key, held, data)
            if len(found) < AT_ONCE:
                return
            part, key, _, _, of = found[-1]
            last = [of, part, key]

    @contextmanager
    def _borrowed(self) -> Iterator[Session]:
        try:
            with self._borrow() as database:
                yield database.conn  # type: ignore[misc]
        except (PassingError, RefusedError) as failure:
            raise _unavailable(failure) from failure


def _unavailable(failure: Exception) -> IndexUnavailableError:
    return IndexUnavailableError(f"The articles are on PostgreSQL. {failure}")
