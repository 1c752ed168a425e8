"""The bell between threads: one ring, one thread."""

from __future__ import annotations

import threading

from bot.store.wakeup import Wakeup

PATIENCE_S = 20.0


def test_one_ring_wakes_one_of_those_who_sleep() -> None:
    """The others would only find that there is nothing left to do."""
    bell = Wakeup()
    sleepers = [threading.Thread(target=bell.wait, args=(PATIENCE_S,)) for _ in range(3)]
    for each in sleepers:
        each.start()
    asleep = bell._bell._waiters  # type: ignore[attr-defined]
    while len(asleep) < 3:
        pass
    for left in (2, 1, 0):
        bell.set()
        assert len(asleep) == left
    for each in sleepers:
        each.join(PATIENCE_S)
        assert not each.is_alive()


def test_a_ring_that_nobody_slept_for_is_heard_by_the_next() -> None:
    """Between a look and the sleep after it something may come."""
    bell = Wakeup()
    bell.set()
    bell.set()
    bell.wait(PATIENCE_S)
    assert not bell.is_rung
