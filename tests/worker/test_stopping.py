"""Stopping waits for what is in hand, and for nobody who sleeps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.worker import threads
from bot.worker.threads import Worker

if TYPE_CHECKING:
    import pytest

    from bot.store.unit_of_work import Store

ASLEEP_S = 60.0


class Idle:
    """Has nothing to do, ever."""

    def step(self) -> bool:
        """Do nothing."""
        return False

    def take(self, *_: object) -> None:
        """Take nothing in hand."""

    def next_due(self) -> None:
        """Nothing falls due."""


def test_a_worker_that_sleeps_is_woken_to_stop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of its threads it is: each has something that wakes it."""
    monkeypatch.setattr(threads, "LONGEST_SLEEP_S", ASLEEP_S)
    idle: Any = Idle()
    worker = Worker(store, idle, idle, idle, idle, idle, hearing=idle)
    worker.start()
    begun = time.monotonic()
    worker.stop()
    assert time.monotonic() - begun < ASLEEP_S / 4
