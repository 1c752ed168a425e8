"""One process at a time on a server: a lock that goes with its connection."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

TAKE = "SELECT pg_try_advisory_lock(hashtextextended('frontline serves ' || current_schema(), 0))"


class Turn:
    """The lock of the process that serves a desk; the server frees it when that dies."""

    def __init__(self, connect: Callable[[], Database]) -> None:
        """Connect; nothing is locked yet."""
        self._connect = connect
        self._connection: Database | None = None

    def is_kept(self) -> bool:
        """Whether the lock is ours; taken, and taken again where the server was away meanwhile."""
        if self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
            except sqlite3.Error:
                self.end()
            else:
                return True
        connection = self._connect()
        if not connection.execute(TAKE).fetchone()[0]:
            connection.close()
            return False
        self._connection = connection
        return True

    def end(self) -> None:
        """Give the lock back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
