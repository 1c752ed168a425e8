"""When a notice cannot be delivered: another way is found, or it is said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.tickets import Apology, Card, Handoff, Refusal, Seen, ThreadNote
from bot.desk.views import HomeView
from bot.service.tickets.rerouting import alarm_unheard, next_way, post_elsewhere

if TYPE_CHECKING:
    from bot.desk.ids import TicketId
    from bot.desk.notices import Notice
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket


def find_another_way(
    uow: UnitOfWork,
    notice: Notice,
    to: Destination,
    ticket_id: TicketId | None,
    *,
    asked_by_app: bool = False,
) -> None:
    """Send a card to somebody on call directly, and the requester's news to the requester.

    A requester that is an app reads no direct messages: for it nothing else can be done.
    """
    if isinstance(notice, HomeView):
        uow.homes.forget(notice.user)
        return
    if to.only_for is not None and to.edits is None and not asked_by_app:
        # The app is not in that conversation; what one person alone is to read goes to them.
        uow.outbox.put(notice, Destination(to.only_for), ticket_id)
        return
    ticket = uow.tickets.get(ticket_id) if ticket_id else None
    if ticket is None or to.edits is not None:
        return
    if isinstance(notice, Card):
        _card_directly(uow, notice, to, ticket)
    elif not asked_by_app and not isinstance(notice, Handoff | ThreadNote | Seen | Refusal):
        _requester_directly(uow, notice, to, ticket)


def say_that_it_is_lacking(uow: UnitOfWork, to: Destination, ticket_id: TicketId | None) -> None:
    """Tell who waits for something that this version cannot say; it is kept for one that can."""
    if to.edits is not None or to.under is not None:
        return
    if ticket_id is None:
        if to.only_for is not None:
            uow.outbox.put(Apology(None), to)
        return
    ticket = uow.tickets.get(ticket_id)
    if ticket is not None:
        there = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
        uow.outbox.put(Apology(ticket.id, nobody_reached=True), there, ticket.id)


def _card_directly(uow: UnitOfWork, card: Card, to: Destination, ticket: Ticket) -> None:
    """One after the other of those on call; where nobody can be reached, it is said aloud."""
    escalation = uow.escalations.get(card.escalation)
    reached = next_way(card.members, uow.outbox.refused_places(ticket.id), to.channel)
    if escalation is not None and reached is not None:
        post_elsewhere(uow, card, escalation, ticket, reached)
        return
    apology = Apology(ticket.id, nobody_reached=True)
    there = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
    uow.outbox.put(apology, there, ticket.id)
    if escalation is not None:
        alarm_unheard(uow, escalation, ticket)


def _requester_directly(uow: UnitOfWork, notice: Notice, to: Destination, ticket: Ticket) -> None:
    if to.channel == ticket.requester:
        return
    uow.outbox.put(notice, Destination(ticket.requester), ticket.id)
    uow.audit.note(ticket.id, None, "answered directly", f"{to.channel} could not be reached")
