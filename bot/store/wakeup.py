"""A bell between threads: rung when there is something to do, and whether there may be."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.store.database import Glance


class Wakeup:
    """Lets a worker sleep until there is work, or until the next row falls due.

    Of several who sleep, one ring wakes one: whoever finds more than one can do rings again. It is
    the one that went to sleep last, so that few do what few can do: each has a connection of its
    own, and whoever used theirs a moment ago is quickest.
    """

    def __init__(self) -> None:
        """Start silent."""
        self._lock = threading.Lock()
        self._asleep: list[threading.Event] = []
        self.is_rung = False

    def set(self) -> None:
        """Ring; what nobody sleeps for is heard by whoever wants to sleep next."""
        with self._lock:
            self.is_rung = True
            if self._asleep:
                self._asleep.pop().set()

    def wait(self, seconds: float) -> None:
        """Sleep until rung, or for so many seconds at most."""
        woken = threading.Event()
        with self._lock:
            if not self.is_rung:
                self._asleep.append(woken)
            else:
                woken.set()
        woken.wait(seconds)
        with self._lock:
            if woken in self._asleep:
                self._asleep.remove(woken)
            self.is_rung = False


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
