"""A bell between threads."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from bot.store.wakeup import Wakeup

if TYPE_CHECKING:
    from collections.abc import Sized

LONG_S = 60.0


def asleep(bell: Wakeup) -> int:
    """Count those who sleep."""
    waiters: Sized = bell._news._waiters  # type: ignore[attr-defined]
    return len(waiters)


def test_of_several_who_sleep_one_is_woken_each_time() -> None:
    """All at once they would look for the same row, and wait for one another."""
    bell = Wakeup()
    sleepers = [Thread(target=bell.wait, args=[LONG_S]) for _ in range(3)]
    for each in sleepers:
        each.start()
    while asleep(bell) < 3:
        pass
    for left in (2, 1, 0):
        bell.set()
        assert asleep(bell) == left
    for each in sleepers:
        each.join(LONG_S)
        assert not each.is_alive()


def test_what_was_rung_while_nobody_slept_is_heard_once() -> None:
    """Whoever comes next does not sleep; the one after does."""
    bell = Wakeup()
    bell.set()
    bell.set()
    bell.wait(LONG_S)
    bell.wait(0.0)
    assert asleep(bell) == 0
