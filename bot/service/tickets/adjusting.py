"""What engineers set on a ticket: its priority, its quiet, and what triage should have said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.desk.deciding import BY_A_PERSON, worsened
from bot.desk.promises import PageAt, Promise
from bot.desk.tickets import EscalationState, Refusal, ThreadNote
from bot.service.tickets.clocks import end_rest, keep_promise, pause_clocks, start_clocks
from bot.service.tickets.escalating import group_of, page_beyond
from bot.service.tickets.presses import refuse
from bot.service.tickets.taking import as_engineer, may_act
from bot.service.tickets.telling import refresh_card, tell_engineers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Mute, SetPriority, Ticket, WrongCall
    from bot.service.context import Desk


def plan_priority(press: SetPriority, desk: Desk) -> Change:
    """*Priority*: what is promised follows it, counted from when the people were called."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if ticket.priority is press.priority:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        was, changed = ticket.priority, ticket.prioritised(press.priority, BY_A_PERSON)
        uow.tickets.save(changed)
        refresh_card(uow, *restart(uow, changed, escalation, desk))
        text = f"{was or 'none'} to {press.priority}"
        tell_engineers(uow, escalation, ThreadNote(ticket.id, "priority", press.at.user, text))
        uow.audit.note(ticket.id, press.at.user, "priority", text)

    return as_engineer(desk, press.at, press.escalation, change)


def raise_by(
    uow: UnitOfWork, ticket: Ticket, added: str, desk: Desk, *, page: bool
) -> tuple[Ticket, datetime | None]:
    """Raise the priority by what is added to a ticket that people have.

    What is promised follows it, and who is paged for it is paged, if `page` says so. Gives the
    ticket as it is then, and by when somebody is to take it, where that changed.
    """
    escalation = uow.escalations.open_for(ticket.id)
    if escalation is None or ticket.priority is None:
        return ticket, None
    weighed = worsened(ticket.priority, ticket.priority_why, added)
    if weighed is None:
        return ticket, None
    raised = ticket.prioritised(weighed.priority, weighed.why)
    uow.tickets.save(raised)
    escalation, due = restart(uow, raised, escalation, desk)
    refresh_card(uow, escalation, due)
    if page:
        page_beyond(uow, escalation, raised, group_of(desk, escalation), PageAt.AT_ONCE)
    uow.audit.note(ticket.id, ticket.requester, "priority", f"{raised.priority}: {weighed.why}")
    pending = escalation.state is EscalationState.PENDING
    return raised, due.get(Promise.ACKNOWLEDGE) if pending else None


def restart(
    uow: UnitOfWork, ticket: Ticket, escalation: Escalation, desk: Desk
) -> tuple[Escalation, dict[Promise, datetime]]:
    """Set the clocks anew; what was kept stays kept, and what stood still stands.

    How urgent it is has changed: what was put off for the old reason is looked at anew. Gives the
    escalation as it is then, and its deadlines.
    """
    escalation = end_rest(uow, escalation)
    group = group_of(desk, escalation)
    running = {timer.promise for timer in uow.timers.of(ticket.id)}
    standing = {timer.promise for timer, _ in uow.timers.paused(ticket.id)}
    due = start_clocks(uow, ticket, escalation, group)
    kept = [p for p in Promise if p is not Promise.RESOLVE and p not in running | standing]
    if escalation.state is EscalationState.ACKNOWLEDGED:
        kept.append(Promise.ACKNOWLEDGE)
    keep_promise(uow, ticket, *kept)
    if ticket.waiting_since is not None:
        pause_clocks(uow, ticket, group.hours, desk.clock())
    return escalation, due


def plan_mute(press: Mute, desk: Desk) -> Change:
    """*Mute*, and *Unmute*: reminders stay out of the requester's thread."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        muted = not ticket.muted
        uow.tickets.save(ticket.hushed(muted=muted))
        refresh_card(uow, escalation)
        what: Literal["muted", "unmuted"] = "muted" if muted else "unmuted"
        tell_engineers(uow, escalation, ThreadNote(ticket.id, what, press.at.user))
        uow.audit.note(ticket.id, press.at.user, what)

    return as_engineer(desk, press.at, press.escalation, change)


def plan_wrong_call(press: WrongCall, desk: Desk) -> Change:
    """*Wrong call?*: a label for the next training, before the end or after it."""
    allowed = may_act(desk, press.at, press.escalation)

    def change(uow: UnitOfWork) -> None:
        escalation = uow.escalations.get(press.escalation)
        ticket = uow.tickets.get(escalation.ticket) if escalation else None
        if escalation is None or ticket is None:
            refuse(uow, press.at, Refusal("unknown"))
            return
        if not allowed:
            refuse(uow, press.at, Refusal("not_in_group", ticket.id))
            return
        by = press.at.user
        uow.feedback.label(ticket.id, ticket.question, press.label, press.article, by)
        text = f"{press.label}, {press.article}" if press.article else press.label
        tell_engineers(uow, escalation, ThreadNote(ticket.id, "labelled", by, text))
        uow.audit.note(ticket.id, by, "labelled", text)

    return change
