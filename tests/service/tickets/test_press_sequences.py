"""No sequence of presses, by whomever, leads where the tables allow no way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.asking import CallPerson, Solved
from bot.desk.deciding import Action
from bot.desk.ids import EscalationId, TicketId, Ts
from bot.desk.promises import Priority
from bot.desk.tickets import (
    ESCALATION_TRANSITIONS,
    TICKET_TRANSITIONS,
    AcknowledgeForNow,
    AskRequester,
    BackToQueue,
    Confirm,
    EscalationState,
    HandOver,
    MarkDuplicate,
    Mute,
    NotFixed,
    PassOn,
    Rate,
    Remark,
    ReplyToRequester,
    Resolve,
    Return,
    SetPriority,
    SnoozeFor,
    Take,
    TicketState,
    WakeUp,
    WrongCall,
)
from bot.desk.tiers import Tier
from tests import builders as a
from tests.fakes import TurnableClock
from tests.service.conftest import Office

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.addresses import Spot
    from bot.desk.commands import Command
    from bot.desk.ids import UserId
    from bot.desk.tickets import Escalation, Ticket
    from bot.store.unit_of_work import Store

PEOPLE = (a.ANA, a.BEN, a.TOM, a.MEI, a.JONAS)
ASKED = {a.ANA: a.ASKED, a.BEN: Ts("1772452801.000900")}
"""Ana asks for L2, Ben for L3; each has one ticket."""

ENGINEERS: dict[str, Callable[[Spot, EscalationId], Command]] = {
    "take": Take,
    "resolve": lambda at, e: Resolve(at, e, "Dust.", "Cleaned it."),
    "pass on": lambda at, e: PassOn(at, e, "Not the network."),
    "return": lambda at, e: Return(at, e, "Not a defect."),
    "ask": lambda at, e: AskRequester(at, e, "Which one?"),
    "reply": lambda at, e: ReplyToRequester(at, e, "Soon."),
    "to Mei": lambda at, e: HandOver(at, e, a.MEI),
    "to Jonas": lambda at, e: HandOver(at, e, a.JONAS),
    "P1": lambda at, e: SetPriority(at, e, Priority.P1),
    "duplicate of Ana's": lambda at, e: MarkDuplicate(at, e, TicketId(1001)),
    "duplicate of Ben's": lambda at, e: MarkDuplicate(at, e, TicketId(1002)),
    "wrong call": lambda at, e: WrongCall(at, e, "L1", a.VPN),
    "mute": Mute,
    "for now": AcknowledgeForNow,
    "snooze": lambda at, e: SnoozeFor(at, e, "hour"),
    "wake": WakeUp,
    "queue": BackToQueue,
}

REQUESTERS: dict[str, Callable[[Spot, TicketId], Command]] = {
    "solved": Solved,
    "not fixed": NotFixed,
    "fixed": Confirm,
    "person": CallPerson,
    "stars": lambda at, t: Rate(at, t, 5),
    "remark": lambda at, t: Remark(at, t, "Fine."),
}

a_press = st.tuples(
    st.sampled_from([*ENGINEERS, *REQUESTERS, "writes"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(list(ASKED)),
    st.booleans(),
)
"""What, who, on whose ticket, and whether on the newest escalation or on the first."""


class Watched:
    """An office of which every step is compared with the tables."""

    def __init__(self, store: Store) -> None:
        """Let Ana and Ben ask."""
        clock = store.clock
        assert isinstance(clock, TurnableClock)
        self.office = Office(store, clock)
        self.tickets: dict[int, Ticket] = {}
        self.escalations: dict[int, Escalation] = {}
        self._messages = 0
        for user, tier in ((a.ANA, Tier.L2), (a.BEN, Tier.L3)):
            self.office.triager.decision = a.triage(Action.ESCALATE, tier)
            self.office.handle(a.message(f"{user} asks", user=user, ts=ASKED[user]))
        self.look()

    def press(self, what: str, who: UserId, whose: UserId, newest: bool) -> None:
        """Let somebody press, then look at everything."""
        ticket = next(t for t in self.tickets.values() if t.requester == whose)
        theirs = [e.id for e in self.escalations.values() if e.ticket == ticket.id]
        at = a.spot(who, a.L2_CHANNEL, "5.1")
        if what in ENGINEERS:
            command = ENGINEERS[what](at, max(theirs) if newest else min(theirs))
        elif what in REQUESTERS:
            command = REQUESTERS[what](at, ticket.id)
        else:
            self._messages += 1
            ts = f"1772460000.{self._messages:06d}"
            command = a.follow_up("And now?", ts, user=who, thread_ts=ASKED[whose])
        self.office.clock.turn(1)
        self.office.handle(command)
        self.look()

    def look(self) -> None:
        """Compare what is on record with what was, by the tables."""
        with self.office.store.unit_of_work() as uow:
            tickets = [uow.tickets.get(TicketId(n)) for n in (1001, 1002)]
            found = [t for t in tickets if t is not None]
            escalations = {t.id: uow.escalations.all_for(t.id) for t in found}
            timers = {t.id: (*uow.timers.of(t.id), *uow.timers.paused(t.id)) for t in found}
        for ticket in found:
            self._ticket(ticket)
            for escalation in escalations[ticket.id]:
                self._escalation(escalation)
            still_open = [e for e in escalations[ticket.id] if e.is_open]
            assert len(still_open) == (ticket.state is TicketState.ESCALATED)
            assert not still_open or timers[ticket.id], "nobody would ever be reminded"
            assert ticket.waiting_since is None or still_open
            assert (ticket.resolution is None) == (not ticket.is_settled)

    def _ticket(self, now: Ticket) -> None:
        was = self.tickets.get(now.id)
        self.tickets[now.id] = now
        if was is None or was.state is now.state:
            return
        # A reopening passes through OPEN on its way to the people who are called again.
        ways = {(to,) for to in TICKET_TRANSITIONS[was.state]} | {
            (between, to)
            for between in TICKET_TRANSITIONS[was.state]
            for to in TICKET_TRANSITIONS[between]
        }
        assert any(way[-1] is now.state for way in ways), (was.state, now.state)
        if was.is_settled and not now.is_settled:
            assert now.reopened == was.reopened + 1

    def _escalation(self, now: Escalation) -> None:
        was = self.escalations.get(now.id)
        self.escalations[now.id] = now
        if was is None:
            assert now.state is EscalationState.PENDING
        elif was.state is not now.state:
            assert now.state in ESCALATION_TRANSITIONS[was.state]
            if now.state is EscalationState.ACKNOWLEDGED:
                assert now.assignee in {a.TOM, a.MEI, a.JONAS}


@pytest.mark.rare
@settings(max_examples=25)
@given(presses=st.lists(a_press, max_size=20))
def test_no_sequence_of_presses_leaves_the_tables_or_a_ticket_without_people(
    new_store: Callable[[], Store], presses: list[tuple[str, UserId, UserId, bool]]
) -> None:
    """An escalated ticket has one open escalation with a timer; all others have none."""
    watched = Watched(new_store())
    for what, who, whose, newest in presses:
        watched.press(what, who, whose, newest)
