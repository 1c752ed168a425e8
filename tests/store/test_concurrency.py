"""Several threads at once: nobody is turned away, nothing is done twice."""

from __future__ import annotations

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.errors import StaleStateError
from bot.desk.ids import Thread, Ts, UserId
from bot.desk.tickets import EscalationState
from bot.desk.tiers import Tier
from bot.store.database import transaction
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.unit_of_work import Store

THREADS = 6


def at_once(work: Callable[[int], None]) -> list[Exception]:
    """Run the work in several threads that start together; gives what failed."""
    together, failures = threading.Barrier(THREADS), []

    def run(number: int) -> None:
        together.wait()
        try:
            work(number)
        except Exception as failure:  # noqa: BLE001 - the test looks at whatever it was
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_writers_wait_for_one_another_instead_of_failing(store: Store) -> None:
    """Reading and then writing at the same time never ends in 'database is locked'."""

    def work(number: int) -> None:
        for turn in range(8):
            thread = Thread(a.TEAM, a.IT_HELP, Ts(f"{number}.{turn}"))
            with store.unit_of_work() as uow:
                assert uow.tickets.in_thread(thread) is None
                ticket = uow.tickets.open(thread, a.ANA, "Why?", thread.ts)
                uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP), ticket.id)
            store.inbox.put(a.delivery(f"Ev{number}.{turn}", thread))

    assert at_once(work) == []
    with transaction(store.path) as db:
        assert db.execute("SELECT count(*) FROM tickets").fetchone()[0] == THREADS * 8


def test_one_event_from_many_threads_is_stored_once(store: Store) -> None:
    """Of five deliveries at the same moment one is new."""
    stored: list[bool] = []
    assert at_once(lambda _: stored.append(store.inbox.put(a.delivery("Ev1")))) == []
    assert sorted(stored) == [False] * (THREADS - 1) + [True]


def test_no_row_is_claimed_by_two_workers(store: Store) -> None:
    """Each delivery and each notice has one worker."""
    for number in range(24):
        thread = Thread(a.TEAM, a.IT_HELP, Ts(f"{number}.0"))
        store.inbox.put(a.delivery(f"Ev{number}", thread))
    claimed: list[int] = []

    def work(_: int) -> None:
        while (row := store.inbox.claim()) is not None:
            claimed.append(row.id)

    assert at_once(work) == []
    assert sorted(claimed) == list(range(1, 25))


def test_of_many_who_take_an_escalation_at_once_one_wins(store: Store) -> None:
    """The others are refused, and the winner stays the assignee."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED)
        opened = uow.escalations.open(ticket.id, Tier.L2, "l2", ("Because.",))
    won: list[UserId] = []

    def take(number: int) -> None:
        engineer = UserId(f"U0ENGINE{number:02d}")
        with store.unit_of_work() as uow:
            uow.escalations.save(opened.taken_by(engineer), was=EscalationState.PENDING)
        won.append(engineer)

    refused = at_once(take)
    assert [type(failure) for failure in refused] == [StaleStateError] * (THREADS - 1)
    with store.unit_of_work() as uow:
        kept = uow.escalations.get(opened.id)
    assert kept is not None
    assert won == [kept.assignee]


def test_of_forty_who_write_at_once_everybody_gets_on_soon(store: Store) -> None:
    """SQLite's own patience is unfair: some would wait until they are turned away."""
    waited: list[float] = []

    def put(number: int) -> None:
        started = time.perf_counter()
        store.inbox.put(a.delivery(f"Ev{number}", None))
        waited.append(time.perf_counter() - started)

    with ThreadPoolExecutor(40) as people:
        list(people.map(put, range(400)))
    assert len(waited) == 400
    with transaction(store.path) as db:
        assert db.execute("SELECT count(*) FROM inbox").fetchone()[0] == 400


@pytest.mark.sqlite
def test_whoever_writes_inside_another_transaction_is_told_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And does not wait for itself for ever."""
    monkeypatch.setattr("bot.store.disk.turns.BUSY_TIMEOUT_MS", 50)
    with transaction(store.path), pytest.raises(sqlite3.OperationalError, match="locked"):
        store.inbox.put(a.delivery("Ev1"))
    assert store.inbox.put(a.delivery("Ev1"))
