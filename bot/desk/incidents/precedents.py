"""What came before a request: an incident that many report, or the same person back again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.tickets import Resolution, Ticket
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

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
    back_likeness: float = 0.7
    article_held: timedelta = timedelta(hours=4)


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


def tier_of_return(
    previous: Sequence[Ticket], asked: Tier, now: datetime, policy: IncidentPolicy
) -> tuple[Tier, str] | None:
    """Say where a request goes whose requester had the same before, and why; None: as usual.

    Persistent problems go up a tier: what people fixed and came back goes one above where it
    would go by itself; a question whose article settled it a moment ago goes to L2. The same
    how-to asked again weeks later is just asked again.
    """
    for ticket in sorted(previous, key=lambda each: each.id, reverse=True):
        if ticket.resolution in {Resolution.L2, Resolution.L3}:
            tier = Tier.L2 if asked is Tier.L1 else Tier.L3
            return (
                tier,
                f"Came back: {ticket.name} was the same and was resolved {ticket.resolution}.",
            )
        soon = now - ticket.opened_at <= policy.article_held
        if ticket.resolution is Resolution.ARTICLE and asked is Tier.L1 and soon:
            return Tier.L2, f"Came back: the article of {ticket.name} did not settle it for long."
    return None
