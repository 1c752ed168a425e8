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
    while len(bell._asleep) < 3:
        pass
    for left in (2, 1, 0):
        bell.set()
        assert len(bell._asleep) == left
    for each in sleepers:
        each.join(PATIENCE_S)
        assert not each.is_alive()


def test_a_ring_wakes_whoever_went_to_sleep_last() -> None:
    """So that what one thread can do is done by one, whose connection knows its statements."""
    bell, woken = Wakeup(), list[int]()
    threads: list[threading.Thread] = []
    for number in range(3):
        threads.append(
            threading.Thread(
                target=lambda n: (bell.wait(PATIENCE_S), woken.append(n)), args=(number,)
            )
        )
        threads[-1].start()
        while len(bell._asleep) <= number:
            pass
    for number in (2, 1, 0):
        bell.set()
        threads[number].join(PATIENCE_S)
    assert woken == [2, 1, 0]


def test_who_slept_long_enough_is_not_woken_any_more() -> None:
    """The next ring is for who still sleeps, or comes."""
    bell = Wakeup()
    bell.wait(0.0)
    assert bell._asleep == []
    bell.set()
    assert bell.is_rung


def test_a_ring_that_nobody_slept_for_is_heard_by_the_next() -> None:
    """Between a look and the sleep after it something may come."""
    bell = Wakeup()
    bell.set()
    bell.set()
    bell.wait(PATIENCE_S)
    assert not bell.is_rung
