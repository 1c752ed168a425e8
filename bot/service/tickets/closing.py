"""The requester's last word: it is fixed, so many stars, and a remark."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.desk.addresses import Destination
from bot.desk.asking import Thanked
from bot.desk.learning import STARS
from bot.desk.tickets import Refusal, Settled, ThreadNote, TicketState
from bot.service.tickets.clocks import stop_clocks
from bot.service.tickets.presses import close_question, refuse, requesters_ticket
from bot.service.tickets.telling import tell_engineers

if TYPE_CHECKING:
    from bot.desk.addresses import Spot
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Confirm, Rate, Remark, Ticket


def plan_confirm(press: Confirm) -> Change:
    """*It is fixed*: close the ticket, and ask for stars."""

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        if ticket.state is not TicketState.RESOLVED:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        close_question(uow, press.at, ticket, "fixed")
        stop_clocks(uow, ticket)
        uow.tickets.save(ticket.closed(confirmed=True))
        uow.audit.note(ticket.id, press.at.user, "closed", "confirmed by the requester")
        _tell(uow, ThreadNote(ticket.id, "confirmed", press.at.user))

    return change


def plan_rate(press: Rate) -> Change:
    """Stars: one click, which another click may correct."""

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        if not ticket.is_settled or press.stars not in STARS:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        uow.feedback.rate(ticket.id, press.stars, press.at.user)
        _reword(uow, press.at, ticket, stars=press.stars)
        uow.audit.note(ticket.id, press.at.user, "rated", str(press.stars))
        _tell(uow, ThreadNote(ticket.id, "rated", press.at.user, "★" * press.stars))

    return change


def plan_remark(press: Remark) -> Change:
    """A few words with the stars."""

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        if not uow.feedback.remark(ticket.id, press.text):
            refuse(uow, press.at, Refusal("unknown", ticket.id))
            return
        _reword(uow, press.at, ticket, remark=press.text)
        uow.audit.note(ticket.id, press.at.user, "remarked", press.text)
        _tell(uow, ThreadNote(ticket.id, "rated", press.at.user, press.text))

    return change


def _reword(uow: UnitOfWork, at: Spot, ticket: Ticket, **changes: Any) -> None:
    """Show under the news of the end what the requester said of it."""
    posted = uow.outbox.posted_at(at.channel, at.ts)
    if posted is not None and isinstance(posted.notice, Settled | Thanked):
        notice = replace(posted.notice, **changes)
        uow.outbox.put(notice, Destination(at.channel, edits=posted.id), ticket.id)


def _tell(uow: UnitOfWork, note: ThreadNote) -> None:
    latest = uow.escalations.latest_for(note.ticket)
    if latest is not None:
        tell_engineers(uow, latest, note)
