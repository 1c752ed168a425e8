"""What the desk says of an incident: to those who follow it, on banners, and at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.ids import IncidentId, TicketId, UserId
from bot.desk.pressed import Pressed


@dataclass(frozen=True)
class IncidentNews:
    """To one who reported it, in their own thread: it is known, or what is new."""

    ticket: TicketId
    requester: UserId
    incident: IncidentId
    title: str
    what: Literal["known", "gathered", "update", "goes_on"]
    since: datetime
    root: TicketId
    """The ticket that people work on; their own where they were the first."""
    owner: UserId | None = None
    text: str = ""
    by: UserId | None = None
    told_at: datetime | None = None
    outcome: Pressed | None = None
    kind: Literal["incident_news"] = "incident_news"


@dataclass(frozen=True)
class IncidentBanner:
    """In a channel, for all who may be affected; edited with the news."""

    incident: IncidentId
    title: str
    since: datetime
    owner: UserId | None = None
    text: str = ""
    told_at: datetime | None = None
    ended_at: datetime | None = None
    language: str = ""
    """What most of those who reported it are spoken to in; a channel has none of its own."""
    kind: Literal["incident_banner"] = "incident_banner"


@dataclass(frozen=True)
class IncidentWord:
    """To one engineer: what came of a press."""

    what: Literal["told", "no_incident", "no_such_ticket", "not_yours", "nobodys", "opened"]
    incident: IncidentId | None = None
    ticket: TicketId | None = None
    title: str = ""
    people: int = 0
    kind: Literal["incident_word"] = "incident_word"


@dataclass(frozen=True)
class IncidentNote:
    """In the escalation's thread: it became an incident, or what its followers were told."""

    ticket: TicketId
    incident: IncidentId
    title: str
    what: Literal["opened", "update", "named", "left", "works", "owner_left"]
    by: UserId | None = None
    owner: UserId | None = None
    people: int = 0
    text: str = ""
    other: TicketId | None = None
    kind: Literal["incident_note"] = "incident_note"


@dataclass(frozen=True)
class IncidentReview:
    """To the group's channel, at the end: what happened when, why, and what would prevent it."""

    incident: IncidentId
    title: str
    markdown: str
    kind: Literal["incident_review"] = "incident_review"


IncidentNotice = IncidentNews | IncidentBanner | IncidentWord | IncidentNote | IncidentReview
