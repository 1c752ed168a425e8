"""Not fixed after all: of those who followed an incident the first calls people, the others join.

A thousand who were told of the end may find that it is not one; they are still one page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.incidents import Gathering, means_the_same
from bot.desk.tickets import Refusal
from bot.service.incidents.joining import Joining
from bot.service.tickets.presses import close_question, refuse, requesters_ticket
from bot.service.tickets.resolving import plan_not_fixed

if TYPE_CHECKING:
    from bot.desk.ids import TicketId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import NotFixed, Ticket
    from bot.service.context import Desk


def plan_not_fixed_after_all(press: NotFixed, desk: Desk) -> Change:
    """*It is not fixed*: join others who said so of the same incident, else reopen as ever."""
    usual = plan_not_fixed(press, desk)
    joining = others_back(press.ticket, desk)
    if joining is None:
        return usual

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        if not ticket.is_settled:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        reopened = ticket.reopen()
        if not joining.join(uow, reopened):
            usual(uow)
            return
        close_question(uow, press.at, ticket, "not_fixed")
        uow.audit.note(ticket.id, press.at.user, "reopened", "it is not fixed for others either")

    return change


def others_back(number: TicketId, desk: Desk) -> Joining | None:
    """Find who said before, by a press or in words, that the same incident's end was none."""
    with desk.look() as uow:
        ticket = uow.tickets.get(number)
        back = _back_before(uow, ticket, desk) if ticket is not None else None
        known = uow.incidents.on(back.id) if back is not None else None
    if back is None:
        return None
    incident = known.id if known is not None and known.is_open else None
    joining = Joining(Gathering(back.id, (), 2, incident, outage=True), desk)
    return joining if joining.applies else None


def _back_before(uow: UnitOfWork, ticket: Ticket, desk: Desk) -> Ticket | None:
    """Find the first who said that the same incident's end was none, and has people at it."""
    root = ticket.duplicate_of or ticket.id
    incident = uow.incidents.on(root)
    if incident is None or incident.ended_at is None:
        return None
    back = [
        each
        for each in uow.tickets.reopened_since(incident.ended_at)
        if each.requester != ticket.requester
        and (each.id == root or _same(each, ticket, desk))
        and uow.escalations.open_for(each.id) is not None
    ]
    return min(back, key=lambda each: each.id, default=None)


def _same(one: Ticket, other: Ticket, desk: Desk) -> bool:
    # Both were of one incident, so what they name tells enough.
    return means_the_same(one.question, other.question, lambda: 1.0, desk.incidents)
