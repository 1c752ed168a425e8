"""Homes over a real store: P1 first, chosen and turned by their reader, within Slack's room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Spot
from bot.desk.ids import ChannelId, EscalationId, TeamId, Thread, TicketId, Ts, UserId
from bot.desk.learning import GapLine, GapState
from bot.desk.oncall import StandingOverride
from bot.desk.promises import Priority, Promise, TimerKind
from bot.desk.tickets import (
    AcknowledgeForNow,
    AskRequester,
    BackToQueue,
    Refusal,
    Resolution,
    SnoozeFor,
    Take,
    WakeUp,
)
from bot.desk.tiers import Tier
from bot.desk.views import MANY, ChooseOnHome, Listing, OpenHome, TurnPage
from bot.playground.blockkit.surfaces import check_view
from bot.service.learning.gaps import ON_A_HOME
from bot.service.views.homes import INCIDENTS_SHOWN, home_view
from bot.slack.blocks.views.home import render_home
from bot.slack.blocks.views.queue import title_of
from bot.slack.limits import BLOCKS_A_VIEW
from tests import builders as a
from tests.service.conftest import Office, the

if TYPE_CHECKING:
    from bot.desk.commands import Command
    from bot.desk.views import HomeForEngineer, HomeView
    from bot.store.unit_of_work import SqliteUnitOfWork

GAP = GapLine(
    1, "Where is the wheelchair?", TicketId(1), 2, 2, a.NOON, a.NOON, 60, "L2", GapState.IN_WORK
)
STANDING = StandingOverride(1, a.NOON, a.NOON + timedelta(hours=1), a.MEI)

PRIORITIES = (Priority.P3, Priority.P1, Priority.P4, Priority.P2)


def home_spot(user: UserId) -> Spot:
    """A press on somebody's Home."""
    return Spot(TeamId(a.TEAM), ChannelId(user), Ts(""), user)


def call(office: Office, number: int, priority: Priority = Priority.P3, group: str = "l2") -> int:
    """Let Ana ask, and call a group; gives the escalation."""
    with office.store.unit_of_work() as uow:
        return called(uow, office, number, priority, group)


def called(
    uow: SqliteUnitOfWork,
    office: Office,
    number: int,
    priority: Priority = Priority.P3,
    group: str = "l2",
) -> int:
    """The same, among others at once."""
    ts = Ts(f"{number}.1")
    ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, f"It drops, {number}", ts)
    uow.tickets.save(ticket.escalated().prioritised(priority))
    tier = Tier.L3 if group == "l3" else Tier.L2
    escalation = uow.escalations.open(ticket.id, tier, group, ("Because.",))
    due = office.clock() + timedelta(hours=1)
    uow.timers.set(ticket.id, escalation.id, TimerKind.CALL_NEXT, due, promise=Promise.ACKNOWLEDGE)
    return int(escalation.id)


def engineer(office: Office, user: UserId = a.TOM) -> HomeForEngineer:
    """Give an engineer's part of their Home."""
    found = home_view(office.desk, user).engineer
    assert found is not None
    return found


def priorities(found: tuple) -> list[str]:
    """Give the priorities of a list, in its order."""
    return [str(each.priority) for each in found]


def test_p1_stands_first_and_a_changed_priority_moves_it(office: Office) -> None:
    """Then the oldest; a ticket whose priority a person sets takes its new place."""
    escalations = [call(office, n, priority) for n, priority in enumerate(PRIORITIES)]
    assert priorities(engineer(office).unassigned) == ["P1", "P2", "P3", "P4"]
    with office.store.unit_of_work() as uow:
        last = uow.escalations.get(EscalationId(escalations[2]))
        assert last is not None
        ticket = uow.tickets.get(last.ticket)
        assert ticket is not None
        uow.tickets.save(replace(ticket, priority=Priority.P1))
    found = engineer(office).unassigned
    assert priorities(found) == ["P1", "P1", "P2", "P3"]
    assert found[1].escalation == escalations[2]


def chosen(office: Office, what: str, value: str) -> list[int]:
    """Choose something, and give the escalations of the groups' list then."""
    office.handle(ChooseOnHome(home_spot(a.TOM), what, value))  # type: ignore[arg-type]
    return [int(each.escalation or 0) for each in engineer(office).unassigned]


def test_what_is_chosen_is_kept_until_something_else_is(office: Office) -> None:
    """By group, by priority, by state; together; over a restart; each for one person alone."""
    first = call(office, 1, Priority.P1)
    second = call(office, 2, Priority.P2, "l2-network")
    third = call(office, 3, Priority.P2)
    taken = call(office, 4, Priority.P2)
    waits = call(office, 5, Priority.P2)
    for each in (taken, waits):
        office.handle(Take(a.spot(a.MEI, a.L2_CHANNEL, "5.1"), EscalationId(each)))
    office.handle(AskRequester(a.spot(a.MEI, a.L2_CHANNEL, "5.1"), EscalationId(waits), "Which?"))
    assert chosen(office, "group", "") == [first, second, third]
    assert chosen(office, "group", "l2") == [first, third]
    assert chosen(office, "priority", "P2") == [third]
    assert chosen(office, "show", "taken") == [taken, waits]
    assert chosen(office, "show", "waiting") == [waits]
    assert chosen(office, "show", "to take") == [third]
    assert chosen(office, "group", "l2-network") == [second]
    office.handle(OpenHome(home_spot(a.TOM)))
    assert [int(e.escalation or 0) for e in engineer(office).unassigned] == [second]
    assert len(engineer(office, a.MEI).unassigned) == 3


def test_a_group_that_one_has_left_hides_nothing(office: Office) -> None:
    """What was chosen of it counts for nothing, and the menu says so."""
    first = call(office, 1)
    assert chosen(office, "group", "l3") == [first]
    assert engineer(office).choices.group is None


def test_pages_are_turned_and_begin_anew(office: Office) -> None:
    """Every ticket stands on one page; a page whose tickets have gone shows the one before it."""
    everything = [call(office, number) for number in range(12)]
    seen: list[int] = []
    for page in range(3):
        office.handle(TurnPage(home_spot(a.TOM), Listing.GROUPS, page))
        found = engineer(office)
        at = next(each for each in found.pages if each.listing is Listing.GROUPS)
        assert (at.number, at.more, at.total) == (page, page < 2, 12)
        seen += [int(each.escalation or 0) for each in found.unassigned]
    assert seen == everything
    for number in everything[-2:]:
        office.handle(Take(a.spot(a.MEI, a.L2_CHANNEL, "5.1"), EscalationId(number)))
    assert len(engineer(office).unassigned) == 5
    for page in (-1, 7, 10**30):
        office.handle(TurnPage(home_spot(a.TOM), Listing.GROUPS, page))
        assert int(engineer(office).unassigned[0].escalation or 0) == everything[0]
    office.handle(TurnPage(home_spot(a.TOM), Listing.GROUPS, 1))
    office.handle(OpenHome(home_spot(a.TOM)))
    assert int(engineer(office).unassigned[0].escalation or 0) == everything[0]


def test_beyond_a_hundred_nobody_asks_how_many(office: Office) -> None:
    """Counting ten thousand would take longer than showing five."""
    with office.store.unit_of_work() as uow:
        for number in range(101):
            called(uow, office, number)
    found = engineer(office)
    at = next(each for each in found.pages if each.listing is Listing.GROUPS)
    assert (at.total, title_of("These", at)) == (MANY, "*These (99+)*, page 1")
    office.handle(Take(a.spot(a.MEI, a.L2_CHANNEL, "5.1"), found.unassigned[0].escalation))  # type: ignore[arg-type]
    office.handle(Take(a.spot(a.MEI, a.L2_CHANNEL, "5.1"), found.unassigned[1].escalation))  # type: ignore[arg-type]
    at = next(each for each in engineer(office).pages if each.listing is Listing.GROUPS)
    assert title_of("These", at) == "*These (99)*, page 1"


def test_requesters_see_all_that_is_open_first_and_then_a_page_at_a_time(office: Office) -> None:
    """Forty open ones on two pages; what was settled behind them."""
    with office.store.unit_of_work() as uow:
        for number in range(40):
            called(uow, office, number)
        for number in range(100, 125):
            ts = Ts(f"{number}.1")
            done = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, f"Done {number}", ts)
            uow.tickets.save(done.resolved(Resolution.ARTICLE))
    own = home_view(office.desk, a.ANA).own
    assert (len(own.open), len(own.settled)) == (30, 10)
    office.handle(TurnPage(home_spot(a.ANA), Listing.OPEN, 1))
    office.handle(TurnPage(home_spot(a.ANA), Listing.SETTLED, 2))
    own = home_view(office.desk, a.ANA).own
    assert (len(own.open), len(own.settled)) == (10, 5)
    assert all(each.link for each in own.open)


PRESSES: dict[str, tuple[type, tuple]] = {
    "take": (Take, ()),
    "acknowledge": (AcknowledgeForNow, ()),
    "snooze": (SnoozeFor, ("hour",)),
    "wake": (WakeUp, ()),
    "queue": (BackToQueue, ()),
}


@pytest.mark.parametrize("what", PRESSES)
def test_a_press_on_a_home_is_a_press_on_the_card(office: Office, what: str) -> None:
    """The same authority; who may not is told in their direct messages; the Home is built anew."""
    number = EscalationId(call(office, 1))
    kind, given = PRESSES[what]
    refusal = the(office.handle(kind(home_spot(a.BEN), number, *given)), Refusal)
    assert (refusal.notice.why, refusal.channel) == ("not_in_group", a.BEN)  # type: ignore[union-attr]
    if what in {"snooze", "wake", "queue"}:
        office.handle(Take(home_spot(a.TOM), number))
    if what == "wake":
        office.handle(SnoozeFor(home_spot(a.TOM), number, "hour"))
    command: Command = kind(home_spot(a.TOM), number, *given)
    assert not any(isinstance(row.notice, Refusal) for row in office.handle(command))
    stale = set()
    while (home := office.store.homes.next()) is not None:
        stale.add(home.user)
        with office.store.unit_of_work() as uow:
            uow.homes.published(home.user, home.mark)
    assert a.TOM in stale


def test_what_rests_is_in_a_list_of_its_own(office: Office) -> None:
    """And comes back to the others once it is awake."""
    number = EscalationId(call(office, 1))
    office.handle(Take(home_spot(a.TOM), number))
    office.handle(SnoozeFor(home_spot(a.TOM), number, "hour"))
    found = engineer(office)
    assert (found.mine, [each.escalation for each in found.resting]) == ((), [number])
    office.handle(WakeUp(home_spot(a.TOM), number))
    found = engineer(office)
    assert ([each.escalation for each in found.mine], found.resting) == ([number], ())


def crowd(office: Office) -> HomeView:
    """Give the Home of somebody who is everything and has far too much of it."""
    office.desk = replace(office.desk, admins=frozenset({a.TOM}))
    with office.store.unit_of_work() as uow:
        every = [called(uow, office, number, PRIORITIES[number % 4]) for number in range(48)]
    for number, escalation in enumerate(every):
        each = EscalationId(escalation)
        if number % 3:
            office.handle(Take(home_spot(a.TOM), each))
        if number % 3 == 1 and number % 2:
            office.handle(SnoozeFor(home_spot(a.TOM), each, "hour"))
    with office.store.unit_of_work() as uow:
        for number in range(1_000, 1_080):
            ts = Ts(f"{number}.1")
            ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.TOM, f"Mine {number}", ts)
            if number % 2:
                uow.tickets.save(ticket.resolved(Resolution.ARTICLE))
    for listing in Listing:
        office.handle(TurnPage(home_spot(a.TOM), listing, 1))
    return home_view(office.desk, a.TOM)


def test_the_fullest_home_is_whole_within_slacks_room(office: Office) -> None:
    """Nothing is cut: the last button of the last list is there."""
    home = crowd(office)
    assert home.engineer is not None
    rota = replace(home.engineer.on_call[0], note="Nobody.", overrides=(STANDING,))
    engineer = replace(home.engineer, on_call=(rota,) * 9)
    incidents = tuple(home.engineer.mine[0] for _ in range(INCIDENTS_SHOWN))
    assert home.admin is not None
    admin = replace(home.admin, gaps=tuple(replace(GAP, gap=number) for number in range(ON_A_HOME)))
    view = render_home(replace(home, engineer=engineer, admin=admin, incidents=incidents))
    check_view(view, "home")
    assert len(view["blocks"]) <= BLOCKS_A_VIEW
    last = view["blocks"][-1]
    assert last["block_id"] == "pages.settled"
    mine = [block for block in view["blocks"] if block.get("block_id", "").startswith("pages.")]
    assert len(mine) == len(Listing)
