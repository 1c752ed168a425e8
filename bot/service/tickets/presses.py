"""What all presses have in common: refusing, and closing a question that was answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Answer, Besides, Clarify, FirstWords, RouteQuestion, Thanked, Walk
from bot.desk.incidents import IncidentNews
from bot.desk.tickets import Linked, Refusal, Settled

if TYPE_CHECKING:
    from bot.desk.addresses import Spot
    from bot.desk.ids import TicketId
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.pressed import Pressed
    from bot.desk.tickets import Ticket

Question = (
    Walk
    | Answer
    | Clarify
    | Settled
    | Thanked
    | Linked
    | Besides
    | FirstWords
    | RouteQuestion
    | IncidentNews
)
"""The notices with buttons for the requester."""


def is_home(at: Spot) -> bool:
    """Tell whether something was pressed on somebody's Home, which is no conversation."""
    return str(at.channel) == str(at.user)


def privately(at: Spot) -> Destination:
    """Give the place where only the one who acted reads it."""
    if is_home(at):
        # From a Home, which is no conversation: their direct messages are private anyway.
        return Destination(at.user)
    return Destination(at.channel, thread_ts=at.thread_ts, only_for=at.user)


def refuse(uow: UnitOfWork, at: Spot, refusal: Refusal) -> None:
    """Tell the one who pressed, privately, why nothing was done."""
    uow.outbox.put(refusal, privately(at), refusal.ticket)


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
    uow: UnitOfWork, at: Spot, ticket: Ticket, outcome: Pressed, chosen: str | None = None
) -> bool:
    """Replace the buttons of the message that was pressed; False where it was answered before."""
    posted = uow.outbox.posted_at(at.channel, at.ts)
    if posted is None or not isinstance(posted.notice, Question):
        return True
    notice = posted.notice
    still_open = notice.outcome is None
    if still_open:
        notice = replace(notice, outcome=outcome)
        if isinstance(notice, Clarify):
            notice = replace(notice, chosen=chosen)
    uow.outbox.put(notice, Destination(at.channel, edits=posted.id), ticket.id)
    return still_open
