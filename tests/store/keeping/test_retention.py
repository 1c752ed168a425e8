"""What is too old goes, in small steps; what is live or young stays, and figures survive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Destination
from bot.desk.ids import Ts
from bot.desk.privacy import Keeping
from bot.desk.tickets import Relayed, Resolution
from bot.desk.tiers import Tier
from bot.store.database import connect
from bot.store.keeping.retention import STEP, Retention
from bot.worker.slowly.retention import RetentionKeeper
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

A_DAY = 86_400.0


def rows(store: Store, query: str) -> list[Any]:
    """Look into the database."""
    with closing(connect(store.path)) as db:
        return [tuple(row) for row in db.execute(query).fetchall()]


@pytest.fixture
def retention(store: Store, clock: TurnableClock) -> Retention:
    """Retention as it is by default."""
    return Retention(store.path, clock, Keeping())


@pytest.fixture(autouse=True)
def _one_ticket(store: Store) -> None:
    """A ticket that was settled, with a word, a notice, an audit line and a delivery."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "Why is it so?", a.ASKED)
        uow.conversation.add(ticket.id, a.ANA, "Why is it so?", a.ASKED)
        notice = Relayed(ticket.id, a.ANA, a.MEI, Tier.L2, "writes", "Because.")
        uow.outbox.put(notice, Destination(a.IT_HELP, thread_ts=a.ASKED), ticket.id)
        uow.tickets.save(ticket.resolved(Resolution.L2))
        uow.feedback.label(ticket.id, "Why is it so?", "L2", None, a.MEI)
        uow.feedback.rate(ticket.id, 5, a.ANA)
        uow.feedback.remark(ticket.id, "Kind people")
        uow.audit.note(ticket.id, a.MEI, "resolved", "because")
    row = store.outbox.claim()
    assert row is not None
    store.outbox.sent(row, a.IT_HELP, Ts("9.9"))
    store.inbox.put(a.delivery())
    delivery = store.inbox.claim()
    assert delivery is not None
    with store.unit_of_work() as uow:
        uow.inbox.finish(delivery.id, "KeyError")


def test_nothing_young_goes(retention: Retention, clock: TurnableClock) -> None:
    """A day before its time everything is there."""
    clock.turn(29 * A_DAY)
    assert set(retention.counts().values()) == {0}
    assert retention.step() == {}


def test_each_kind_has_its_own_time(
    store: Store, retention: Retention, clock: TurnableClock
) -> None:
    """Inbox first, then words, at last the audit trail; counting changes nothing."""
    clock.turn(31 * A_DAY)
    assert retention.counts() == {"messages": 0, "conversations": 0, "inbox": 1, "audit": 0}
    assert retention.step() == {"inbox": 1}
    clock.turn(370 * A_DAY)
    assert retention.step() == {"messages": 2, "conversations": 1}
    assert rows(store, "SELECT count(*) FROM conversation") == [(0,)]
    assert rows(store, "SELECT count(*) FROM labels") == [(0,)]
    clock.turn(600 * A_DAY)
    assert retention.step() == {"audit": 1}
    assert retention.step() == {}


def test_figures_survive(store: Store, retention: Retention, clock: TurnableClock) -> None:
    """How many, how they ended, how many stars: without a word."""
    clock.turn(401 * A_DAY)
    retention.step()
    assert rows(store, "SELECT question, state, resolution FROM tickets") == [
        ("(expired)", "resolved", "by L2")
    ]
    assert rows(store, "SELECT stars, remark FROM ratings") == [(5, "")]


def test_what_is_live_keeps_its_words(
    store: Store, retention: Retention, clock: TurnableClock
) -> None:
    """An old ticket that is still open can still be worked on."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(a.THREAD)
        assert ticket is not None
        uow.tickets.save(ticket.reopen())
    clock.turn(401 * A_DAY)
    assert "conversations" not in retention.step()
    assert rows(store, "SELECT question FROM tickets") == [("Why is it so?",)]


def test_it_goes_in_small_steps(store: Store, retention: Retention, clock: TurnableClock) -> None:
    """No transaction is long: whoever asks a question does not wait for the cleaning."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(a.THREAD)
        assert ticket is not None
        for number in range(STEP + 50):
            uow.conversation.add(ticket.id, a.ANA, f"word {number}", Ts(f"5.{number:06d}"))
    clock.turn(401 * A_DAY)
    first, second = retention.step(), retention.step()
    assert first["messages"] == STEP + 1  # a notice as well
    assert second["messages"] == 51


def test_the_audit_trail_stays_append_only(store: Store, clock: TurnableClock) -> None:
    """Only while words are erased, and nobody else at any time."""
    with (
        closing(connect(store.path)) as db,
        pytest.raises(sqlite3.DatabaseError, match="append-only"),
    ):
        db.execute("DELETE FROM audit")


def test_the_keeper_looks_once_a_day(
    store: Store, retention: Retention, clock: TurnableClock
) -> None:
    """Steps follow each other until nothing is left; then it rests until tomorrow."""
    keeper = RetentionKeeper(retention, clock)
    clock.turn(401 * A_DAY)
    assert keeper.step()
    assert not keeper.step()
    clock.turn(700 * A_DAY)
    assert keeper.step()
    assert not keeper.step()
    clock.turn(A_DAY / 2)
    assert not keeper.step()
