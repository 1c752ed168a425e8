"""When Slack is away as a whole: one asks whether it is back, and all others wait for that one."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.worker.pauses import pause_after

if TYPE_CHECKING:
    from datetime import datetime

log = structlog.get_logger(__name__)

PLACES = 4
"""So many places fail, one after the other, and nothing gets through between: it is no place's own
trouble."""

LONGEST_PAUSE = timedelta(seconds=15)
"""So soon after its end at the latest everything goes on."""


class Outage:
    """Whether Slack seems to be away; while it is, one row at a time is tried, ever more rarely.

    Without it each of thousands of rows would be tried every minute, and each would then wait for
    its own minute to be over. What a single channel or method fails on makes no outage.
    """

    def __init__(self) -> None:
        """Begin with everything going."""
        self._failing: set[str] = set()
        self._tries = 0
        self._next: datetime | None = None
        self._is_trying = False
        self._lock = threading.Lock()

    def rests(self, now: datetime) -> bool:
        """Whether nothing is to be tried now."""
        with self._lock:
            return self._next is not None and now < self._next <= now + 2 * LONGEST_PAUSE

    def trying(self, now: datetime) -> None:
        """Note that a row is tried; the others wait for what comes of it."""
        with self._lock:
            if self._next is not None:
                self._is_trying = True
                self._next = now + self._pause()

    def failed(self, place: str, now: datetime) -> None:
        """Note that Slack could not be reached, or failed, on the way to a place."""
        with self._lock:
            self._failing.add(place)
            if self._is_trying:
                self._is_trying = False
                self._tries += 1
                self._next = now + self._pause()
            elif self._next is None and len(self._failing) >= PLACES:
                self._tries = 1
                self._next = now + self._pause()
                log.warning("slack_away", places=len(self._failing))

    def over(self) -> None:
        """Note that something got through."""
        with self._lock:
            self._failing.clear()
            self._is_trying = False
            if self._next is not None:
                self._next = None
                log.info("slack_back", tries=self._tries)

    def next_try(self) -> datetime | None:
        """Tell when the next row is tried; None while everything goes."""
        with self._lock:
            return self._next

    def _pause(self) -> timedelta:
        return min(pause_after(self._tries), LONGEST_PAUSE)
