"""A fair share a person: who floods waits, nothing is lost, and nobody else waits for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.ids import UserId
from bot.slack.parsing.deliveries import author_of
from bot.store.database import reading
from bot.store.privacy.shares import Share
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.inbox import Inbox
    from tests.fakes import TurnableClock

SHARE = Share(20, frozenset({"UFRONTLINE"}))
AT_ONCE = 10


@pytest.fixture
def shared(store: Store, clock: TurnableClock) -> Store:
    """A store in which everybody has a share."""
    return Store(store.path, clock, share=SHARE)


def send(inbox: Inbox, author: str, number: int) -> None:
    """Send one thing, in a thread of everybody."""
    assert inbox.put(a.delivery(f"Ev{author}{number}", author=author))


def handled(store: Store) -> list[str]:
    """Handle whatever can be handled now; gives the events."""
    found = []
    while (row := store.inbox.claim()) is not None:
        found.append(str(row.payload["event_id"]))
        with store.unit_of_work() as uow:
            uow.inbox.finish(row.id)
    return found


@pytest.mark.parametrize("flood", [30, pytest.param(500, marks=pytest.mark.rare)])
def test_a_flood_by_one_leaves_anothers_question_as_if_alone(shared: Store, flood: int) -> None:
    """Also in the same thread, whose order is kept for each of them."""
    for number in range(flood):
        send(shared.inbox, "UANA", number)
    handled(shared)
    send(shared.inbox, "UBEN", 1)
    assert handled(shared) == ["EvUBEN1"]


def test_all_of_a_flood_is_handled_in_order_at_an_even_pace(
    shared: Store, clock: TurnableClock
) -> None:
    """Forty in a minute are slowed; none is dropped."""
    for number in range(40):
        send(shared.inbox, "UANA", number)
    order = handled(shared)
    assert len(order) == AT_ONCE
    for _ in range(40 - AT_ONCE):
        clock.turn(SHARE.each.total_seconds())
        order += handled(shared)
    assert order == [f"EvUANA{number}" for number in range(40)]


def test_what_was_held_says_so_and_what_was_not_does_not(
    shared: Store, clock: TurnableClock
) -> None:
    """By which the author is told."""
    for number in range(AT_ONCE + 1):
        send(shared.inbox, "UANA", number)
    first = shared.inbox.claim()
    handled_now = handled(shared)
    clock.turn(60)
    last = shared.inbox.claim()
    assert first is not None
    assert not first.slowed
    assert not handled_now  # the first one's lane is in hand
    assert last is None
    with shared.unit_of_work() as uow:
        uow.inbox.finish(first.id)
    rows = []
    while (row := shared.inbox.claim()) is not None:
        rows.append(row)
        with shared.unit_of_work() as uow:
            uow.inbox.finish(row.id)
    assert [row.slowed for row in rows] == [False] * (AT_ONCE - 1) + [True]


def test_who_only_looks_at_the_home_uses_no_share() -> None:
    """Clients open it whenever somebody passes by: nobody is told that they sent a lot."""
    opened = {"event": {"type": "app_home_opened", "user": "UANA", "tab": "home"}}
    said = {"event": {"type": "message", "user": "UANA", "text": "no wifi"}}
    assert (author_of(opened), author_of(said)) == (None, "UANA")


def test_who_is_spared_or_unknown_is_never_held(shared: Store) -> None:
    """Frontline's own messages come back to it, as many as it has to say."""
    for number in range(20):
        send(shared.inbox, "UFRONTLINE", number)
        assert shared.inbox.put(a.delivery(f"EvNobody{number}"))
    assert len(handled(shared)) == 40


def test_an_app_that_may_ask_has_a_share_of_its_own(store: Store, clock: TurnableClock) -> None:
    """An outage makes an alert source say much; people's share would let its worst news wait."""
    store = Store(
        store.path, clock, share=replace(SHARE, sources=frozenset({"BALERTS"}), a_source=120)
    )
    for number in range(61):
        send(store.inbox, "BALERTS", number)
        send(store.inbox, "BOTHERS", number)
    now = handled(store)
    assert sum(event.startswith("EvBALERTS") for event in now) == 60
    assert sum(event.startswith("EvBOTHERS") for event in now) == AT_ONCE
    clock.turn(0.5)
    assert handled(store) == ["EvBALERTS60"]


def test_a_start_keeps_what_is_held_and_a_clock_that_erred_does_not_hold_it_longer(
    shared: Store, clock: TurnableClock
) -> None:
    """A month ahead for a moment: nobody waits a month."""
    clock.jump(30 * 86_400)
    for number in range(25):
        send(shared.inbox, "UANA", number)
    clock.jump(-30 * 86_400)
    shared.inbox.recover()
    order = handled(shared)
    clock.turn(180)
    order += handled(shared)
    assert order == [f"EvUANA{number}" for number in range(25)]


def test_it_is_told_once_an_hour(shared: Store, clock: TurnableClock) -> None:
    """And again when it happens again much later."""
    send(shared.inbox, "UANA", 1)
    told = []
    for seconds in (0, 60, 1_800, 3_600):
        clock.turn(seconds)
        with shared.unit_of_work() as uow:
            told.append(uow.once.first_slowing(UserId("UANA")))
    assert told == [True, False, False, True]


def test_nothing_is_known_of_shares_that_were_not_used_for_long(
    shared: Store, clock: TurnableClock
) -> None:
    """The table does not grow with everybody who ever wrote."""
    for number in range(8):
        send(shared.inbox, f"U{number}", 1)
    handled(shared)
    clock.turn(4_000)
    shared.history.step()
    with reading(shared.path) as db:
        assert db.execute("SELECT count(*) FROM shares").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("payload", "author"),
    [
        ({"event": {"user": "UANA", "type": "message"}}, "UANA"),
        ({"event": {"subtype": "message_changed", "message": {"user": "UANA"}}}, "UANA"),
        ({"event": {"subtype": "message_deleted", "previous_message": {"user": "UANA"}}}, "UANA"),
        ({"event": {"bot_id": "B123"}}, "B123"),
        ({"event": {"bot_id": "B123", "user": "UROBOT"}}, "B123"),
        ({"type": "block_actions", "user": {"id": "UANA"}}, "UANA"),
        ({"type": "view_submission", "user": {"id": "UANA"}}, "UANA"),
        ({"command": "/oncall", "user_id": "UANA"}, "UANA"),
        ({"event": {"user": 7}}, None),
        ({"event": {"message": "odd"}}, None),
        ({"user": {"id": "x" * 100}}, None),
        ({}, None),
    ],
)
def test_whose_doing_it_is(payload: dict[str, object], author: str | None) -> None:
    """Messages, edits, deletions, presses, modals and slash commands; bots as well."""
    assert author_of(payload) == author
