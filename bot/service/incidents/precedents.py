"""Looks at what came before a new request, and acts on it: join an incident, or go up a tier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desk.deciding import Action, by_reporters
from bot.desk.errors import StaleStateError
from bot.desk.incidents import Incident, incident_among, tier_of_return
from bot.desk.promises import Priority
from bot.desk.tickets import ThreadNote
from bot.desk.tiers import Tier
from bot.service.tickets.adjusting import restart
from bot.service.tickets.clocks import stop_clocks
from bot.service.tickets.duplicates import link
from bot.service.tickets.escalating import Case, call, prepare_call
from bot.service.tickets.telling import refresh_card, tell_engineers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desk.asking import Message
    from bot.desk.deciding import Triage
    from bot.desk.ids import TicketId
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import PreparedCall


def likenesses(desk: Desk, text: str, tickets: Sequence[Ticket]) -> dict[TicketId, float]:
    """Say how much each ticket's question looks like a text, 0 to 1."""
    if not tickets:
        return {}
    scores = desk.triager.likeness(text, [ticket.question for ticket in tickets])
    return {ticket.id: score for ticket, score in zip(tickets, scores, strict=True)}


def with_history(message: Message, triage: Triage, desk: Desk) -> Triage:
    """Send a requester who is back with the same problem up a tier."""
    policy = desk.incidents
    since = desk.clock() - policy.back_within
    with desk.look() as uow:
        theirs = uow.tickets.of_requester(message.user, since)
    scores = likenesses(desk, message.text, theirs)
    # What is restricted is named to nobody, and no reason may lead back to it.
    same = [
        ticket
        for ticket in theirs
        if scores[ticket.id] >= policy.back_likeness and not ticket.is_restricted
    ]
    asked = triage.tier if triage.action is Action.ESCALATE else Tier.L1
    going = tier_of_return(same, asked, desk.clock(), policy)
    if going is None:
        return triage
    tier, reason = going
    return replace(triage, action=Action.ESCALATE, tier=tier, reasons=(reason, *triage.reasons))


@dataclass(frozen=True)
class Outlook:
    """The reports of the last minutes, as they stood when a new one was looked at."""

    since: datetime
    seen: frozenset[TicketId]
    incident: Incident | None

    def check(self, uow: UnitOfWork) -> None:
        """Make sure that no other report came in between, of which this one knows nothing.

        Raises:
            StaleStateError: one did; the new report has to be looked at again.
        """
        for ticket in uow.tickets.escalated_since(self.since):
            if ticket.id not in self.seen:
                raise StaleStateError("The list of recent reports")


def find_incident(message: Message, desk: Desk) -> Outlook:
    """Look for others who reported the same within minutes."""
    policy = desk.incidents
    since = desk.clock() - policy.within
    with desk.look() as uow:
        recent = uow.tickets.escalated_since(since)
    scores = likenesses(desk, message.text, recent)
    incident = incident_among(recent, scores, message.user, policy)
    return Outlook(since, frozenset(ticket.id for ticket in recent), incident)


class Joining:
    """A new report joins an incident: one page for all, and L3 at once."""

    def __init__(self, incident: Incident, desk: Desk) -> None:
        """Look up whom to call, in case the incident is not with L3 yet."""
        self._incident = incident
        self._desk = desk
        self._above: PreparedCall | None = None
        with desk.look() as uow:
            self._root = uow.tickets.get(incident.root)
            handled = uow.escalations.open_for(incident.root)
        self._tier = handled.tier if handled else None
        if self._enough and self._tier is not Tier.L3 and not self._on_route:
            self._above = prepare_call(desk, self._root, Tier.L3)

    @property
    def _enough(self) -> bool:
        return self._incident.requesters >= self._desk.incidents.reporters

    @property
    def _on_route(self) -> bool:
        """Whether it is where its matter belongs, so that no tier above has it better."""
        return self._root is not None and self._root.matter is not None

    @property
    def applies(self) -> bool:
        """Whether the new report is to join: L3 has it already, or enough people report it."""
        with_them = self._tier is Tier.L3 or self._on_route
        return self._tier is not None and (with_them or self._enough)

    def join(self, uow: UnitOfWork, ticket: Ticket) -> bool:
        """Tie the new ticket to the incident; False where it was settled in the meantime."""
        root = uow.tickets.get(self._incident.root)
        escalation = uow.escalations.open_for(self._incident.root)
        if root is None or escalation is None:
            return False
        if self._above is not None and escalation.tier is not Tier.L3:
            root = self._to_l3(uow, root, escalation, self._above)
        else:
            self._raise(uow, root, escalation)
        for report in self._incident.reports:
            self._gather(uow, report, root)
        link(uow, ticket, root, None)
        return True

    def _to_l3(
        self, uow: UnitOfWork, root: Ticket, escalation: Escalation, above: PreparedCall
    ) -> Ticket:
        minutes = int(self._desk.incidents.within.total_seconds() // 60)
        findings = f"{self._incident.requesters} people report the same within {minutes} minutes."
        passed = escalation.passed_on(findings)
        uow.escalations.save(passed, was=escalation.state)
        refresh_card(uow, passed)
        urgent = root.prioritised(Priority.P1, f"{self._incident.requesters} people report it")
        uow.tickets.save(urgent)
        reasons = (f"One incident: {findings}", *escalation.reasons)
        call(uow, urgent, above, Case(reasons, findings=findings))
        return uow.tickets.get(root.id) or urgent

    def _raise(self, uow: UnitOfWork, root: Ticket, escalation: Escalation) -> None:
        """Raise the priority by how many report the same."""
        reporters = self._incident.requesters
        if root.priority is None:
            return
        raised = by_reporters(root.priority, reporters)
        if raised is not root.priority:
            why = f"{reporters} people report it; before: {root.priority_why or root.priority}"
            urgent = root.prioritised(raised, why)
            uow.tickets.save(urgent)
            uow.audit.note(root.id, None, "priority", f"{raised}: {why}")
            refresh_card(uow, escalation, restart(uow, urgent, escalation, self._desk))

    def _gather(self, uow: UnitOfWork, report: Ticket, root: Ticket) -> None:
        """Tie an earlier report that has an escalation of its own to the incident."""
        escalation = uow.escalations.open_for(report.id)
        current = uow.tickets.get(report.id)
        if report.id == root.id or escalation is None or current is None:
            return
        ended = escalation.resolved(None)
        uow.escalations.save(ended, was=escalation.state)
        stop_clocks(uow, current)
        link(uow, current, root, None)
        refresh_card(uow, ended)
        tell_engineers(uow, ended, ThreadNote(report.id, "duplicate", None, other=root.id))
