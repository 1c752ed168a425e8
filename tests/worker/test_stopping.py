"""Stopping waits for what is in hand, and for nobody who sleeps."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from bot.worker import threads
from bot.worker.threads import Turns, Worker

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


class Busy(Idle):
    """Has a message to handle, always; the first is not done before it may be."""

    def __init__(self) -> None:
        """Begin with none."""
        self.begun = 0
        self.at_work, self.may_end = threading.Event(), threading.Event()

    def step(self) -> bool:
        """Handle one."""
        self.begun += 1
        self.at_work.set()
        self.may_end.wait(ASLEEP_S)
        return True


def test_no_message_is_begun_once_it_is_to_stop(store: Store) -> None:
    """Who waited for a turn meanwhile would begin one after the other."""
    idle: Any = Idle()
    busy: Any = Busy()
    worker = Worker(store, busy, idle, idle, idle, idle, turns=Turns(1))
    worker.start()
    assert busy.at_work.wait(ASLEEP_S)
    ends = threading.Thread(target=worker.stop)
    ends.start()
    assert worker._stopping.wait(ASLEEP_S)
    busy.may_end.set()
    ends.join(ASLEEP_S)
    assert busy.begun == 1


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
