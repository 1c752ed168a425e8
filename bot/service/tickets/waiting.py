"""Waiting for the requester: the promises to them stand until they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.service.tickets.clocks import await_requester, pause_clocks, resume_clocks
from bot.service.tickets.escalating import group_of
from bot.service.tickets.telling import refresh_card

if TYPE_CHECKING:
    from bot.desk.ids import TicketId
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk


def begin_waiting(uow: UnitOfWork, desk: Desk, ticket: Ticket, escalation: Escalation) -> None:
    """It is the requester's turn; one question more does not set the patience back."""
    if ticket.waiting_since is None:
        now = desk.clock()
        ticket = ticket.waits(now)
        uow.tickets.save(ticket)
        pause_clocks(uow, ticket, group_of(desk, escalation).hours, now)
        await_requester(uow, ticket, desk.patience.nudge, desk.patience.close_waiting)
        uow.audit.note(ticket.id, None, "waits for the requester")
    refresh_card(uow, escalation)


def end_waiting(uow: UnitOfWork, desk: Desk, ticket_id: TicketId) -> None:
    """The requester wrote: it is the engineers' turn again."""
    ticket = uow.tickets.get(ticket_id)
    if ticket is None or ticket.waiting_since is None:
        return
    uow.tickets.save(ticket.heard())
    escalation = uow.escalations.open_for(ticket_id)
    if escalation is not None:
        resume_clocks(uow, ticket, group_of(desk, escalation).hours, desk.clock())
        refresh_card(uow, escalation)
    uow.audit.note(ticket_id, ticket.requester, "wrote again")
