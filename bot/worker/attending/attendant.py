"""The thread that looks after clock and line, every few seconds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from bot.worker.attending.listening import UNHEARD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 2.0


class Attendant:
    """Does its rounds; what fails in one of them is tried again in the next."""

    def __init__(
        self,
        rounds: Sequence[Callable[[], None]],
        stopping: threading.Event,
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Prepare; nothing runs yet. `stopping` also ends the pauses inside a round."""
        self._rounds = rounds
        self._stopping = stopping
        self._every_s = every_s
        self._thread = threading.Thread(target=self._loop, name="attendant", daemon=True)

    def start(self) -> None:
        """Begin; the first round is at once."""
        self._thread.start()

    def stop(self) -> None:
        """End; a reading that is under way is cut short."""
        self._stopping.set()
        self._thread.join(timeout=5.0)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            for step in self._rounds:
                try:
                    step()
                except UNHEARD as failure:
                    log.info("slack_not_reached", error=str(failure))
                except Exception as failure:
                    log.exception("attendant_failed", exc_info=failure)
            self._stopping.wait(self._every_s)
