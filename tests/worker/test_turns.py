"""Turns: so many at once, and whoever waits for Slack lends theirs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from bot.worker import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

SOON_S = 10.0


def beside(do: Callable[[], object]) -> threading.Thread:
    """Do something in another thread."""
    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    return thread


def test_no_more_than_so_many_have_a_turn() -> None:
    """The next waits until one gives it back."""
    turns, had = Turns(1), threading.Event()

    def take() -> None:
        with turns.taken():
            had.set()

    with turns.taken():
        waiting = beside(take)
        assert not had.wait(0.05)
    waiting.join(SOON_S)
    assert had.is_set()


def test_who_waits_for_slack_lends_the_turn_and_has_it_again() -> None:
    """Also where waiting ends badly."""
    turns, order = Turns(1), list[str]()
    with turns.taken():
        with pytest.raises(TimeoutError), turns.lent():
            _failing(lambda: beside(lambda: _take(turns, order)).join(SOON_S))
        order.append("again")
        late = beside(lambda: _take(turns, order))
        late.join(0.05)
        order.append("first")
    late.join(SOON_S)
    assert order == ["other", "again", "first", "other"]


def test_who_comes_back_waits_for_nobody() -> None:
    """All turns may be in the hands of those who wait for a lock that it holds."""
    turns, lock, order = Turns(1), threading.Lock(), list[str]()

    def wait_for_lock() -> None:
        with turns.taken():
            begun.set()
            with lock:
                order.append("other")

    begun = threading.Event()
    with turns.taken():
        with lock, turns.lent():
            other = beside(wait_for_lock)
            assert begun.wait(SOON_S)
        order.append("back")
    other.join(SOON_S)
    assert sorted(order) == ["back", "other"]
    late = beside(lambda: _take(turns, order))
    late.join(SOON_S)
    assert not late.is_alive()


def test_who_has_none_lends_none() -> None:
    """As the threads that send: they would make more turns of it."""
    turns, order = Turns(1), list[str]()
    with turns.lent(), turns.lent():
        pass
    with turns.taken():
        with turns.lent(), turns.lent():
            pass
        late = beside(lambda: _take(turns, order))
        order.append("mine")
    late.join(SOON_S)
    assert order == ["mine", "other"]


def _failing(do: Callable[[], object]) -> None:
    do()
    raise TimeoutError


def _take(turns: Turns, order: list[str]) -> None:
    with turns.taken():
        order.append("other")
