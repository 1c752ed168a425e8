"""Leaving an incident: whose problem is another gets a ticket of their own again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.incidents import IncidentNote
from bot.desk.tickets import Refusal
from bot.desk.tiers import Tier
from bot.service.incidents.joining import note_incident
from bot.service.messages.news import news_for
from bot.service.tickets.escalating import Case, call, prepare_call
from bot.service.tickets.presses import close_question, refuse, requesters_ticket
from bot.service.tickets.telling import refresh_card

if TYPE_CHECKING:
    from bot.desk.incidents import Incident, OtherProblem
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk


def goes_on(uow: UnitOfWork, ticket: Ticket) -> bool:
    """Let an incident go on though its first reporter says that it is solved; False: it is none.

    For others it may not be: engineers end it, for all.
    """
    incident = uow.incidents.on(ticket.id)
    others = uow.tickets.others_with(ticket.id, ticket.requester)
    if incident is None or not incident.is_open or not others:
        return False
    news_for(uow, incident, ticket, "goes_on", None)
    uow.audit.note(ticket.id, ticket.requester, "works for them", incident.name)
    followed = uow.escalations.open_for(ticket.id)
    if followed is not None:
        note_works(uow, followed, incident, ticket, others)
    return True


def note_works(
    uow: UnitOfWork, followed: Escalation, incident: Incident, ticket: Ticket, others: int
) -> None:
    """Tell the engineers that it works again for somebody."""
    note_incident(uow, followed, IncidentNote(
        incident.root, incident.id, incident.title, "works", ticket.requester, people=others
    ))  # fmt: skip


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
        again = ticket if ticket.is_held else ticket.reopen()
        if not call(uow, again, target, Case((reason,), why="needs_person")):
            return
        uow.audit.note(ticket.id, press.at.user, "reopened", f"not {incident.name}")
        uow.audit.note(root, press.at.user, "left", ticket.name)
        followed = uow.escalations.open_for(root)
        if followed is not None:
            refresh_card(uow, followed)
            note_incident(uow, followed, IncidentNote(
                root, incident.id, incident.title, "left", press.at.user, other=ticket.id
            ))  # fmt: skip

    return change
