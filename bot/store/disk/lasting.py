"""Bringing what was written to the disk: one call for all who wait, and only where it counts.

A commit stands in the write-ahead log at once, and survives a kill of this process. A power cut it
survives once the log is on the disk, for which one waits some milliseconds. That is needed twice
for a message: before Slack is told that it was stored, and before Slack is told anything because
of it. What lies between is done again from what was stored, and what comes after is looked for.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Together:
    """Does something slow once for all who asked before it began."""

    def __init__(self, do: Callable[[], None]) -> None:
        """Prepare; `do` is called by one of those who wait."""
        self._do = do
        self._news = threading.Condition()
        self._asked = self._done = 0
        self._runs = False

    def wait(self) -> None:
        """Return once it was done from beginning to end since this call; raises what it raised."""
        with self._news:
            self._asked += 1
            mine = self._asked
            while self._runs and self._done < mine:
                self._news.wait()
            if self._done >= mine:
                return
            self._runs, all_of_them = True, self._asked
        try:
            self._do()
        except BaseException:
            self._over(None)
            raise
        self._over(all_of_them)

    def _over(self, done: int | None) -> None:
        with self._news:
            self._runs = False
            self._done = max(self._done, done or 0)
            self._news.notify_all()


_logs: dict[Path, Together] = {}


def made_lasting(path: Path) -> None:
    """Return once all that was committed to a database is on the disk."""
    _logs.setdefault(path, Together(lambda: _on_disk(path))).wait()


def _on_disk(path: Path) -> None:
    # Opened each time: SQLite makes a new log where the last connection had closed the old one,
    # and what was in that is in the database by then, on the disk.
    with suppress(FileNotFoundError):
        log = os.open(path.with_name(path.name + "-wal"), os.O_RDWR)
        try:
            os.fdatasync(log)
        finally:
            os.close(log)
