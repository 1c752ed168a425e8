"""An incident whose owner has left the workspace: whoever has its ticket leads it, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.admission import Standing
from bot.desk.incidents import IncidentNote
from bot.service.incidents.joining import note_incident
from bot.service.messages.news import show_banners
from bot.service.tickets.telling import refresh_card

if TYPE_CHECKING:
    from bot.desk.incidents import Incident
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk


def leaderless(desk: Desk) -> tuple[Incident, ...]:
    """Give the open incidents of owners who are surely gone; where Slack does not tell, none."""
    with desk.look() as uow:
        running = uow.incidents.running()
    standing = desk.directory.standing
    owners = {each.owner for each in running if each.owner is not None}
    gone = {owner for owner in owners if standing(owner) is Standing.GONE}
    return tuple(each for each in running if each.owner in gone)


def plan_owner_left(led: Incident) -> Change:
    """Nobody is told any more that somebody leads the work who is gone."""

    def change(uow: UnitOfWork) -> None:
        incident = uow.incidents.get(led.id)
        if incident is None or not incident.is_open or incident.owner != led.owner:
            return
        latest = uow.escalations.latest_for(incident.root)
        holder = latest.assignee if latest is not None and latest.is_open else None
        steered = incident.owned_by(holder if holder != led.owner else None)
        uow.incidents.save(steered)
        next_owner = f"<@{steered.owner}>" if steered.owner else "nobody"
        uow.audit.note(incident.root, None, "owner", f"{incident.name}: {next_owner}")
        show_banners(uow, steered)
        if latest is None:
            return
        note = IncidentNote(
            incident.root, incident.id, incident.title, "owner_left", led.owner, steered.owner
        )
        note_incident(uow, latest, note)
        refresh_card(uow, latest)

    return change
