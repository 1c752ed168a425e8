"""What engineers do with an incident: declare it, name it, hand it over, and tell everyone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.desk.incidents import (
    TITLE_ROOM,
    IncidentNote,
    IncidentWord,
    NameIncident,
    OtherProblem,
    UpdateEveryone,
)
from bot.desk.tickets import Refusal
from bot.service.incidents.joining import note_incident
from bot.service.incidents.leaving import plan_other_problem
from bot.service.messages.news import news_for, put_up_banners, show_banners, tell_everyone
from bot.service.tickets.escalating import group_of
from bot.service.tickets.presses import privately, refuse
from bot.service.tickets.taking import as_engineer
from bot.service.tickets.telling import refresh_card

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.incidents import Incident, IncidentPress
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk


def plan_incident_press(press: IncidentPress, desk: Desk) -> Change:
    """Work out what a press about an incident changes."""
    match press:
        case NameIncident():
            return plan_name(press, desk)
        case UpdateEveryone():
            return plan_update(press, desk)
        case OtherProblem():
            return plan_other_problem(press, desk)
        case _:
            assert_never(press)


@dataclass(frozen=True)
class Declaration:
    """On which ticket an incident is declared, by whom, and as what."""

    ticket: Ticket
    by: UserId
    title: str
    owner: UserId | None = None


def plan_name(press: NameIncident, desk: Desk) -> Change:
    """*Declare an incident*, or, where there is one, give it a title and an owner."""
    with desk.look() as uow:
        known = uow.escalations.get(press.escalation)
    owner = press.owner
    fits = owner is None or (
        known is not None and desk.may_act(owner, (group_of(desk, known), *desk.groups.usual))
    )

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if ticket.is_restricted:
            refuse(uow, press.at, Refusal("restricted", ticket.id))
            return
        if not fits:
            refuse(uow, press.at, Refusal("not_a_member", ticket.id, owner))
            return
        incident = uow.incidents.on(ticket.id)
        if incident is None or not incident.is_open:
            said = Declaration(ticket, press.at.user, press.title, owner)
            declare(uow, desk, escalation, said)
            return
        steered = incident.named(press.title or incident.title)
        steered = steered.owned_by(owner) if owner is not None else steered
        if steered == incident:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        uow.incidents.save(steered)
        _note(uow, escalation, steered, "named", press.at.user)
        if steered.owner != incident.owner:
            what = f"{incident.name}: <@{steered.owner}>"
            uow.audit.note(ticket.id, press.at.user, "owner", what)
        show_banners(uow, steered)
        refresh_card(uow, escalation)

    return as_engineer(desk, press.at, press.escalation, change)


def declare(uow: UnitOfWork, desk: Desk, escalation: Escalation, said: Declaration) -> Incident:
    """Open an incident by hand: its requester and the channels are told at once."""
    ticket, by = said.ticket, said.by
    incident = uow.incidents.open(ticket, said.title[:TITLE_ROOM], by)
    holder = said.owner or escalation.assignee or by
    if holder != by:
        incident = incident.owned_by(holder)
        uow.incidents.save(incident)
    uow.audit.note(ticket.id, by, "incident", f"{incident.name} declared")
    news_for(uow, incident, ticket, "gathered", None)
    for follower in uow.tickets.duplicates_of(ticket.id):
        if not follower.told_of_end:
            news_for(uow, incident, follower, "known", None)
    put_up_banners(uow, incident, desk.incidents.banners)
    _note(uow, escalation, incident, "opened", by)
    refresh_card(uow, escalation)
    return incident


def plan_update(press: UpdateEveryone, desk: Desk) -> Change:
    """*Update everyone*: each who reported it, in their own thread, and the banners."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        incident = uow.incidents.on(ticket.id)
        if incident is None or not incident.is_open:
            uow.outbox.put(IncidentWord("no_incident", ticket=ticket.id), privately(press.at))
            return
        if incident.owner is None:
            incident = incident.owned_by(escalation.assignee or press.at.user)
            uow.incidents.save(incident)
        put_up_banners(uow, incident, desk.incidents.banners)
        people = tell_everyone(uow, incident, press.at.user, press.text)
        note_incident(uow, escalation, IncidentNote(
            ticket.id, incident.id, incident.title, "update", press.at.user, incident.owner,
            people, press.text,
        ))  # fmt: skip
        uow.audit.note(ticket.id, press.at.user, "told everyone", f"{people} people")
        refresh_card(uow, escalation)

    return as_engineer(desk, press.at, press.escalation, change)


def _note(
    uow: UnitOfWork, escalation: Escalation, incident: Incident, what: str, by: UserId
) -> None:
    people = uow.incidents.affected(incident)
    note = IncidentNote(
        incident.root, incident.id, incident.title, what, by, incident.owner, people  # type: ignore[arg-type]
    )  # fmt: skip
    note_incident(uow, escalation, note)
