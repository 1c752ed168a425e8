"""Telling those concerned: the card's latest truth, engineers in their thread, the requester."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.tickets import Card, EscalationState
from bot.service.tickets.cards import truth

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ports.work import UnitOfWork
    from bot.desk.promises import Promise
    from bot.desk.tickets import Escalation, Progress, Requeued, ThreadNote, Ticket


def refresh_card(
    uow: UnitOfWork,
    escalation: Escalation,
    due: dict[Promise, datetime] | None = None,
    worse_at: datetime | None = None,
) -> None:
    """Edit an escalation's card so that it shows the truth; the others where they changed."""
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
    if worse_at is not None:
        card = replace(card, worse_at=worse_at)
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


PINGED_AGAIN = timedelta(minutes=1)
"""What is told sooner after a ping is read with it."""


def tell_worse(uow: UnitOfWork, escalation: Escalation, note: ThreadNote, at: datetime) -> None:
    """Write what was added to a danger, and ping whoever has it, or those on call.

    Once a minute: what follows at once stands below the ping, without another.
    """
    posted = uow.outbox.get(escalation.card) if escalation.card is not None else None
    card = posted.notice if posted is not None else None
    if not isinstance(card, Card):
        return
    if card.worse_at is not None and at - card.worse_at < PINGED_AGAIN:
        tell_engineers(uow, escalation, note)
        return
    taken = escalation.state is EscalationState.ACKNOWLEDGED
    pinging = replace(
        note,
        what="worse",
        to=escalation.assignee if taken else None,
        usergroup=card.usergroup,
        members=card.members,
    )
    tell_engineers(uow, escalation, pinging)
    refresh_card(uow, escalation, worse_at=at)


def tell_requester(uow: UnitOfWork, ticket: Ticket, progress: Progress) -> None:
    """Tell the requester in their own thread how it goes on."""
    to = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
    uow.outbox.put(progress, to, ticket.id)
