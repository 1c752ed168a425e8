"""*Duplicate of*: two tickets, one problem; its end is told to all who asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.privacy import UNQUOTED, is_direct
from bot.desk.tickets import Linked, Refusal, ThreadNote
from bot.service.messages.news import JOINED_NOTED, tell_known
from bot.service.tickets.clocks import stop_clocks
from bot.service.tickets.followers import tell_follower
from bot.service.tickets.presses import refuse
from bot.service.tickets.taking import as_engineer
from bot.service.tickets.telling import refresh_card, tell_engineers

if TYPE_CHECKING:
    from bot.desk.ids import TicketId, UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, MarkDuplicate, Ticket
    from bot.service.context import Desk

MOST = JOINED_NOTED + 1


def plan_duplicate(press: MarkDuplicate, desk: Desk) -> Change:
    """*Duplicate of*: settle the ticket as another's, and tie its requester to that one's end."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        original = root_of(uow, press.original)
        if ticket.is_restricted:
            refuse(uow, press.at, Refusal("restricted", ticket.id))
            return
        if original is None or original.is_restricted:
            refuse(uow, press.at, Refusal("no_such_ticket", ticket.id))
            return
        if original.id == ticket.id:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        if not original.is_settled and uow.escalations.open_for(original.id) is None:
            refuse(uow, press.at, Refusal("nobodys", original.id))
            return
        ended = escalation.resolved(None)
        uow.escalations.save(ended, was=escalation.state)
        stop_clocks(uow, ticket)
        link(uow, ticket, original, press.at.user)
        refresh_card(uow, ended)
        note = ThreadNote(ticket.id, "duplicate", press.at.user, other=original.id)
        tell_engineers(uow, ended, note)

    return as_engineer(desk, press.at, press.escalation, change)


def root_of(uow: UnitOfWork, ticket_id: TicketId) -> Ticket | None:
    """Find the ticket that a chain of duplicates leads to."""
    ticket = uow.tickets.get(ticket_id)
    seen: set[TicketId] = set()
    while ticket is not None and ticket.duplicate_of is not None and ticket.id not in seen:
        seen.add(ticket.id)
        ticket = uow.tickets.get(ticket.duplicate_of)
    return ticket


def link(uow: UnitOfWork, ticket: Ticket, original: Ticket, by: UserId | None) -> None:
    """Tie a ticket, and those tied to it, to the original; its requester is told how it stands."""
    for follower in uow.tickets.duplicates_of(ticket.id):
        uow.tickets.save(replace(follower, duplicate_of=original.id))
    tied = ticket.duplicate(original.id)
    uow.tickets.save(tied)
    uow.audit.note(ticket.id, by, "resolved", f"duplicate of {original.name}")
    uow.audit.note(original.id, by, "joined", ticket.name)
    latest = uow.escalations.latest_for(original.id)
    incident = uow.incidents.on(original.id)
    known = incident if incident is not None and incident.is_open else None
    # Later reports join silently: a thread that pings with each of a hundred is read by nobody.
    noted = known is None or len(uow.tickets.duplicates_of(original.id, MOST)) < MOST
    if latest is not None and noted:
        quoted = UNQUOTED if is_direct(ticket.thread.channel) else ticket.question
        note = ThreadNote(original.id, "joined", by, quoted, other=ticket.id)
        tell_engineers(uow, latest, note)
    if original.is_settled:
        tell_follower(uow, tied, original, latest)
        return
    if known is not None:
        tell_known(uow, known, tied)
        return
    notice = Linked(ticket.id, ticket.requester, original.id, by)
    to = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
    uow.outbox.put(notice, to, ticket.id)
