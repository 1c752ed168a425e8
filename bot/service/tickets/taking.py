"""What only members of the group may do: taking an escalation, passing it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.desk.promises import Promise
from bot.desk.tickets import EscalationState, Progress, Refusal, ThreadNote
from bot.desk.tiers import Tier
from bot.service.messages.news import own_incident
from bot.service.tickets.clocks import (
    keep_promise,
)
from bot.service.tickets.presses import is_home, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.addresses import Spot
    from bot.desk.ids import EscalationId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, PassOn, Take, Ticket
    from bot.service.context import Desk
from bot.service.readers.seeing import viewer_of
from bot.service.tickets.escalating import Case, call, group_of, prepare_call
from bot.service.tickets.telling import refresh_card, tell_engineers, tell_requester


def _engineers_escalation(
    uow: UnitOfWork, at: Spot, escalation_id: EscalationId, *, allowed: bool
) -> tuple[Escalation, Ticket] | None:
    """Find the escalation of a press, if it is open and the presser may act; else refuse.

    A late press re-renders the card, so that the presser sees how it stands.
    """
    escalation = uow.escalations.get(escalation_id)
    ticket = uow.tickets.get(escalation.ticket) if escalation else None
    if escalation is None or ticket is None:
        refuse(uow, at, Refusal("unknown"))
        return None
    if not allowed:
        refuse(uow, at, Refusal("not_in_group", ticket.id))
        return None
    if not escalation.is_open:
        refresh_card(uow, escalation)
        refuse(uow, at, Refusal("already_settled", ticket.id, escalation.assignee))
        return None
    return escalation, ticket


def may_act(desk: Desk, at: Spot, escalation_id: EscalationId) -> bool:
    """Check authority at the press: buttons are not proof."""
    with desk.look() as uow:
        escalation = uow.escalations.get(escalation_id)
        ticket = uow.tickets.get(escalation.ticket) if escalation else None
    if escalation is None or ticket is None:
        return False
    if ticket.is_restricted:
        return ticket.restricted_to in viewer_of(desk, at.user).groups
    groups = (group_of(desk, escalation), *desk.groups.at_or_above(escalation.tier))
    return desk.may_act(at.user, groups)


def as_engineer(
    desk: Desk,
    at: Spot,
    escalation_id: EscalationId,
    act: Callable[[UnitOfWork, Escalation, Ticket], None],
) -> Change:
    """Let somebody act on an open escalation, if they may; all that engineers press goes here.

    Authority is looked up before the transaction begins, and how it stands within it.
    """
    allowed = may_act(desk, at, escalation_id)

    def change(uow: UnitOfWork) -> None:
        found = _engineers_escalation(uow, at, escalation_id, allowed=allowed)
        if found is not None:
            act(uow, *found)
        if is_home(at):
            # Pressed there, it shows at once what came of it.
            uow.homes.opened(at.user)

    return change


def plan_take(press: Take, desk: Desk) -> Change:
    """*Take it*: of two who press at once one wins, and the other is told who did."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        pending = escalation.state is EscalationState.PENDING
        if not pending and escalation.assignee is not None:
            refresh_card(uow, escalation)
            refuse(uow, press.at, Refusal("already_taken", ticket.id, escalation.assignee))
            return
        # Somebody outside Slack may have it, whom nobody here knows.
        mine = press.at.user
        taken = escalation.taken_by(mine) if pending else escalation.reassigned(mine)
        uow.escalations.save(taken, was=escalation.state)
        keep_promise(uow, ticket, Promise.ACKNOWLEDGE)
        own_incident(uow, ticket, press.at.user)
        refresh_card(uow, taken)
        progress = Progress(ticket.id, "taken", taken.tier, press.at.user)
        tell_requester(uow, ticket, progress)
        uow.audit.note(ticket.id, press.at.user, "taken", str(taken.tier))

    return as_engineer(desk, press.at, press.escalation, change)


def plan_pass_on(press: PassOn, desk: Desk) -> Change:
    """*Escalate to L3*: settle nothing, hand over everything."""
    with desk.look() as uow:
        known = uow.escalations.get(press.escalation)
        about = uow.tickets.get(known.ticket) if known else None
    target = prepare_call(desk, about, Tier.L3)

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if escalation.tier is Tier.L3 or ticket.is_restricted:
            why: Literal["restricted", "nothing_to_do"]
            why = "restricted" if ticket.is_restricted else "nothing_to_do"
            refuse(uow, press.at, Refusal(why, ticket.id))
            return
        passed = escalation.passed_on(press.findings)
        uow.escalations.save(passed, was=escalation.state)
        refresh_card(uow, passed)
        tell_engineers(
            uow, passed, ThreadNote(ticket.id, "passed_on", press.at.user, press.findings)
        )
        reasons = (f"Passed on by {escalation.tier}: {press.findings}", *escalation.reasons)
        case = Case(reasons, findings=press.findings, found_by=press.at.user)
        call(uow, ticket.heard(), target, case)
        tell_requester(uow, ticket, Progress(ticket.id, "moved_up", Tier.L3, press.at.user))

    return as_engineer(desk, press.at, press.escalation, change)
