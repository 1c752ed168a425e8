"""The thread that lets go, once a day and little by little, of what was kept long enough."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.ports.time import Clock
    from bot.store.keeping.retention import Retention

log = structlog.get_logger(__name__)

EVERY_S = 86_400.0
LOOK_EVERY_S = 60.0
PAUSE_S = 0.2
"""Between two steps, so that whoever writes in earnest goes first."""


class RetentionKeeper:
    """Runs retention daily; it is never urgent, so it has a slow thread of its own."""

    def __init__(
        self, retention: Retention, clock: Clock, leads: Callable[[], bool] = lambda: True
    ) -> None:
        """Prepare; nothing runs yet. Of several replicas, the one that leads does it."""
        self._leads = leads
        self._retention = retention
        self._clock = clock
        self._ended_at: datetime | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="retention", daemon=True)

    def start(self) -> None:
        """Begin; the first look is a minute after the start, which has other things to do."""
        self._thread.start()

    def stop(self) -> None:
        """End; a step in hand is finished."""
        self._stopping.set()
        self._thread.join(timeout=1.0)

    def step(self) -> bool:
        """Let some of it go; False where it is not time, or nothing is left for today."""
        now = self._clock()
        if self._ended_at is not None and (now - self._ended_at).total_seconds() < EVERY_S:
            return False
        gone = self._retention.step()
        if gone:
            log.info("retention", **gone)
            return True
        self._ended_at = now
        return False

    def _loop(self) -> None:
        pause = LOOK_EVERY_S
        while not self._stopping.wait(pause):
            try:
                pause = PAUSE_S if self._leads() and self.step() else LOOK_EVERY_S
            except Exception as failure:
                log.exception("retention_failed", exc_info=failure)
                pause = LOOK_EVERY_S
