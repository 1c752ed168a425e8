"""While a command is worked out, all that is looked at is of one instant."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from bot.desk.ids import Thread, Ts
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store


def _thread(ts: str) -> Thread:
    return Thread(a.TEAM, a.IT_HELP, Ts(ts))


def open_one(store: Store, ts: str) -> None:
    """Open a ticket, as somebody else does meanwhile."""
    with store.unit_of_work() as uow:
        uow.tickets.open(_thread(ts), a.ANA, "vpn is down", _thread(ts).ts)


def is_known(store: Store, ts: str, *, anew: bool = False) -> bool:
    """Look whether a thread has a ticket."""
    with store.look(anew=anew) as uow:
        return uow.tickets.in_thread(_thread(ts)) is not None


def test_all_looks_are_of_the_first_ones_instant(store: Store) -> None:
    """What is written in between is seen by whoever looks anew, and afterwards."""
    with store.one_look():
        assert not is_known(store, "1.0")
        open_one(store, "1.0")
        assert not is_known(store, "1.0")
        assert is_known(store, "1.0", anew=True)
        open_one(store, "2.0")
        assert not is_known(store, "2.0")
    assert is_known(store, "2.0")


def test_a_look_in_use_is_not_ended_by_one_within_it(store: Store) -> None:
    """Who looks anew inside of a look gets another, and the outer one goes on."""
    with store.one_look(), store.look() as outer:
        assert outer.tickets.in_thread(_thread("1.0")) is None
        open_one(store, "1.0")
        assert is_known(store, "1.0", anew=True)
        assert outer.tickets.in_thread(_thread("1.0")) is None


def test_after_a_look_that_failed_another_begins(store: Store) -> None:
    """What befell a connection befalls nobody after it."""
    with store.one_look():
        with pytest.raises(ZeroDivisionError), store.look() as uow:
            uow.tickets.in_thread(_thread("1.0"))
            raise ZeroDivisionError
        open_one(store, "1.0")
        assert is_known(store, "1.0")


def test_nothing_is_open_once_the_command_is_worked_out(store: Store) -> None:
    """Nor where nothing was looked at, or where it failed."""
    with store.one_look():
        pass
    with pytest.raises(ZeroDivisionError), store.one_look():
        assert not is_known(store, "1.0")
        raise ZeroDivisionError
    open_one(store, "1.0")
    assert is_known(store, "1.0")


def test_the_look_is_of_one_thread(store: Store) -> None:
    """Others see what is written meanwhile."""
    seen: list[bool] = []
    with store.one_look():
        assert not is_known(store, "1.0")
        open_one(store, "1.0")
        other = threading.Thread(target=lambda: seen.append(is_known(store, "1.0")))
        other.start()
        other.join()
    assert seen == [True]
