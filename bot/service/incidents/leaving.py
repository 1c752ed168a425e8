"""Leaving an incident: whose problem is another gets a ticket of their own again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.incidents import IncidentNote
from bot.desk.tickets import Refusal
from bot.desk.tiers import Tier
from bot.service.incidents.joining import note_incident
from bot.service.tickets.escalating import Case, call, prepare_call
from bot.service.tickets.presses import close_question, refuse, requesters_ticket
from bot.service.tickets.telling import refresh_card

if TYPE_CHECKING:
    from bot.desk.incidents import OtherProblem
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk


def plan_other_problem(press: OtherProblem, desk: Desk) -> Change:
    """*Mine is another problem*: call people for it, and let it follow the incident no more."""
    with desk.look() as uow:
        known = uow.tickets.get(press.ticket)
    target = prepare_call(desk, known, Tier.L2)

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        close_question(uow, press.at, ticket, "other_problem")
        root = ticket.duplicate_of
        incident = uow.incidents.on(root) if root is not None else None
        if root is None or incident is None or ticket.told_of_end:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        reason = f"The requester says that it is another problem than {incident.name}."
        call(uow, ticket.reopen(), target, Case((reason,), why="needs_person"))
        uow.audit.note(ticket.id, press.at.user, "reopened", f"not {incident.name}")
        uow.audit.note(root, press.at.user, "left", ticket.name)
        followed = uow.escalations.open_for(root)
        if followed is not None:
            refresh_card(uow, followed)
            note_incident(uow, followed, IncidentNote(
                root, incident.id, incident.title, "left", press.at.user, other=ticket.id
            ))  # fmt: skip

    return change
