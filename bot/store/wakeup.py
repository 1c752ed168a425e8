"""A bell between threads: rung when there is something to do, and whether there may be."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.store.database import Glance


class Wakeup:
    """Lets a worker sleep until there is work, or until the next row falls due.

    Of several who sleep one is woken: who finds something to do rings for the next.
    """

    def __init__(self) -> None:
        """Start silent."""
        self._news = threading.Condition()
        self._rung = False

    def set(self) -> None:
        """Ring."""
        with self._news:
            self._rung = True
            self._news.notify()

    def wait(self, seconds: float) -> None:
        """Sleep until rung, or for so many seconds at most."""
        with self._news:
            if not self._rung:
                self._news.wait(seconds)
            self._rung = False


class News:
    """Tells whether the database changed, by the counter that SQLite keeps of it.

    PostgreSQL has none that is as cheap; there everything is news.
    """

    def __init__(self, glance: Glance, *, is_counted: bool) -> None:
        """Look through a thread's own connection, against which the counter is valid."""
        self._is_counted = is_counted
        self._glance = glance
        self._seen: int | None = None

    def since_last(self) -> bool:
        """Tell whether something was committed since this was asked last; at first, yes."""
        if not self._is_counted:
            return True
        ((count,),) = self._glance.rows("PRAGMA data_version")
        before, self._seen = self._seen, int(count)
        return before != self._seen
