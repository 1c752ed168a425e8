"""What all presses have in common: refusing, and closing a question that was answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.notices import Answer, Clarify, Destination, Linked, Refusal, Settled, Thanked

if TYPE_CHECKING:
    from bot.desk.commands import Spot
    from bot.desk.ids import TicketId
    from bot.desk.notices import Outcome
    from bot.desk.ports import UnitOfWork
    from bot.desk.tickets import Ticket

Question = Answer | Clarify | Settled | Thanked | Linked
"""The notices with buttons for the requester."""


def refuse(uow: UnitOfWork, at: Spot, refusal: Refusal) -> None:
    """Tell the one who pressed, privately, why nothing was done."""
    to = Destination(at.channel, thread_ts=at.thread_ts, only_for=at.user)
    uow.outbox.put(refusal, to, refusal.ticket)


def requesters_ticket(uow: UnitOfWork, at: Spot, ticket_id: TicketId) -> Ticket | None:
    """Find the ticket of a press, if the one who pressed is its requester; else refuse."""
    ticket = uow.tickets.get(ticket_id)
    if ticket is None:
        refuse(uow, at, Refusal("unknown"))
        return None
    if at.user != ticket.requester:
        refuse(uow, at, Refusal("not_requester", ticket.id))
        return None
    return ticket


def close_question(
    uow: UnitOfWork, at: Spot, ticket: Ticket, outcome: Outcome, chosen: str | None = None
) -> None:
    """Replace the buttons of the message that was pressed by what came of it."""
    posted = uow.outbox.posted_at(at.channel, at.ts)
    if posted is None or not isinstance(posted.notice, Question):
        return
    notice = posted.notice
    if notice.outcome is None:
        notice = replace(notice, outcome=outcome)
        if isinstance(notice, Clarify):
            notice = replace(notice, chosen=chosen)
    uow.outbox.put(notice, Destination(at.channel, edits=posted.id), ticket.id)
