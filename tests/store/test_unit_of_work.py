"""One transaction: everything in it is written, or nothing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.tiers import Tier
from bot.store.database import transaction
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.unit_of_work import SqliteUnitOfWork, Store


class PowerCutError(Exception):
    """What stops a unit of work in these tests."""


def write_everything(uow: SqliteUnitOfWork, row: int) -> None:
    """Do what a handled message does: state, notice, audit and inbox row."""
    ticket = uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED)
    uow.conversation.add(ticket.id, a.ANA, "Why?", a.ASKED)
    uow.escalations.open(ticket.id, Tier.L2, "l2", ("Because.",))
    uow.outbox.put(Courtesy("nothing_asked"), Destination(a.IT_HELP), ticket.id)
    uow.audit.note(ticket.id, a.ANA, "opened")
    uow.inbox.finish(row)


def rows(store: Store) -> dict[str, int]:
    """Count what is on record, table by table."""
    with transaction(store.path) as db:
        counts = {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("tickets", "conversation", "escalations", "outbox", "audit")
        }
        done = db.execute("SELECT count(*) FROM inbox WHERE state = 'done'").fetchone()[0]
    return {**counts, "handled": done}


def test_a_failure_rolls_back_state_notices_audit_and_inbox_row_alike(store: Store) -> None:
    """After a failure, as after a kill, the delivery waits and nothing else happened."""
    store.inbox.put(a.delivery())
    row = store.inbox.claim()
    assert row is not None
    with pytest.raises(PowerCutError), store.unit_of_work() as uow:
        write_everything(uow, row.id)
        raise PowerCutError
    assert set(rows(store).values()) == {0}
    assert store.outbox.claim() is None
    assert store.inbox.recover() == 1
    assert store.inbox.claim() is not None


def test_a_success_writes_all_of_them_at_once(store: Store) -> None:
    """Each table has its row, and the delivery is done."""
    store.inbox.put(a.delivery())
    row = store.inbox.claim()
    assert row is not None
    with store.unit_of_work() as uow:
        write_everything(uow, row.id)
    assert set(rows(store).values()) == {1}
    assert store.inbox.recover() == 0


def test_nobody_sees_a_unit_of_work_before_it_is_committed(store: Store) -> None:
    """A notice is not sent before the state that it speaks of is on record."""
    with store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP))
        assert not store.outbox_wakeup.is_rung
    assert store.outbox_wakeup.is_rung
    assert store.outbox.claim() is not None


def test_a_rolled_back_notice_wakes_nobody(store: Store) -> None:
    """The relay is not called for what was not written."""
    with pytest.raises(PowerCutError), store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP))
        raise PowerCutError
    assert not store.outbox_wakeup.is_rung


def test_the_number_of_a_rolled_back_ticket_is_no_ticket(store: Store) -> None:
    """Nothing is found under it afterwards."""
    with pytest.raises(PowerCutError), store.unit_of_work() as uow:
        number = uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED).id
        raise PowerCutError
    with store.unit_of_work() as uow:
        assert uow.tickets.get(number) is None
        assert uow.tickets.in_thread(a.THREAD) is None


@pytest.mark.sqlite
def test_a_look_waits_for_nobody_who_writes_and_writes_nothing(store: Store) -> None:
    """Reading never takes the write lock; what would write by mistake is refused."""
    with store.unit_of_work() as writer:
        ticket = writer.tickets.open(a.THREAD, a.ANA, "The VPN drops.", a.ASKED)
        with store.look() as reader:
            assert reader.tickets.get(ticket.id) is None, "what is not committed is not seen"
    with store.look() as reader:
        assert reader.tickets.get(ticket.id) == ticket
    with pytest.raises(sqlite3.OperationalError, match="readonly"), store.look() as reader:
        reader.tickets.save(ticket)
    with store.unit_of_work() as writer:
        writer.tickets.save(ticket.escalated())
