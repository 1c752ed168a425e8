"""What a process has in hand: whatever befalls it between the taking and the carrying."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.errors import StaleStateError
from bot.desk.ids import Thread, TicketId, Ts
from bot.store import inbox as inbox_module
from bot.store.codec import stamp
from bot.store.database import StoreError, transaction
from bot.store.outbox import OutboxRow
from bot.store.outbox.claims import Outbox
from bot.store.serving.in_hand import NEVER_LOOKED
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

WORD = Courtesy("settled")


def fails(*_: object, **__: object) -> Any:
    """Fail, as a database does that is away for a moment."""
    raise StoreError("The database is away.")


def put(store: Store, ticket: int = 1001) -> int:
    """Hand a notice over, and give its number."""
    with store.unit_of_work() as uow:
        return uow.outbox.put(WORD, Destination(a.IT_HELP), TicketId(ticket))


def taken(store: Store) -> OutboxRow:
    """Take what must be there to be sent."""
    row = store.outbox.claim()
    assert isinstance(row, OutboxRow)
    return row


def forget(store: Store, table: str, row: int) -> None:
    """Let a row have been taken so long ago that nobody carries it any more."""
    with transaction(store.path) as db:
        db.execute(
            f"UPDATE {table} SET state = 'in_flight', due = '2000-01-01T00:00:00+00:00' "
            "WHERE id = ?",
            [row],
        )


def held_until_now(store: Store, event: str) -> None:
    """Let something have been held until just now, in a lane of its own."""
    store.inbox.put(a.delivery(event, Thread(a.TEAM, a.IT_HELP, Ts("1.0"))))
    with transaction(store.path) as db:
        db.execute("UPDATE inbox SET state = 'held' WHERE event_id = ?", [event])


@pytest.mark.parametrize("amid", ["_is_pointless", "_skip", "_take_up_late"])
def test_a_notice_is_taken_again_at_once_where_its_taking_went_wrong(
    store: Store, monkeypatch: pytest.MonkeyPatch, amid: str
) -> None:
    """A look at what belongs to it, or putting another in order beside it."""
    mine = put(store)
    if amid == "_skip":
        monkeypatch.setattr(Outbox, "_is_pointless", lambda *_: True)
    if amid == "_take_up_late":
        forget(store, "outbox", put(store, 1002))
    with monkeypatch.context() as patch, pytest.raises(StoreError):
        patch.setattr(Outbox, amid, fails)
        store.outbox.claim()
    monkeypatch.undo()
    assert mine in {taken(store).id, *([taken(store).id] if amid == "_take_up_late" else [])}
    assert store.outbox.claim() is None


@pytest.mark.parametrize("amid", ["putting others in order", "reading it"])
def test_a_delivery_is_taken_again_at_once_where_its_taking_went_wrong(
    store: Store, monkeypatch: pytest.MonkeyPatch, amid: str
) -> None:
    """Its ticket does not wait for the end of a lease."""
    store.inbox.put(a.delivery("Ev1"))
    with monkeypatch.context() as patch, pytest.raises(StoreError):
        if amid == "reading it":
            patch.setattr(inbox_module, "_row", fails)
        else:
            held_until_now(store, "Ev2")
            patch.setattr(store.inbox, "_let_go", fails)
        store.inbox.claim()
    rows = [store.inbox.claim(), store.inbox.claim()]
    assert 2 in [row.attempts for row in rows if row is not None]


def test_whoever_puts_others_in_order_looks_for_them_afterwards(store: Store) -> None:
    """They would wait until somebody rings."""
    mine, forgotten = put(store), put(store, 1002)
    forget(store, "outbox", forgotten)
    assert taken(store).id == mine
    assert store.outbox.in_hand.besides().is_any_due
    assert taken(store).id == forgotten


def test_another_thread_is_rung_for_a_delivery_that_was_let_go(store: Store) -> None:
    """Whoever let it go has one in hand already."""
    store.inbox.put(a.delivery("Ev1"))
    held_until_now(store, "Ev2")
    store.inbox_wakeup.wait(0)
    assert store.inbox.claim() is not None
    assert store.inbox_wakeup.is_rung


def test_nobody_wakes_for_a_delivery_that_waits_for_its_lane(
    store: Store, clock: TurnableClock
) -> None:
    """Whoever has its lane in hand looks again; what falls due later is known all the same."""
    for event in ("Ev1", "Ev2"):
        store.inbox.put(a.delivery(event, a.THREAD))
    row = store.inbox.claim()
    assert row is not None
    assert store.inbox.claim() is None
    assert store.inbox.next_due() is None
    later = clock() + timedelta(minutes=1)
    store.inbox.retry(row, "later", later)
    assert store.inbox.claim() is None
    assert store.inbox.next_due() == stamp(later)


def test_what_is_being_sent_is_not_diverted(store: Store) -> None:
    """It would be sent there as well: of two that decide at once one comes too late."""
    card = put(store)
    row = taken(store)
    with pytest.raises(StaleStateError), store.unit_of_work() as uow:
        uow.outbox.divert(row.id, a.TOM, Courtesy("vague"))
    store.outbox.sent(row, a.IT_HELP, Ts("5.0"))
    with pytest.raises(StaleStateError), store.unit_of_work() as uow:
        uow.outbox.divert(row.id, a.TOM, Courtesy("vague"))
    assert store.outbox.claim() is None
    with store.look() as uow:
        posted = uow.outbox.get(row.id)
    assert posted is not None
    assert (card, posted.destination.channel) == (row.id, a.IT_HELP)


def test_what_may_have_arrived_is_not_diverted_either(store: Store, clock: TurnableClock) -> None:
    """It is looked for where it was sent."""
    put(store)
    row = taken(store)
    store.outbox.retry(row, "no answer", clock(), uncertain=True)
    with pytest.raises(StaleStateError), store.unit_of_work() as uow:
        uow.outbox.divert(row.id, a.TOM, Courtesy("vague"))


def test_a_thread_that_never_looked_knows_nothing_of_what_waits(store: Store) -> None:
    """It was stopped before its turn came: when to look next is asked all the same."""
    assert store.inbox.in_hand.besides() == NEVER_LOOKED
