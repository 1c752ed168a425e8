"""What nobody waits for: settled rows are moved out of the way, set-aside ones taken up."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 60.0
BETWEEN_STEPS_S = 1.0
"""While there is more to move: what people wait for has the database to itself in between."""


class Keeper:
    """Keeps the tables that are worked on small."""

    def __init__(self, store: Store, seconds: Callable[[], float] = time.monotonic) -> None:
        """Begin at once; `seconds` tells how time goes by."""
        self._store = store
        self._seconds = seconds
        self._next = 0.0

    def step(self) -> bool:
        """Move some rows where it is time; never anything to hurry for."""
        now = self._seconds()
        if now < self._next:
            return False
        self._next = now + LOOK_EVERY_S
        if taken_up := self._store.aside.take_up():
            log.info("taken_up", rows=taken_up)
            self._store.outbox_wakeup.set()
            self._store.timers_wakeup.set()
        if self._store.history.step():
            self._next = now + BETWEEN_STEPS_S
        return False

    def next_due(self) -> str:
        """Tell when the tables are looked at again."""
        left = timedelta(seconds=max(0.0, self._next - self._seconds()))
        return (self._store.steady() + left).isoformat()
