"""The thread that takes up what other machines did to the articles that all of them share."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0


class ArticleKeeper:
    """Looks whether others wrote, so that no search waits for it."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        """Prepare; nothing runs yet. Each step takes up what it is for, where there is any."""
        self._steps = steps
        self._said: dict[int, str] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="articles", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is being taken up is not waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def step(self) -> None:
        """Look once; what fails is tried again by the next look."""
        for number, each in enumerate(self._steps):
            try:
                each()
            except Exception as failure:  # noqa: BLE001 - searches go on with what is here
                self._say(number, str(failure))
            else:
                self._said.pop(number, None)

    def _say(self, step: int, why: str) -> None:
        """Log what a step failed by once, and not each second that it lasts."""
        if why != self._said.get(step):
            self._said[step] = why
            log.warning("articles_not_taken_up", why=why)

    def _loop(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            self.step()
