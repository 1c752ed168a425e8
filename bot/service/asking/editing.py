"""Edits and deletions of what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import Thread
from bot.desk.tickets import Resolution, ThreadNote, TicketState
from bot.service.asking.opening import plan_again
from bot.service.asking.reacting import close_open
from bot.service.asking.routing import (
    plan_turn,
    prepare_routed,
    route_for,
    send_on_route,
    taken_back,
)
from bot.service.asking.standing import standing_of
from bot.service.messages.wording import WORDLESS_REQUEST
from bot.service.readers.audience import readers_of
from bot.service.tickets.escalating import withdraw
from bot.service.tickets.telling import refresh_card, tell_engineers

if TYPE_CHECKING:
    from bot.desk.asking import Deleted, Edited
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk

SAME_QUESTION = 0.95
"""Wordings that are so alike ask the same: a typo was mended."""


def ticket_of(uow: UnitOfWork, edited: Edited | Deleted) -> Ticket | None:
    """Find the ticket that a message opened, else that of its thread, else whose record has it."""
    own = uow.tickets.in_thread(Thread(edited.team, edited.channel, edited.ts))
    found = own or uow.tickets.in_thread(edited.thread)
    recorded = None if found else uow.conversation.ticket_of(edited.thread, edited.ts)
    return uow.tickets.get(recorded) if recorded else found


def plan_edit(edited: Edited, ticket: Ticket, desk: Desk) -> Change:
    """Follow an edit: the record changes, engineers are told, another question is asked anew."""
    turned = _plan_turned(edited, ticket, desk)
    if turned is not None:
        return turned
    first = edited.ts == ticket.asked_ts
    if first and ticket.question == WORDLESS_REQUEST:
        # Nobody was shown what was written there: nobody is shown how it was mended.
        return lambda _: None
    with desk.look() as uow:
        standing = standing_of(uow, ticket)
    anew = _plan_anew(edited, standing, desk) if first else None

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        if not uow.conversation.edit(edited.thread, edited.ts, edited.text):
            return
        if first:
            current = current.reworded(edited.text)
            uow.tickets.save(current)
        escalation = uow.escalations.open_for(ticket.id)
        if escalation is not None:
            if first:
                refresh_card(uow, escalation)
            note = ThreadNote(ticket.id, "edited", edited.user, edited.text)
            tell_engineers(uow, escalation, note)
        elif anew is not None and current.state in {TicketState.OPEN, TicketState.ANSWERED}:
            close_open(uow, standing, "superseded")
            uow.audit.note(ticket.id, edited.user, "asked anew", "the question was edited")
            anew(uow)

    return change


def _plan_turned(edited: Edited, ticket: Ticket, desk: Desk) -> Change | None:
    """Follow an edit that surely tells of such a matter; None where the edit is a usual one."""
    if ticket.matter is not None or edited.user != ticket.requester or not edited.text:
        return None
    routed = route_for(edited.text, desk.triager.suspicion(edited.text), desk, edited)
    if routed is None or not routed.suspicion.sure:
        return None
    if routed.group is None or routed.route.restricted:
        # What is not for everyone is not recorded where everyone may read it. The first words are
        # there no more once they are edited, and say nothing of what they became.
        told = ticket.reworded("") if edited.ts == ticket.asked_ts else ticket
        return plan_turn(edited.as_message, told, desk)
    target = prepare_routed(desk, ticket, routed)

    def change(uow: UnitOfWork) -> None:
        if not uow.conversation.edit(edited.thread, edited.ts, edited.text):
            return
        current = uow.tickets.get(ticket.id) or ticket
        if edited.ts == ticket.asked_ts:
            current = current.reworded(edited.text)
            uow.tickets.save(current)
        send_on_route(uow, taken_back(uow, current), routed, target)

    return change


def _plan_anew(edited: Edited, standing: Standing, desk: Desk) -> Change | None:
    ticket = standing.ticket
    if ticket.state not in {TicketState.OPEN, TicketState.ANSWERED} or edited.text == (
        ticket.question
    ):
        return None
    if ticket.matter is not None:
        # It goes its own way, or waits for its requester's word on that.
        return None
    if desk.triager.likeness(edited.text, [ticket.question])[0] >= SAME_QUESTION:
        return None
    readers = readers_of(desk, edited.channel, edited.user)
    triage = desk.triager.triage(edited.text, readers=readers)
    if triage.article is not None and triage.article == standing.article:
        return None
    act = plan_again(triage, desk, ticket, edited.text)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id)
        if current is not None:
            act(uow, current)

    return change


def plan_deleted(deleted: Deleted) -> Change:
    """Follow a deletion: a question taken back before a person has it is withdrawn."""

    def change(uow: UnitOfWork) -> None:
        ticket = ticket_of(uow, deleted)
        if ticket is None:
            uow.once.taken_back(deleted.team, deleted.channel, deleted.ts)
            # A picture that came alone is known by the thread it stands in.
            for ts in {deleted.ts, *([deleted.thread.ts] if deleted.had_files else [])}:
                uow.once.told_of_picture(deleted.channel, ts)
            return
        if not uow.conversation.delete(deleted.thread, deleted.ts):
            if not uow.conversation.holds(deleted.thread, deleted.ts):
                uow.once.taken_back(deleted.team, deleted.channel, deleted.ts)
            return
        ticket = uow.tickets.get(ticket.id) or ticket  # without the words that were deleted
        escalation = uow.escalations.open_for(ticket.id)
        first = deleted.ts == ticket.asked_ts
        if escalation is not None and not (first and escalation.assignee is None):
            if first:
                refresh_card(uow, escalation)
            tell_engineers(uow, escalation, ThreadNote(ticket.id, "deleted", ticket.requester))
        elif first and not ticket.is_settled:
            withdraw(uow, ticket, "withdrawn")
            uow.tickets.save(ticket.resolved(Resolution.WITHDRAWN))
            uow.audit.note(ticket.id, ticket.requester, "resolved", Resolution.WITHDRAWN)

    return change
