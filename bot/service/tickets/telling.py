"""Telling those concerned: the card's latest truth, engineers in their thread, the requester."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.tickets import Card
from bot.service.tickets.cards import truth

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ports.work import UnitOfWork
    from bot.desk.promises import Promise
    from bot.desk.tickets import Escalation, Progress, Requeued, ThreadNote, Ticket


def refresh_card(
    uow: UnitOfWork, escalation: Escalation, due: dict[Promise, datetime] | None = None
) -> None:
    """Edit an escalation's card so that it shows the truth; `due` where that changed."""
    if escalation.card is None:
        return
    posted = uow.outbox.get(escalation.card)
    if posted is None or not isinstance(posted.notice, Card):
        return
    ticket = uow.tickets.get(escalation.ticket)
    if ticket is None:
        return
    card = truth(uow, posted.notice, escalation, ticket)
    if due is not None:
        card = replace(card, due=tuple(due.items()))
    to = Destination(posted.destination.channel, edits=posted.id)
    uow.outbox.put(card, to, escalation.ticket)


def refresh_due(uow: UnitOfWork, escalation: Escalation, promise: Promise, due: datetime) -> None:
    """Edit an escalation's card where one of its deadlines has moved."""
    posted = uow.outbox.get(escalation.card) if escalation.card is not None else None
    if posted is not None and isinstance(posted.notice, Card):
        refresh_card(uow, escalation, {**dict(posted.notice.due), promise: due})


def tell_engineers(uow: UnitOfWork, escalation: Escalation, note: ThreadNote | Requeued) -> None:
    """Write a note into an escalation's thread."""
    if escalation.card is None:
        return
    posted = uow.outbox.get(escalation.card)
    if posted is not None:
        to = Destination(posted.destination.channel, under=posted.id)
        uow.outbox.put(note, to, escalation.ticket)


def tell_requester(uow: UnitOfWork, ticket: Ticket, progress: Progress) -> None:
    """Tell the requester in their own thread how it goes on."""
    to = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
    uow.outbox.put(progress, to, ticket.id)
