"""The incident: one disturbance that several people report, with an owner, news and an end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.desk.errors import TransitionError
from bot.desk.ids import IncidentId, NoticeId, TicketId, UserId, incident_name

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.tickets import Ticket

TITLE_ROOM = 80
NAMED_IN_TITLE = 3


class IncidentState(StrEnum):
    """Whether it is still worked on."""

    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True)
class Incident:
    """One disturbance; its root is the ticket that people work on, which the others follow."""

    id: IncidentId
    root: TicketId
    title: str
    opened_at: datetime
    """When it was reported first."""
    owner: UserId | None = None
    declared_by: UserId | None = None
    """Who declared it; None where reports gathered."""
    state: IncidentState = IncidentState.OPEN
    ended_at: datetime | None = None

    @property
    def name(self) -> str:
        """The incident's number as people say it."""
        return incident_name(self.id)

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.state is IncidentState.OPEN

    def named(self, title: str) -> Incident:
        """Give it another title."""
        return replace(self, title=title[:TITLE_ROOM])

    def owned_by(self, owner: UserId | None) -> Incident:
        """Say who leads the work on it; None where nobody does any more."""
        return replace(self, owner=owner)

    def ended(self, at: datetime) -> Incident:
        """End it; once."""
        if not self.is_open:
            raise TransitionError(self.name, self.state, IncidentState.ENDED)
        return replace(self, state=IncidentState.ENDED, ended_at=at)


@dataclass(frozen=True)
class Update:
    """What its engineers told everyone."""

    at: datetime
    by: UserId
    text: str


@dataclass(frozen=True)
class Happened:
    """A line of an incident's timeline; None as who is Frontline."""

    at: datetime
    who: UserId | None
    what: str
    details: str = ""


class Incidents(Protocol):
    """The incidents on record."""

    def open(self, root: Ticket, title: str, by: UserId | None) -> Incident:
        """Open an incident on a ticket, since that was asked; it has at most one at a time."""

    def get(self, incident: IncidentId) -> Incident | None:
        """Find an incident by its number."""

    def on(self, root: TicketId) -> Incident | None:
        """Find the last incident on a ticket, open or ended."""

    def running(self) -> tuple[Incident, ...]:
        """Give the open incidents, the newest first."""

    def listed(self, limit: int, *, ended: bool) -> tuple[Incident, ...]:
        """Give incidents, the newest first; those that `ended` too, or the open ones alone."""

    def save(self, incident: Incident) -> None:
        """Write an incident."""

    def end(self, incident: Incident) -> Incident:
        """End an incident now, and write it."""

    def affected(self, incident: Incident) -> int:
        """Count the people who reported it."""

    def tell(self, incident: Incident, by: UserId, text: str) -> Update:
        """Keep what everyone is told."""

    def updates(self, incident: Incident) -> tuple[Update, ...]:
        """Give what everyone was told, oldest first."""

    def timeline(self, incident: Incident) -> tuple[Happened, ...]:
        """Give what happened on its root, by the audit trail, oldest first."""

    def post_banner(self, incident: Incident, notice: NoticeId) -> None:
        """Remember a banner, to be edited with the news."""

    def banners(self, incident: Incident) -> tuple[NoticeId, ...]:
        """Give its banners."""


def title_of(things: tuple[str, ...]) -> str:
    """Name an incident by what several reports name: nobody's own words are quoted to others."""
    if not things:
        return "The same trouble, reported by several people"
    return f"Trouble with {', '.join(things[:NAMED_IN_TITLE])}"[:TITLE_ROOM]
