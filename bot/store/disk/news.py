"""Whether anything was written, by whatever process: one cheap look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.database import server_of

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.database import Glance


class News:
    """Tells whether the database changed, by the counter that SQLite keeps of it.

    PostgreSQL has none that is as cheap; there everything is news.
    """

    def __init__(self, path: Path, glance: Glance) -> None:
        """Look through a thread's own connection, against which the counter is valid."""
        self._is_counted = server_of(path) is None
        self._glance = glance
        self._seen: int | None = None

    def since_last(self) -> bool:
        """Tell whether something was committed since this was asked last; at first, yes."""
        if not self._is_counted:
            return True
        with self._glance.now() as database:
            count = int(database.execute("PRAGMA data_version").fetchone()[0])
        before, self._seen = self._seen, count
        return count != before
