"""What becomes of a page, whatever is done to its ticket in Slack."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.beyond import Happening, Page, PageState, Target, Targets, after
from bot.desk.ids import EscalationId, Thread, TicketId, Ts
from bot.desk.promises import PageAt, PageRule, Priority, TimerKind, page_at, to_page
from bot.desk.tickets import (
    ESCALATION_TRANSITIONS,
    EscalationState,
    Resolution,
    Settlement,
)
from bot.desk.tiers import Tier
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.tickets import Escalation
    from tests.fakes import TurnableClock

PENDING, TAKEN = EscalationState.PENDING, EscalationState.ACKNOWLEDGED
EVENTS = frozenset({Happening.TAKEN, Happening.HANDED_OVER, Happening.GIVEN_BACK})


@pytest.fixture
def told(store: Store, clock: TurnableClock) -> Store:
    """A store with a target, and an escalation of L2 that was paged."""
    targets = Targets((Target("pager"), Target("news", EVENTS)))
    made = Store(store.path, clock, targets=targets)
    with made.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "It is down", a.ASKED)
        uow.tickets.save(ticket.escalated().prioritised(Priority.P1))
        escalation = uow.escalations.open(ticket.id, Tier.L2, "l2", ("x",))
        assert uow.beyond.page(escalation, ("pager",)) == ("pager",)
    return made


def types(store: Store) -> list[str]:
    """Name what was handed over for all targets since the page, in order."""
    with store.look() as uow:
        rows = uow.outbox._db.execute(
            "SELECT json_extract(notice, '$.what') AS what FROM outbox WHERE way = 'beyond' "
            "AND id > 1 ORDER BY id"
        ).fetchall()
    return [str(row["what"]) for row in rows]


def act(store: Store, change: Callable[[Escalation], Escalation]) -> None:
    """Do something to the open escalation."""
    with store.unit_of_work() as uow:
        escalation = uow.escalations.open_for(TicketId(1001))
        assert escalation is not None
        uow.escalations.save(change(escalation), was=escalation.state)


def again(store: Store) -> tuple[str, ...]:
    """Let the ladder page once more."""
    with store.unit_of_work() as uow:
        escalation = uow.escalations.open_for(TicketId(1001))
        assert escalation is not None
        return uow.beyond.page(escalation, ("pager",))


def test_it_is_raised_once(told: Store) -> None:
    """However many rungs name its target; a target that is not there is passed over."""
    assert again(told) == ()
    with told.unit_of_work() as uow:
        escalation = uow.escalations.open_for(TicketId(1001))
        assert escalation is not None
        assert uow.beyond.page(escalation, ("gone",)) == ()


def test_who_takes_it_acknowledges_it_and_its_end_ends_it(told: Store) -> None:
    """Handing it over changes nothing there."""
    act(told, lambda each: each.taken_by(a.MEI))
    act(told, lambda each: each.reassigned(a.TOM))
    assert types(told) == ["ticket.taken", "page.acknowledged", "ticket.handed_over"]
    with told.unit_of_work() as uow:
        escalation = uow.escalations.open_for(TicketId(1001))
        ticket = uow.tickets.get(TicketId(1001))
        assert escalation is not None
        assert ticket is not None
        uow.escalations.save(escalation.resolved(Settlement(a.TOM, "", "done")), was=TAKEN)
        uow.tickets.save(ticket.resolved(Resolution.L2))
    assert types(told)[3:] == ["page.ended"]


def test_what_goes_back_to_the_queue_is_raised_anew(told: Store) -> None:
    """The old page ends, and the ladder begins again."""
    act(told, lambda each: each.taken_by(a.MEI))
    act(told, lambda each: each.requeued())
    assert types(told)[2:] == ["ticket.given_back", "page.ended"]
    assert again(told) == ("pager",)


def test_who_lets_it_rest_has_seen_it_and_afterwards_it_is_raised_anew(
    told: Store, clock: TurnableClock
) -> None:
    """*Acknowledge for 30 minutes* is heard by the pager too."""
    act(told, lambda each: each.snoozed(a.MEI, clock() + timedelta(minutes=30)))
    assert types(told) == ["page.acknowledged"]
    assert again(told) == ()
    act(told, lambda each: each.awake())
    assert types(told) == ["page.acknowledged", "page.ended"]
    assert again(told) == ("pager",)


def test_what_nobody_took_keeps_calling_until_the_next_tier_has_it(told: Store) -> None:
    """Moving up is no taking."""
    act(told, lambda each: each.passed_on("nobody took it"))
    assert types(told) == []
    with told.unit_of_work() as uow:
        uow.escalations.open(TicketId(1001), Tier.L3, "l3", ("x",))
    assert again(told) == ("pager",), "the next tier has a page of its own"
    act(told, lambda each: each.taken_by(a.JONAS))
    assert sorted(types(told)[1:]) == ["page.acknowledged", "page.ended", "ticket.taken"]


STATES = sorted(EscalationState)
MOVES = [(was, now) for was in STATES for now in ESCALATION_TRANSITIONS[was]]


@given(st.sampled_from(MOVES), st.sampled_from([PageState.RAISED, PageState.TAKEN]), st.booleans())
def test_no_move_raises_an_acknowledged_page_or_leaves_a_settled_one(
    move: tuple[EscalationState, EscalationState], state: PageState, own: bool
) -> None:
    """Of all moves that there are."""
    page = Page("k", TicketId(1), EscalationId(7), "pager", state)
    now = after(page, EscalationId(7 if own else 8), *move)
    assert not (state is PageState.TAKEN and now is PageState.RAISED)
    if move[1] is EscalationState.RESOLVED:
        assert now is PageState.ENDED
    if move == (PENDING, EscalationState.ESCALATED):
        assert now is state


def test_a_later_step_speaks_for_the_earlier_ones() -> None:
    """In the order of the rules, each target once, and only for its priorities."""
    rules = (
        PageRule(PageAt.AT_ONCE, ("a",), frozenset({Priority.P1})),
        PageRule(PageAt.CALL_NEXT, ("b", "a")),
        PageRule(PageAt.MOVE_UP, ("c",)),
    )
    assert to_page(rules, PageAt.AT_ONCE, Priority.P1) == ("a",)
    assert to_page(rules, PageAt.AT_ONCE, Priority.P2) == ()
    assert to_page(rules, PageAt.CALL_LEAD, Priority.P1) == ("a", "b")
    assert to_page(rules, PageAt.MOVE_UP, Priority.P3) == ("b", "a", "c")


@pytest.mark.parametrize("rung", TimerKind)
def test_every_rung_that_calls_somebody_is_a_step(rung: TimerKind) -> None:
    """And no other timer is one."""
    calls = rung.value in {"remind group", "call next", "call lead", "move up"}
    assert (page_at(rung) is not None) == calls


def test_without_targets_nothing_is_written(store: Store) -> None:
    """Who configures nothing pays nothing."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "It is down", a.ASKED)
        uow.tickets.save(ticket.escalated())
        uow.escalations.open(ticket.id, Tier.L2, "l2", ("x",))
    assert store.letters.waiting() == ()


def test_an_incident_is_told_from_its_beginning_to_its_end(
    store: Store, clock: TurnableClock
) -> None:
    """With its title and its news; of one on a direct message without a word."""
    events = frozenset(each for each in Happening if each.value.startswith("incident."))
    told = Store(store.path, clock, targets=Targets((Target("news", events),)))
    for channel, ts in ((a.IT_HELP, "1.0"), (a.DIRECT, "2.0")):
        thread = Thread(a.TEAM, channel, Ts(ts))
        with told.unit_of_work() as uow:
            root = uow.tickets.open(thread, a.ANA, "It is down", Ts(ts))
            incident = uow.incidents.open(root, "Orders are down", a.MEI)
            uow.incidents.tell(incident, a.MEI, "We restart it.")
            uow.incidents.end(incident)
    with told.look() as uow:
        rows = uow.outbox._db.execute(
            "SELECT json_extract(notice, '$.says') AS says FROM outbox WHERE way = 'beyond' "
            "ORDER BY id"
        ).fetchall()
    assert [row["says"] for row in rows] == [
        "T-1001: Orders are down",
        "T-1001: We restart it.",
        "T-1001: Orders are down",
        "T-1002 is an incident now",
        "T-1002 has news of its incident",
        "T-1002 is no incident any more",
    ]
