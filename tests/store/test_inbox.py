"""The inbox: duplicates, order within a lane, and what a kill leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.ids import ChannelId, Thread, Ts
from bot.store.inbox import Inbox
from bot.store.serving.in_hand import TakenUpError
from bot.store.tickets.tickets import message_key, ticket_lane
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.inbox import InboxRow
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

ELSEWHERE = Thread(a.TEAM, a.IT_HELP, Ts("1772452999.000900"))


def finish(store: Store, row: InboxRow, error: str | None = None) -> None:
    """Mark a row as handled."""
    with store.unit_of_work() as uow:
        uow.inbox.finish(row.id, error)


def claim(store: Store) -> InboxRow:
    """Claim a row that must be there."""
    row = store.inbox.claim()
    assert row is not None
    return row


def test_the_same_event_is_stored_once_however_often_it_comes(store: Store) -> None:
    """Slack repeats what it saw no acknowledgement for."""
    stored = [store.inbox.put(a.delivery("Ev1")) for _ in range(5)]
    assert stored == [True, False, False, False, False]
    finish(store, claim(store))
    assert store.inbox.put(a.delivery("Ev1")) is False
    assert store.inbox.claim() is None


def test_one_message_under_several_event_ids_is_stored_once(store: Store) -> None:
    """A message and its mention are one message."""
    assert store.inbox.put(a.delivery("Ev1", message_key="T:C:1.0"))
    assert not store.inbox.put(a.delivery("Ev2", message_key="T:C:1.0"))
    assert store.inbox.put(a.delivery("Ev3", message_key="T:C:2.0"))


def test_presses_have_no_message_key_and_do_not_shut_each_other_out(store: Store) -> None:
    """Only messages are recognised by their place."""
    assert store.inbox.put(a.delivery("Ev1"))
    assert store.inbox.put(a.delivery("Ev2"))


def test_a_duplicate_wakes_nobody(store: Store, clock: TurnableClock) -> None:
    """The worker is rung once for each delivery that is new."""
    rung: list[int] = []
    inbox = Inbox(store.path, clock, lambda: rung.append(1))
    inbox.put(a.delivery("Ev1"))
    inbox.put(a.delivery("Ev1"))
    assert len(rung) == 1


def test_a_payload_comes_back_as_it_was(store: Store) -> None:
    """Whatever people type, half an emoji included."""
    payload = {"text": "Grüße 🚀 \x00 \ud83d", "nested": {"list": [1, None, True]}}
    store.inbox.put(a.delivery(payload=payload))
    assert claim(store).payload == payload


def test_a_thread_is_handled_in_order_and_others_side_by_side(store: Store) -> None:
    """A second message of a thread waits for the first; another thread does not."""
    store.inbox.put(a.delivery("Ev1"))
    store.inbox.put(a.delivery("Ev2"))
    store.inbox.put(a.delivery("Ev3", ELSEWHERE))
    first, aside = claim(store), claim(store)
    assert [first.payload["event_id"], aside.payload["event_id"]] == ["Ev1", "Ev3"]
    assert store.inbox.claim() is None
    finish(store, first)
    assert claim(store).payload["event_id"] == "Ev2"


def test_a_row_that_is_tried_again_later_holds_its_lane(store: Store, clock: TurnableClock) -> None:
    """What came after it must not overtake it while it waits."""
    store.inbox.put(a.delivery("Ev1"))
    store.inbox.put(a.delivery("Ev2"))
    store.inbox.retry(claim(store), "Slack hiccup", clock() + timedelta(seconds=30))
    assert store.inbox.claim() is None
    assert store.inbox.next_due() is not None
    clock.turn(30)
    again = claim(store)
    assert (again.payload["event_id"], again.attempts) == ("Ev1", 2)


def test_waiting_rows_move_to_the_ticket_when_it_opens(store: Store) -> None:
    """A follow-up that came early waits for its ticket, not for its thread."""
    store.inbox.put(a.delivery("Ev1"))
    store.inbox.put(a.delivery("Ev2"))
    first = claim(store)
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED)
        uow.inbox.finish(first.id)
    assert claim(store).lane == ticket_lane(ticket.id)


def test_the_engineers_thread_shares_the_lane_of_its_ticket(store: Store) -> None:
    """A press on the card and a message of the requester are handled one after the other."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED)
        uow.outbox.put(Courtesy("settled"), Destination(a.L2_CHANNEL), ticket.id)
    card = store.outbox.claim()
    assert card is not None
    store.outbox.sent(card, a.L2_CHANNEL, Ts("5.0"))
    store.inbox.put(a.delivery("Ev1", Thread(a.TEAM, a.L2_CHANNEL, Ts("5.0"))))
    store.inbox.put(a.delivery("Ev2"))
    assert claim(store).lane == ticket_lane(ticket.id)
    assert store.inbox.claim() is None


def test_the_same_timestamp_in_another_channel_is_another_thread(store: Store) -> None:
    """A timestamp means nothing without its channel."""
    store.inbox.put(a.delivery("Ev1"))
    store.inbox.put(a.delivery("Ev2", Thread(a.TEAM, ChannelId("C0OTHER001"), a.ASKED)))
    claim(store)
    assert claim(store).payload["event_id"] == "Ev2"


def test_a_delivery_without_a_thread_waits_for_nobody(store: Store) -> None:
    """It has a lane of its own."""
    store.inbox.put(a.delivery("Ev1", None))
    store.inbox.put(a.delivery("Ev2", None))
    assert {claim(store).lane, claim(store).lane} == {"event:Ev1", "event:Ev2"}


def test_what_a_killed_process_had_in_hand_is_taken_up_again(store: Store) -> None:
    """It is handled first, and the attempt counts."""
    store.inbox.put(a.delivery("Ev1"))
    store.inbox.put(a.delivery("Ev2"))
    claim(store)
    assert store.inbox.claim() is None
    assert store.inbox.recover() == 1
    again = claim(store)
    assert (again.payload["event_id"], again.attempts) == ("Ev1", 2)


def test_failures_are_shown_to_the_admin_latest_first(store: Store) -> None:
    """What ended in an apology is listed; what was handled is not."""
    for event in ("Ev1", "Ev2", "Ev3"):
        store.inbox.put(a.delivery(event, None))
    finish(store, claim(store), "KeyError")
    finish(store, claim(store))
    finish(store, claim(store), "TimeoutError")
    assert [(row["event_id"], row["error"]) for row in store.inbox.failures()] == [
        ("Ev3", "TimeoutError"),
        ("Ev1", "KeyError"),
    ]


def test_an_empty_inbox_has_nothing_due(store: Store) -> None:
    """There is nothing to wait for."""
    assert store.inbox.claim() is None
    assert store.inbox.next_due() is None
    assert store.inbox.claim() is None


@pytest.mark.parametrize("seconds", [1, 3600])
def test_nothing_is_claimed_before_it_is_due(
    store: Store, clock: TurnableClock, seconds: int
) -> None:
    """A retry keeps its pause."""
    store.inbox.put(a.delivery())
    store.inbox.retry(claim(store), "later", clock() + timedelta(seconds=seconds))
    clock.turn(seconds - 0.001)
    assert store.inbox.claim() is None
    clock.turn(0.001)
    assert store.inbox.claim() is not None


@settings(max_examples=25)
@given(moves=st.lists(st.sampled_from(["put a", "put b", "claim", "finish", "kill"]), max_size=14))
def test_no_sequence_of_events_breaks_the_order_of_a_lane(
    new_store: Callable[[], Store], moves: list[str]
) -> None:
    """Within a lane deliveries finish in the order in which they came; none is in hand twice."""
    store = new_store()
    threads = {"a": a.THREAD, "b": ELSEWHERE}
    in_hand: list[InboxRow] = []
    finished: list[int] = []
    for number, move in enumerate(moves):
        if move.startswith("put"):
            payload = {"number": number}
            store.inbox.put(a.delivery(f"Ev{number}", threads[move[-1]], payload=payload))
        elif move == "claim" and (row := store.inbox.claim()) is not None:
            assert row.lane not in {other.lane for other in in_hand}
            in_hand.append(row)
        elif move == "finish" and in_hand:
            row = in_hand.pop(0)
            finish(store, row)
            finished.append(row.id)
        elif move == "kill":
            assert store.inbox.recover() == len(in_hand)
            in_hand.clear()
    assert len(set(finished)) == len(finished)


def test_a_row_that_nobody_finished_is_taken_again_after_its_lease(
    store: Store, clock: TurnableClock
) -> None:
    """The store itself may fail while a failure is written down; the lane must not stand still."""
    store.inbox.put(a.delivery())
    assert store.inbox.claim() is not None
    assert store.inbox.claim() is None
    clock.turn(601)
    again = store.inbox.claim()
    assert again is not None
    assert again.attempts == 2


def test_what_waits_for_its_question_has_its_patience_from_this_start(
    store: Store, clock: TurnableClock
) -> None:
    """Killed again and again, the bot had the row for a quarter of an hour and never looked."""
    root = Thread(a.TEAM, a.IT_HELP, Ts("1772452700.000100"))
    store.inbox.put(a.delivery("Ev1"))
    row = claim(store)
    clock.turn(15 * 60)
    assert not store.inbox.keep_for(row, root, timedelta(minutes=7))
    store.inbox.recover()
    again = claim(store)
    assert store.inbox.keep_for(again, root, timedelta(minutes=7))
    clock.turn(8 * 60)
    late = claim(store)
    assert not store.inbox.keep_for(late, root, timedelta(minutes=7))


@pytest.mark.parametrize("minutes", [0, 9, 11, 60, 3_000])
def test_it_waits_as_long_as_its_question_is_here_and_not_handled(
    store: Store, clock: TurnableClock, minutes: int
) -> None:
    """A long queue is no reason to pass over what stands in it."""
    store.inbox.put(a.delivery("Ev2", Thread(a.TEAM, a.IT_HELP, Ts("1772452900.000100"))))
    row = claim(store)
    store.inbox.put(a.delivery("Ev1", message_key=message_key(a.THREAD)))
    clock.turn(minutes * 60)
    assert store.inbox.keep_for(row, a.THREAD, timedelta())


def test_a_row_that_was_taken_without_anybodys_knowing_is_put_back(store: Store) -> None:
    """It was committed, and the word of it was lost: nobody waits for the end of its lease."""
    store.inbox.put(a.delivery("Ev1"))
    with pytest.raises(ConnectionError), store.inbox.in_hand.taking(store.clock()) as taking:
        taking.take(1)
        taking.db.conn.commit()
        raise ConnectionError
    assert claim(store).attempts == 2
    assert store.inbox.claim() is None


def test_what_fell_and_is_in_other_hands_stays_there(store: Store, clock: TurnableClock) -> None:
    """The end of the lease tells one hand from another."""
    store.inbox.put(a.delivery("Ev1"))
    row = claim(store)
    store.inbox.in_hand.let_fall((row.id, row.lease))
    clock.turn(1)
    assert claim(store).id == row.id
    store.inbox.in_hand.let_fall((row.id, row.lease))
    assert store.inbox.claim() is None


def test_what_was_finished_is_not_finished_again(store: Store) -> None:
    """Nor put back, where only the word of its end was lost."""
    store.inbox.put(a.delivery("Ev1"))
    row = claim(store)
    finish(store, row)
    store.inbox.retry(row, "cut off", store.clock())
    assert store.inbox.claim() is None
    with pytest.raises(TakenUpError):
        finish(store, row)


def test_taking_a_row_wakes_another_thread_only_where_another_can_be_taken(
    store: Store, clock: TurnableClock
) -> None:
    """What waits for its lane is nobody's yet, and the last one is nobody else's."""
    rung: list[None] = []
    inbox = Inbox(store.path, clock, lambda: rung.append(None))
    for number in range(2):
        inbox.put(a.delivery(f"Ev{number}", thread=a.THREAD))
    inbox.put(a.delivery("Ev2", thread=ELSEWHERE))
    rung.clear()
    assert inbox.claim() is not None
    assert len(rung) == 1
    assert inbox.claim() is not None
    assert inbox.claim() is None
    assert len(rung) == 1


@pytest.mark.sqlite
def test_a_thread_is_looked_up_by_itself_and_not_among_all_of_its_channel(store: Store) -> None:
    """A channel has a hundred thousand after some years, and each message is looked up twice."""
    looked: list[str] = []
    with store.unit_of_work() as uow:
        uow._db.conn.set_trace_callback(looked.append)
        uow.tickets.in_thread(a.THREAD)
        uow._db.conn.set_trace_callback(None)
        (sql,) = looked
        plan = [row[3] for row in uow._db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    searched = [step for step in plan if step.startswith("SEARCH")]
    assert len(searched) == 2
    assert all("thread_ts=?" in step or "root_ts=?" in step for step in searched)
