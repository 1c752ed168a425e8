"""Connections that are used again while a database is worked on for long."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.store import database
from bot.store.database import close_spare, give_back, keep_spare, taken, transaction
from bot.store.unit_of_work import Store
from tests.fakes import TurnableClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.sqlite


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that is held, as a serving process holds it."""
    made = Store(tmp_path / "frontline.db", TurnableClock())
    made.migrate()
    made.hold()
    yield made
    made.release()


def test_a_held_store_opens_one_connection_for_many_units_of_work(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, they need no more than one."""
    opened: list[object] = []
    real = database.connect
    monkeypatch.setattr(database, "connect", lambda path: opened.append(path) or real(path))
    for _ in range(20):
        with store.unit_of_work() as uow:
            uow.tickets.of_requester("U1", store.clock())
        with transaction(store.path) as db:
            db.execute("SELECT 1 FROM tickets").fetchall()
    assert len(opened) == 1


@pytest.mark.parametrize("way", ["unit of work", "transaction"])
def test_what_fails_takes_its_connection_along(store: Store, way: str) -> None:
    """Nothing of it is there afterwards, and the next one has a sound connection."""
    entered = store.unit_of_work() if way == "unit of work" else transaction(store.path)
    with pytest.raises(RuntimeError), entered as inside:
        connection = getattr(inside, "_db", inside)
        connection.execute("CREATE TABLE half_done (n)")
        raise RuntimeError
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("SELECT 1")
    with store.unit_of_work(), pytest.raises(sqlite3.OperationalError):
        taken(store.path).execute("SELECT n FROM half_done")


def test_without_holding_each_connection_is_closed_after_its_use(tmp_path: Path) -> None:
    """Commands leave nothing open behind them."""
    store = Store(tmp_path / "frontline.db", TurnableClock())
    store.migrate()
    connection = taken(store.path)
    give_back(store.path, connection)
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("SELECT 1")


def test_one_in_a_transaction_and_one_too_many_are_closed(tmp_path: Path) -> None:
    """Letting go closes the rest."""
    path = tmp_path / "frontline.db"
    Store(path, TurnableClock()).migrate()
    keep_spare(path)
    many = [taken(path) for _ in range(database.MOST_SPARE + 2)]
    many[0].execute("BEGIN")
    for each in many:
        give_back(path, each)
    with pytest.raises(sqlite3.ProgrammingError):
        many[0].execute("SELECT 1")
    assert len(database._spare[path]) == database.MOST_SPARE
    close_spare(path)
    with pytest.raises(sqlite3.ProgrammingError):
        many[1].execute("SELECT 1")


def test_looks_that_are_taken_every_second_open_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What each worker reads when there is nothing to do costs a query, not a connection."""
    store.alarms.next()
    store.alarms.watch_cards(timedelta(seconds=30))
    opened: list[object] = []
    real = database.connect
    monkeypatch.setattr(database, "connect", lambda path: opened.append(path) or real(path))
    for _ in range(5):
        store.alarms.next()
        store.alarms.watch_cards(timedelta(seconds=30))
        store.letters.waits_since()
        store.stops.now()
        store.presence.heard_until()
    assert not opened
