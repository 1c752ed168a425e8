"""Joining: a new report and the earlier ones become one incident, with one page for all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Answer, Clarify, Walk
from bot.desk.deciding import by_reporters
from bot.desk.incidents import IncidentNote, as_written, common_things, named_in, title_of
from bot.desk.promises import Priority
from bot.desk.tickets import ThreadNote
from bot.desk.tiers import Tier
from bot.service.incidents.precedents import find_reports
from bot.service.messages.news import news_for
from bot.service.tickets.adjusting import restart
from bot.service.tickets.clocks import stop_clocks
from bot.service.tickets.duplicates import link
from bot.service.tickets.escalating import Case, call, prepare_call
from bot.service.tickets.telling import refresh_card, tell_engineers

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.ids import TicketId
    from bot.desk.incidents import Gathering, Incident
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import PreparedCall


class Joining:
    """A new report joins others: one page for all, and L3 at once."""

    def __init__(self, gathering: Gathering, desk: Desk) -> None:
        """Look up whom to call, in case people do not have it yet, or not with L3."""
        self._gathering = gathering
        self._desk = desk
        self._above: PreparedCall | None = None
        with desk.look() as uow:
            self._root = uow.tickets.get(gathering.root)
            handled = uow.escalations.open_for(gathering.root)
        self._tier = handled.tier if handled else None
        missing = self._tier is None or (self._tier is not Tier.L3 and self._enough)
        if self.applies and missing and not self._on_route:
            self._above = prepare_call(desk, self._root, Tier.L3)

    @property
    def _enough(self) -> bool:
        return self._gathering.requesters >= self._desk.incidents.reporters

    @property
    def _on_route(self) -> bool:
        """Whether it is where its matter belongs, so that no tier above has it better."""
        return self._root is not None and self._root.matter is not None

    @property
    def applies(self) -> bool:
        """Whether the new report is to join: an incident is open, L3 has it, or enough report."""
        if self._root is None or self._root.is_restricted:
            return False
        if self._gathering.incident is not None or self._enough:
            return True
        held = self._tier is not None
        return self._tier is Tier.L3 or (held and (self._on_route or self._gathering.outage))

    def join(self, uow: UnitOfWork, ticket: Ticket) -> bool:
        """Tie the new ticket to the incident; False where it was settled in the meantime."""
        root = uow.tickets.get(self._gathering.root)
        escalation = uow.escalations.open_for(self._gathering.root)
        if root is None or root.is_settled or (escalation is None and self._above is None):
            return False
        if self._above is not None and not stays(uow, root):
            root = self._to_l3(uow, root, escalation, self._above)
        elif escalation is not None:
            self._raise(uow, root, escalation)
        incident = self._incident(uow, root, ticket)
        for report in self._gathering.reports:
            self._gather(uow, report.id, root)
        link(uow, ticket, root, None)
        current = uow.escalations.open_for(root.id)
        if current is not None:
            refresh_card(uow, current)
        uow.audit.note(ticket.id, None, "reported", incident.name)
        return True

    def _incident(self, uow: UnitOfWork, root: Ticket, ticket: Ticket) -> Incident:
        """Find the incident on the root, or open it; its first reporter and engineers are told."""
        known = uow.incidents.on(root.id)
        if known is not None and known.is_open:
            return known
        reports = {each.id: each.question for each in (root, ticket, *self._gathering.reports)}
        things = common_things([named_in(text) for text in reports.values()])
        incident = uow.incidents.open(root, title_of(as_written(things, [*reports.values()])), None)
        escalation = uow.escalations.open_for(root.id)
        if escalation is not None and escalation.assignee is not None:
            incident = incident.owned_by(escalation.assignee)
            uow.incidents.save(incident)
        people = self._gathering.requesters
        details = f"{incident.name}: {people} people report the same"
        uow.audit.note(root.id, None, "incident", details)
        news_for(uow, incident, root, "gathered", None)
        if escalation is not None:
            note_incident(uow, escalation, IncidentNote(
                root.id, incident.id, incident.title, "opened", people=people
            ))  # fmt: skip
        return incident

    def _to_l3(
        self, uow: UnitOfWork, root: Ticket, escalation: Escalation | None, above: PreparedCall
    ) -> Ticket:
        minutes = int(self._desk.incidents.within.total_seconds() // 60)
        findings = f"{self._gathering.requesters} people report the same within {minutes} minutes."
        reasons: tuple[str, ...] = (f"One incident: {findings}",)
        if escalation is not None:
            passed = escalation.passed_on(findings)
            uow.escalations.save(passed, was=escalation.state)
            refresh_card(uow, passed)
            reasons += escalation.reasons
        else:
            close_offers(uow, root)
        urgent = root.prioritised(Priority.P1, "many people report it")
        uow.tickets.save(urgent)
        call(uow, urgent, above, Case(reasons, findings=findings))
        return uow.tickets.get(root.id) or urgent

    def _raise(self, uow: UnitOfWork, root: Ticket, escalation: Escalation) -> None:
        """Raise the priority by how many report the same."""
        reporters = self._gathering.requesters
        if root.priority is None:
            return
        raised = by_reporters(root.priority, reporters)
        if raised is not root.priority:
            why = f"{reporters} people report it; before: {root.priority_why or root.priority}"
            urgent = root.prioritised(raised, why)
            uow.tickets.save(urgent)
            uow.audit.note(root.id, None, "priority", f"{raised}: {why}")
            refresh_card(uow, *restart(uow, urgent, escalation, self._desk))

    def _gather(self, uow: UnitOfWork, report: TicketId, root: Ticket) -> None:
        """Tie an earlier report to the incident, whether people have it, or it was answered."""
        current = uow.tickets.get(report)
        if current is None or current.id == root.id or current.is_settled:
            return
        if current.is_restricted:
            return
        escalation = uow.escalations.open_for(report)
        stop_clocks(uow, current)
        if escalation is None:
            close_offers(uow, current)
            link(uow, current, root, None)
            return
        ended = escalation.resolved(None)
        uow.escalations.save(ended, was=escalation.state)
        link(uow, current, root, None)
        refresh_card(uow, ended)
        tell_engineers(uow, ended, ThreadNote(report, "duplicate", None, other=root.id))


def stays(uow: UnitOfWork, root: Ticket) -> bool:
    """Tell whether an incident stays with those who have it: L3, or whoever a person chose."""
    if uow.escalations.open_for(root.id) is None:
        return False
    incident = uow.incidents.on(root.id)
    declared = incident is not None and incident.declared_by is not None
    return declared or any(each.tier is Tier.L3 for each in uow.escalations.all_for(root.id))


def joined_or(
    desk: Desk, ticket: Ticket, words: str, otherwise: Callable[[UnitOfWork, Ticket], None]
) -> Callable[[UnitOfWork, Ticket], None]:
    """Let a request that is known by now join what it reports, rather than call people for it.

    `words` are what its requester said beyond the first message.
    """
    if ticket.is_restricted or ticket.matter is not None:
        return otherwise
    told = f"{ticket.question}\n{words}".strip()
    gathering = find_reports(told, ticket.requester, desk).gathering
    joining = Joining(gathering, desk) if gathering is not None else None
    if joining is None or not joining.applies or gathering is None or gathering.root == ticket.id:
        return otherwise

    def join(uow: UnitOfWork, current: Ticket) -> None:
        if current.is_settled or not joining.join(uow, current):
            otherwise(uow, current)
            return
        stop_clocks(uow, current)
        close_offers(uow, current)

    return join


def close_offers(uow: UnitOfWork, ticket: Ticket) -> None:
    """Take the buttons off articles and questions that a report was answered with."""
    for posted in uow.outbox.latest_of(ticket.id):
        notice = posted.notice
        if isinstance(notice, Answer | Clarify | Walk) and notice.outcome is None:
            closed = replace(notice, outcome="superseded")
            to = Destination(posted.destination.channel, edits=posted.id)
            uow.outbox.put(closed, to, ticket.id)


def note_incident(uow: UnitOfWork, escalation: Escalation, note: IncidentNote) -> None:
    """Write a note about the incident into an escalation's thread."""
    posted = uow.outbox.get(escalation.card) if escalation.card is not None else None
    if posted is not None:
        to = Destination(posted.destination.channel, under=posted.id)
        uow.outbox.put(note, to, escalation.ticket)
