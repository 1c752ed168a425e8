"""To other hands: back to L2 with a reason, or to another member of the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.admission import Standing
from bot.desk.promises import PageAt, Promise
from bot.desk.tickets import (
    EscalationState,
    Progress,
    Refusal,
    Requeued,
    ThreadNote,
    subject_of,
)
from bot.desk.tiers import Tier
from bot.service.tickets.clocks import opening_for, priority_for, start_acknowledging
from bot.service.tickets.escalating import (
    Case,
    call,
    group_of,
    page_beyond,
    prepare_again,
    prepare_call,
    prepare_group,
)
from bot.service.tickets.presses import refuse
from bot.service.tickets.taking import as_engineer
from bot.service.tickets.telling import refresh_card, refresh_due, tell_engineers, tell_requester

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.ids import EscalationId, UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import BackToQueue, Escalation, HandOver, Return, Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import PreparedCall


def prepare_return(desk: Desk, escalation: EscalationId) -> PreparedCall:
    """Look up who at L2 had it before; L2's own group where it came to L3 at once."""
    with desk.look() as uow:
        known = uow.escalations.get(escalation)
        ticket = uow.tickets.get(known.ticket) if known else None
        every = uow.escalations.all_for(known.ticket) if known else ()
    before = [each for each in every if each.tier is Tier.L2]
    if not before:
        return prepare_call(desk, ticket, Tier.L2)
    return prepare_again(desk, ticket, before[-1])


def plan_return(press: Return, desk: Desk) -> Change:
    """*Return to L2*: what L3 has taken and found not to be its own."""
    target = prepare_return(desk, press.escalation)

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if ticket.is_restricted:
            refuse(uow, press.at, Refusal("restricted", ticket.id))
            return
        if escalation.tier is not Tier.L3:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        if escalation.state is not EscalationState.ACKNOWLEDGED:
            refuse(uow, press.at, Refusal("take_first", ticket.id))
            return
        by = press.at.user
        returned = escalation.returned(press.reason)
        uow.escalations.save(returned, was=escalation.state)
        refresh_card(uow, returned)
        tell_engineers(uow, returned, ThreadNote(ticket.id, "returned", by, press.reason))
        reasons = (f"Returned by {escalation.tier}: {press.reason}", *escalation.reasons)
        case = Case(reasons, findings=press.reason, found_by=by)
        call(uow, ticket.heard(), target, case)
        tell_requester(uow, ticket, Progress(ticket.id, "returned", target.group.tier, by))
        uow.audit.note(ticket.id, by, "returned", press.reason)

    return as_engineer(desk, press.at, press.escalation, change)


def plan_hand_over(press: HandOver, desk: Desk) -> Change:
    """*Hand over*: to a member of the group; the state stays."""
    with desk.look() as uow:
        known = uow.escalations.get(press.escalation)
    member = known is not None and desk.may_act(press.to, (group_of(desk, known),))

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if not member:
            refuse(uow, press.at, Refusal("not_a_member", ticket.id, press.to))
            return
        if escalation.assignee == press.to:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        moved = escalation.reassigned(press.to)
        uow.escalations.save(moved, was=escalation.state)
        refresh_card(uow, moved)
        note = ThreadNote(ticket.id, "handed_over", press.at.user, to=press.to)
        tell_engineers(uow, moved, note)
        if moved.state is EscalationState.ACKNOWLEDGED:
            progress = Progress(ticket.id, "handed_over", moved.tier, press.to)
            tell_requester(uow, ticket, progress)
        uow.audit.note(ticket.id, press.at.user, "handed over", press.to)

    return as_engineer(desk, press.at, press.escalation, change)


def plan_back_to_queue(press: BackToQueue, desk: Desk) -> Change:
    """*Back to the queue*: nobody has it any more, and the group is called as it was at first."""
    target = prepare_requeue(desk, press.escalation)

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        had = escalation.state is EscalationState.ACKNOWLEDGED
        if target is None or not (had or escalation.assignee):
            refresh_card(uow, escalation)
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        said = _call_again(press.at.user, had=escalation.assignee)
        requeue(uow, escalation, ticket, target=target, said=said, now=desk.clock())
        uow.audit.note(ticket.id, press.at.user, "back to the queue", escalation.assignee or "")

    return as_engineer(desk, press.at, press.escalation, change)


def plan_left(held: Escalation, desk: Desk) -> Change:
    """Whoever has it has left the workspace: nobody is left to give it up."""
    target, by = prepare_requeue(desk, held.id), held.assignee

    def change(uow: UnitOfWork) -> None:
        escalation, ticket = uow.escalations.get(held.id), uow.tickets.get(held.ticket)
        if escalation is None or ticket is None or target is None or by is None:
            return
        if not escalation.is_open or escalation.assignee != by:
            return
        said = _call_again(by, has_left=True)
        requeue(uow, escalation, ticket, target=target, said=said, now=desk.clock())
        uow.audit.note(ticket.id, None, "left with it", by)

    return change


def left_behind(desk: Desk) -> tuple[Escalation, ...]:
    """Give what people have who are surely gone; where Slack does not tell, nobody is."""
    with desk.look() as uow:
        held = uow.escalations.assigned()
    standing = desk.directory.standing
    gone = {
        user
        for user in {each.assignee for each in held}
        if user is not None and standing(user) is Standing.GONE
    }
    return tuple(each for each in held if each.assignee in gone)


def prepare_requeue(desk: Desk, escalation: EscalationId) -> PreparedCall | None:
    """Look up whom to call again."""
    with desk.look() as uow:
        known = uow.escalations.get(escalation)
        about = uow.tickets.get(known.ticket) if known else None
    return prepare_group(desk, about, group_of(desk, known)) if known else None


def requeue(  # noqa: PLR0913 - what is put back, whom it calls, and how it is said
    uow: UnitOfWork,
    escalation: Escalation,
    ticket: Ticket,
    *,
    target: PreparedCall,
    said: Callable[[Escalation, Ticket, PreparedCall, datetime], Requeued],
    now: datetime,
) -> None:
    """Put it back: nobody has it any more, and the group is called as it was at first."""
    queued = escalation.requeued()
    uow.escalations.save(queued, was=escalation.state)
    due = start_acknowledging(uow, ticket, queued, target.group, now)
    refresh_due(uow, queued, Promise.ACKNOWLEDGE, due)
    page_beyond(uow, queued, ticket, target.group, PageAt.AT_ONCE)
    # In the thread as well: an edited card rings nobody's telephone.
    tell_engineers(uow, queued, said(queued, ticket, target, now))
    if escalation.state is EscalationState.ACKNOWLEDGED:
        progress = Progress(ticket.id, "requeued", queued.tier, escalation.assignee)
        tell_requester(uow, ticket, progress)


def _call_again(
    by: UserId, *, had: UserId | None = None, has_left: bool = False
) -> Callable[[Escalation, Ticket, PreparedCall, datetime], Requeued]:
    """Say whom to call: those on call but the one who gave it up, where there is anybody else."""

    def said(
        escalation: Escalation, ticket: Ticket, target: PreparedCall, now: datetime
    ) -> Requeued:
        on_call = target.on_call
        others = tuple(each for each in on_call.members if each != by)
        return Requeued(
            ticket.id,
            escalation.id,
            by,
            usergroup=on_call.usergroup_id,
            members=others or on_call.following or on_call.members,
            subject=subject_of(ticket.question),
            priority=ticket.priority,
            expected=opening_for(target.group, priority_for(ticket, target.group.tier), now),
            has_left=has_left,
            had=had if had != by else None,
        )

    return said
