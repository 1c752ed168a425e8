"""What is settled leaves the tables that are worked on; nobody notices but the clock."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination, home_of
from bot.desk.asking import Courtesy
from bot.desk.ids import Thread, Ts
from bot.desk.tiers import Tier
from bot.desk.views import HomeForRequester, HomeView
from bot.store.aside import UnreadableNotice
from bot.store.database import transaction
from bot.store.history import AT_HAND
from bot.store.tickets.tickets import ticket_lane
from bot.worker.keeping import BETWEEN_STEPS_S, LOOK_EVERY_S, Keeper
from tests import builders as a

if TYPE_CHECKING:
    from bot.desk.ids import NoticeId
    from bot.desk.notices import Notice
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

WORD = Courtesy("settled")


def count(store: Store, table: str) -> int:
    """Count the rows of a table."""
    with transaction(store.path) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def handle(store: Store, event: str, key: str | None = None) -> None:
    """Let a delivery come and be handled."""
    assert store.inbox.put(a.delivery(event, message_key=key))
    row = store.inbox.claim()
    assert row is not None
    with store.unit_of_work() as uow:
        uow.inbox.finish(row.id)


def send(
    store: Store, ts: str, notice: Notice = WORD, to: Destination | None = None, ticket: int = 1001
) -> NoticeId:
    """Let a notice be sent; it comes to stand at `ts`."""
    with store.unit_of_work() as uow:
        number = uow.outbox.put(notice, to or Destination(a.IT_HELP), ticket)  # type: ignore[arg-type]
    row = store.outbox.claim()
    assert row is not None
    assert not isinstance(row, UnreadableNotice)
    store.outbox.sent(row, row.channel, Ts(ts))  # type: ignore[arg-type]
    return number


def move(store: Store, clock: TurnableClock) -> int:
    """Let time pass, and all that is settled be moved."""
    clock.turn(AT_HAND.total_seconds() + 1)
    moved = 0
    while step := store.history.step(2):
        moved += step
    return moved


def test_what_is_settled_is_moved_after_a_while(store: Store, clock: TurnableClock) -> None:
    """Not at once: most follows within the hour."""
    handle(store, "Ev1")
    send(store, "5.0")
    assert store.history.step() == 0
    assert move(store, clock) == 2
    assert [count(store, table) for table in ("inbox", "outbox")] == [0, 0]
    assert [count(store, table) for table in ("all_inbox", "all_outbox")] == [1, 1]


def test_what_waits_or_is_to_be_looked_at_stays(store: Store, clock: TurnableClock) -> None:
    """Failed, set aside, undeliverable, waiting."""
    store.inbox.put(a.delivery("Ev1"))
    row = store.inbox.claim()
    assert row is not None
    with store.unit_of_work() as uow:
        uow.inbox.finish(row.id, "KeyError")
        uow.outbox.put(WORD, Destination(a.IT_HELP))
    late = clock() + timedelta(days=1)
    store.inbox.put(a.delivery("Ev2", None))
    waits, notice = store.inbox.claim(), store.outbox.claim()
    assert waits is not None
    assert notice is not None
    assert not isinstance(notice, UnreadableNotice)
    store.inbox.retry(waits, "later", late)
    store.outbox.retry(notice, "later", late, uncertain=False)
    handle(store, "Ev3")
    assert move(store, clock) == 1
    assert [count(store, table) for table in ("inbox", "outbox")] == [2, 1]


def test_nothing_is_put_away_while_somebody_waits(store: Store, clock: TurnableClock) -> None:
    """The database is theirs."""
    handle(store, "Ev1")
    clock.turn(AT_HAND.total_seconds() + 1)
    store.inbox.put(a.delivery("Ev2"))
    assert store.history.step() == 0


def test_an_event_is_recognised_however_long_ago_it_was(store: Store, clock: TurnableClock) -> None:
    """By its id, and a message by its place."""
    handle(store, "Ev1", key="T:C:1.0")
    move(store, clock)
    assert not store.inbox.put(a.delivery("Ev1"))
    assert not store.inbox.put(a.delivery("Ev2", message_key="T:C:1.0"))
    assert store.inbox.put(a.delivery("Ev3", message_key="T:C:2.0"))
    assert store.inbox.put(a.delivery("Ev4"))


def test_a_message_is_found_and_edited_however_long_ago_it_was(
    store: Store, clock: TurnableClock
) -> None:
    """In its latest wording, whichever of both tables that is in."""
    first = send(store, "5.0")
    send(store, "5.0", replace(WORD, occasion="empty"), Destination(a.IT_HELP, edits=first))
    move(store, clock)
    with store.unit_of_work() as uow:
        posted = uow.outbox.posted_at(a.IT_HELP, Ts("5.0"))
    assert posted is not None
    assert (posted.id, posted.notice) == (first, replace(WORD, occasion="empty"))
    with store.unit_of_work() as uow:
        later = replace(WORD, occasion="nothing_asked")
        uow.outbox.put(later, Destination(a.IT_HELP, edits=first))
    edit = store.outbox.claim()
    assert edit is not None
    assert not isinstance(edit, UnreadableNotice)
    assert (edit.edit_ts, edit.parent_lost) == ("5.0", False)
    with store.unit_of_work() as uow:
        found = uow.outbox.get(first)
    assert found is not None
    assert found.notice == later


def test_a_reply_stands_under_its_card_however_old_that_is(
    store: Store, clock: TurnableClock
) -> None:
    """And a message in the card's thread belongs to its ticket's lane."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED)
        opened = uow.escalations.open(ticket.id, Tier.L2, "l2", ("Because.",))
    card = send(store, "7.0", to=Destination(a.L2_CHANNEL))
    with store.unit_of_work() as uow:
        uow.escalations.save(replace(opened, card=card), was=opened.state)
    move(store, clock)
    with store.unit_of_work() as uow:
        assert uow.escalations.in_thread(Thread(a.TEAM, a.L2_CHANNEL, Ts("7.0"))) is not None
        uow.outbox.put(WORD, Destination(a.L2_CHANNEL, under=card), ticket.id)
    under = store.outbox.claim()
    assert under is not None
    assert not isinstance(under, UnreadableNotice)
    assert under.thread_ts == "7.0"
    store.inbox.put(a.delivery("Ev9", Thread(a.TEAM, a.L2_CHANNEL, Ts("7.0"))))
    row = store.inbox.claim()
    assert row is not None
    assert row.lane == ticket_lane(ticket.id)


def test_numbers_are_not_given_twice(store: Store, clock: TurnableClock) -> None:
    """A message in Slack carries its notice's number for ever."""
    first = send(store, "5.0")
    move(store, clock)
    assert send(store, "6.0") > first


def test_an_old_home_is_no_record(store: Store, clock: TurnableClock) -> None:
    """Only the latest is of use, and only in Slack."""
    home = HomeView(a.ANA, HomeForRequester((), (), ()), None, None)
    send(store, "1.x", home, home_of(a.ANA), ticket=0)
    move(store, clock)
    assert count(store, "all_outbox") == 0


def test_a_column_that_a_later_version_adds_stops_nothing(
    store: Store, clock: TurnableClock
) -> None:
    """What both tables have is moved."""
    with transaction(store.path) as db:
        db.execute("ALTER TABLE outbox ADD COLUMN hurry INTEGER NOT NULL DEFAULT 0")
    send(store, "5.0")
    assert move(store, clock) == 1


def test_a_step_that_fails_moves_nothing(
    store: Store, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row is in one of both tables, never in none and never in two."""
    handle(store, "Ev1")
    clock.turn(AT_HAND.total_seconds() + 1)
    with transaction(store.path) as db:
        db.execute(
            "CREATE TRIGGER in_the_way BEFORE DELETE ON inbox BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(sqlite3.IntegrityError):
        store.history.step()
    assert [count(store, table) for table in ("inbox", "inbox_history")] == [1, 0]


def test_the_keeper_moves_in_small_steps_with_pauses(store: Store, clock: TurnableClock) -> None:
    """And looks once a minute where there is nothing to move."""
    seconds = [0.0]
    keeper = Keeper(store, lambda: seconds[0])
    keeper.step()
    for number in range(3):
        handle(store, f"Ev{number}")
    clock.turn(timedelta(hours=2).total_seconds())
    keeper.step()
    assert count(store, "inbox") == 3
    seconds[0] += LOOK_EVERY_S
    keeper.step()
    assert count(store, "inbox") == 0
    handle(store, "Ev4")
    clock.turn(timedelta(hours=2).total_seconds())
    keeper.step()
    assert count(store, "inbox") == 1
    seconds[0] += BETWEEN_STEPS_S
    keeper.step()
    assert count(store, "inbox") == 0


@pytest.mark.parametrize("state", ["skipped", "dropped"])
def test_what_was_never_sent_is_put_away_too(
    store: Store, clock: TurnableClock, state: str
) -> None:
    """It is in nobody's way for good; the record stays."""
    send(store, "9.1")
    with transaction(store.path) as db:
        db.execute("UPDATE outbox SET state = ?, sent_at = NULL", [state])
    clock.turn(AT_HAND.total_seconds() + 1)
    assert store.history.step() == 1
    assert (count(store, "outbox"), count(store, "outbox_history")) == (0, 1)
