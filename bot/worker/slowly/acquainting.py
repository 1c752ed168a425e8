"""The thread that reads, at the start and now and then, who everybody in the workspace is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

EVERY_S = 1_200.0


class PeopleKeeper:
    """Never urgent: whoever is not known yet is looked up as they write."""

    def __init__(self, learn: Callable[[Callable[[float], bool]], None]) -> None:
        """Prepare; `learn` reads all, and waits where Slack says so until it is told to end."""
        self._learn = learn
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="people", daemon=True)

    def start(self) -> None:
        """Begin at once: after an outage many write who are not known."""
        self._thread.start()

    def stop(self) -> None:
        """End; a call that is under way is not waited for."""
        self._stopping.set()
        self._thread.join(timeout=1.0)

    def _loop(self) -> None:
        while True:
            try:
                self._learn(self._stopping.wait)
            except Exception as failure:
                log.exception("people_unread", exc_info=failure)
            if self._stopping.wait(EVERY_S):
                return
