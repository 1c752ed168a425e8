"""What came before a request: an incident that many report, or the same person back again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.tickets import Resolution, Ticket, TicketState
from bot.desk.triage import Tier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.desk.ids import TicketId, UserId


@dataclass(frozen=True)
class IncidentPolicy:
    """When reports become one incident.

    `likeness` is a cosine of sentence embeddings: reports of one outage in different words
    reach 0.5 with at least one other report, reports of different outages stay below 0.45.
    """

    within: timedelta = timedelta(minutes=15)
    reporters: int = 3
    likeness: float = 0.5
    back_within: timedelta = timedelta(days=14)
    back_likeness: float = 0.6


@dataclass(frozen=True)
class Incident:
    """Reports of one problem: the first of them, and all that look alike."""

    root: TicketId
    reports: tuple[Ticket, ...]
    requesters: int


def incident_among(
    recent: Sequence[Ticket],
    likeness: Mapping[TicketId, float],
    requester: UserId,
    policy: IncidentPolicy,
) -> Incident | None:
    """Find the recent reports by others that look like a new one; `likeness` by ticket, 0 to 1."""
    alike = [
        ticket
        for ticket in recent
        if likeness.get(ticket.id, 0.0) >= policy.likeness and ticket.requester != requester
    ]
    if not alike:
        return None
    first = min(alike, key=lambda ticket: ticket.id)
    root = first.duplicate_of or first.id
    return Incident(root, tuple(alike), len({ticket.requester for ticket in alike}) + 1)


def tier_of_return(previous: Sequence[Ticket]) -> tuple[Tier, str] | None:
    """Say where a request goes whose requester had the same before, and why; None: as usual.

    Persistent problems go up a tier: what L2 fixed and came back is L3's, what an article
    did not settle for good is L2's.
    """
    settled = [t for t in previous if t.state in {TicketState.RESOLVED, TicketState.CLOSED}]
    for ticket in sorted(settled, key=lambda each: each.id, reverse=True):
        if ticket.resolution in {Resolution.L2, Resolution.L3}:
            return Tier.L3, f"Came back: {ticket.name} had the same and was resolved before."
        if ticket.resolution in {Resolution.ARTICLE, Resolution.NO_REPLY}:
            return Tier.L2, f"Came back: the article of {ticket.name} did not settle it for good."
    return None
