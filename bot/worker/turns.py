"""Turns: so many messages are worked on at once, however many threads wait for Slack.

Who looks somebody up in Slack lends the turn to another thread meanwhile: a look-up that hangs
holds its own ticket, and nobody else. More threads that decide side by side would take the
processor from each other.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turns:
    """A fixed number of turns, each in the hands of one thread."""

    def __init__(self, most: int) -> None:
        """Have so many turns, all of them free."""
        self.most = most
        self._free = threading.Semaphore(most)
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and have it."""
        with self._free:
            self._own.has_one = True
            try:
                yield
            finally:
                self._own.has_one = False

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let another thread have this one's turn; a thread that has none just goes on."""
        if not getattr(self._own, "has_one", False):
            yield
            return
        self._own.has_one = False
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()
            self._own.has_one = True
