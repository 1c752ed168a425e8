"""What came before a request: an incident that many report, or the same person back again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.incidents.sameness import contradict, named_in, says_no_more, share_a_thing
from bot.desk.tickets import Resolution, Ticket
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence
    from datetime import datetime

    from bot.desk.ids import IncidentId, TicketId, UserId


@dataclass(frozen=True)
class IncidentPolicy:
    """When reports become one incident.

    `likeness` is a cosine of sentence embeddings, asked of reports that name the same thing, each
    with more besides; of two of which one names nothing more, `terse` is enough.
    """

    within: timedelta = timedelta(minutes=15)
    reporters: int = 3
    likeness: float = 0.51
    terse: float = 0.3
    back_within: timedelta = timedelta(days=14)
    back_likeness: float = 0.7
    article_held: timedelta = timedelta(hours=4)
    banners: tuple[str, ...] = ()
    """Channels in which an incident's news are shown to all."""


@dataclass(frozen=True)
class Gathering:
    """Reports of one problem by others: the one that people work on, and all that look alike."""

    root: TicketId
    reports: tuple[Ticket, ...]
    requesters: int
    incident: IncidentId | None = None
    """The open incident that they belong to already."""
    outage: bool = False
    """Whether both the new report and the root say outright that something is down."""


def gathering_of(
    alike: Sequence[Ticket],
    requester: UserId,
    with_people: Container[TicketId] = frozenset(),
) -> Gathering | None:
    """Gather reports that mean the same as a new one; the root is one that people have already.

    Else it is the first that is not settled: who said that theirs is solved has no trouble.
    """
    theirs = [
        ticket
        for ticket in alike
        if ticket.requester != requester
        and (not ticket.is_settled or ticket.duplicate_of is not None)
    ]
    if not theirs:
        return None
    first = min(theirs, key=lambda each: (each.id not in with_people, each.is_settled, each.id))
    root = first.duplicate_of or first.id
    return Gathering(root, tuple(theirs), len({each.requester for each in theirs}) + 1)


def means_the_same(
    one: str, other: str, likeness: Callable[[], float], policy: IncidentPolicy
) -> bool:
    """Tell whether two reports are of one disturbance; their likeness is asked for last."""
    first, second = named_in(one), named_in(other)
    if not share_a_thing(first, second) or contradict(first, second):
        return False
    needed = policy.terse if says_no_more(first, second) else policy.likeness
    return likeness() >= needed


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
