"""Looks at what came before a new request: reports of the same, or the same person again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.desk.deciding import Action
from bot.desk.errors import StaleStateError
from bot.desk.incidents import (
    Gathering,
    IncidentPolicy,
    gathering_of,
    means_the_same,
    tells_of_outage,
    tells_of_trouble,
    tier_of_return,
)
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.asking import Message
    from bot.desk.deciding import Triage
    from bot.desk.ids import TicketId, UserId
    from bot.desk.incidents import Incident
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk

EXAMPLES = 8
"""So many of an incident's reports are compared with a new one, besides the first."""


def with_history(message: Message, triage: Triage, desk: Desk) -> Triage:
    """Send a requester who is back with the same problem up a tier."""
    policy = desk.incidents
    since = desk.clock() - policy.back_within

    def is_alike(question: str) -> bool:
        return desk.triager.likeness(message.text, [question])[0] >= policy.back_likeness

    with desk.look() as uow:
        alike = uow.tickets.of_requester(message.user, since, saying=is_alike)
    # What is restricted is named to nobody, and no reason may lead back to it.
    same = [ticket for ticket in alike if not ticket.is_restricted]
    asked = triage.tier if triage.action is Action.ESCALATE else Tier.L1
    going = tier_of_return(same, asked, desk.clock(), policy)
    if going is None:
        return triage
    tier, reason = going
    return replace(triage, action=Action.ESCALATE, tier=tier, reasons=(reason, *triage.reasons))


@dataclass(frozen=True)
class Outlook:
    """What was reported in the last minutes, as it stood when a new report was looked at."""

    since: datetime
    seen: frozenset[TicketId]
    gathering: Gathering | None
    text: str = ""

    def check(self, uow: UnitOfWork) -> None:
        """Make sure that no report of the same came in between, of which this one knows nothing.

        Raises:
            StaleStateError: one did; the new report has to be looked at again.
        """
        if not self.text:
            return
        for ticket in uow.tickets.opened_since(
            self.since, max(self.seen, default=None), saying=tells_of_trouble
        ):
            if _by_words(self.text, ticket.question):
                raise StaleStateError("The list of recent reports")


NOTHING_SEEN = Outlook(datetime.max.replace(tzinfo=UTC), frozenset(), None)


def _by_words(one: str, other: str) -> bool:
    return means_the_same(one, other, lambda: 1.0, IncidentPolicy())


def find_reports(text: str, requester: UserId, desk: Desk) -> Outlook:
    """Look for others who reported the same: an open incident, or reports of the last minutes."""
    if not tells_of_trouble(text):
        return NOTHING_SEEN
    since = desk.clock() - desk.incidents.within
    # Anew: who is looked for may have written while this was decided.
    with desk.look(anew=True) as uow:
        recent = uow.tickets.opened_since(since, saying=tells_of_trouble)
        running = uow.incidents.running()
        known = [(incident, _exemplars(uow, incident)) for incident in running]
    seen = frozenset(ticket.id for ticket in recent)
    for incident, examples in known:
        if _alike(text, examples, desk):
            gathering = Gathering(incident.root, (), len(examples) + 1, incident.id)
            return Outlook(since, seen, gathering, text)
    alike = _alike(text, recent, desk)
    with desk.look() as uow:
        called = {each.id for each in alike if uow.escalations.open_for(each.id) is not None}
    found = gathering_of(alike, requester, called)
    roots = [t.question for t in recent if found is not None and t.id == found.root]
    if found is not None and tells_of_outage(text) and any(map(tells_of_outage, roots)):
        found = replace(found, outage=True)
    return Outlook(since, seen, found, text)


def _alike(text: str, tickets: Sequence[Ticket], desk: Desk) -> list[Ticket]:
    def likeness(ticket: Ticket) -> float:
        return desk.triager.likeness(text, [ticket.question])[0]

    return [
        ticket
        for ticket in tickets
        if means_the_same(text, ticket.question, partial(likeness, ticket), desk.incidents)
    ]


def _exemplars(uow: UnitOfWork, incident: Incident) -> tuple[Ticket, ...]:
    root = uow.tickets.get(incident.root)
    followers = uow.tickets.duplicates_of(incident.root, EXAMPLES)
    return (*((root,) if root is not None else ()), *followers)
