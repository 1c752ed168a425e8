"""The thread that finds what other replicas published, where articles are published."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from kb.publishing import Shelf

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 10.0


class ShelfKeeper:
    """Looks whether a page came or changed; its replica has a file of articles of its own."""

    def __init__(self, shelf: Shelf | None) -> None:
        """Prepare; nothing runs yet. Without a shelf there is nothing to look at."""
        self._shelf = shelf
        self._seen: frozenset[tuple[str, int, int]] = frozenset()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="shelves", daemon=True)

    def start(self) -> None:
        """Begin."""
        if self._shelf is not None:
            self._thread.start()

    def stop(self) -> None:
        """End; a reading that is under way is not waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def step(self) -> bool:
        """Take in what changed; False where nothing did."""
        if self._shelf is None:
            return False
        pages = self._shelf.pages()
        if pages == self._seen:
            return False
        self._shelf.take_in()
        self._seen = pages
        return True

    def _loop(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                self.step()
            except Exception as failure:
                log.exception("shelf_failed", exc_info=failure)
