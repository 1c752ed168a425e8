"""A bell between threads: rung when there is something to do."""

from __future__ import annotations

import threading


class Wakeup:
    """Lets a worker sleep until there is work, or until the next row falls due."""

    def __init__(self) -> None:
        """Start silent."""
        self._event = threading.Event()

    def set(self) -> None:
        """Ring."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Sleep until rung, or for so many seconds at most."""
        self._event.wait(seconds)
        self._event.clear()
