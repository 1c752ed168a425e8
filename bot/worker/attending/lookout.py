"""The thread that rings for what another process wrote: `frontline outbox resend`, say."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.unit_of_work import Store
    from bot.store.wakeup import Wakeup

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0


class Lookout:
    """Asks once a second whether something was written, so that nobody else has to.

    What this process writes is rung for at once, by whoever writes it, or within a second.
    """

    def __init__(self, store: Store, bells: Sequence[Wakeup]) -> None:
        """Prepare; nothing runs yet."""
        self._store = store
        self._bells = bells
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="lookout", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=LOOK_EVERY_S)

    def look(self) -> None:
        """Ring for everybody where something was written since the last look."""
        if self._store.news.since_last():
            self.ring()

    def ring(self) -> None:
        """Ring for everybody."""
        for bell in self._bells:
            bell.set()

    def _loop(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                self.look()
            except Exception as failure:
                log.exception("lookout_failed", exc_info=failure)
        self._store.glance.close()
