"""What a card and a handoff say of a ticket, worked out anew each time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.tickets import Finding, Handoff, IncidentLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.desk.articles import TriedStep
    from bot.desk.ids import UserId
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Card, Escalation, File, Line, Settlement, Ticket

FEW = 5
"""So many of those who report the same are looked up by name."""

KEPT = "not for everybody"
"""Stands where the name of an article would that not everybody may see."""


def truth(uow: UnitOfWork, card: Card, escalation: Escalation, ticket: Ticket) -> Card:
    """Give a card as it should read now."""
    settled = escalation.settlement
    kept = frozenset(card.kept)
    steps = uow.steps.of(ticket.id)
    same = uow.tickets.duplicates_of(ticket.id, FEW)
    return replace(
        card,
        state=escalation.state,
        assignee=escalation.assignee,
        findings=escalation.findings,
        question=ticket.question,
        priority=ticket.priority,
        priority_why=ticket.priority_why,
        waiting_since=ticket.waiting_since if escalation.is_open else None,
        muted=ticket.muted,
        snoozed_by=escalation.snooze.by if escalation.snooze else None,
        snoozed_until=escalation.snooze.until if escalation.snooze else None,
        duplicate_of=card.duplicate_of or ticket.duplicate_of,
        cause=settled.cause if settled else "",
        fix=settled.fix if settled else "",
        prevention=settled.prevention if settled else "",
        right_tier=settled.right_tier if settled else None,
        article_wanted=settled.article_wanted if settled else False,
        article_words=settled.article_words if settled else "",
        since=ticket.opened_at,
        also=_also(same, ticket),
        others=uow.tickets.others_with(ticket.id, ticket.requester) if same else 0,
        incident=incident_line(uow, ticket),
        shown=_named(ticket.articles_shown, kept),
        failed=_named(ticket.articles_failed, kept),
        last_step=_step(steps[-1], kept) if steps else None,
    )


def incident_line(uow: UnitOfWork, ticket: Ticket) -> IncidentLine | None:
    """Give the incident on a ticket as its card shows it."""
    incident = uow.incidents.on(ticket.id)
    if incident is None:
        return None
    updates = uow.incidents.updates(incident)
    return IncidentLine(
        incident.id,
        incident.title,
        incident.owner,
        incident.opened_at,
        uow.incidents.affected(incident),
        updates[-1].at if updates else None,
        not incident.is_open,
    )


def _also(same: Sequence[Ticket], ticket: Ticket) -> tuple[UserId, ...]:
    others = (each.requester for each in same)
    return tuple(dict.fromkeys(each for each in others if each != ticket.requester))


def _named(articles: Iterable[str], kept: frozenset[str]) -> tuple[str, ...]:
    return tuple(KEPT if article in kept else article for article in articles)


def _step(step: TriedStep, kept: frozenset[str]) -> TriedStep:
    return replace(step, article=KEPT, text="") if step.article in kept else step


def handoff_of(
    uow: UnitOfWork,
    ticket: Ticket,
    findings: str = "",
    found_by: UserId | None = None,
    *,
    kept: frozenset[str] = frozenset(),
) -> Handoff:
    """Gather what a tier passes on: nobody is asked twice, nothing is found out twice.

    Of articles that are `kept` to some, it says only that there was one.
    """
    conversation = uow.conversation.of(ticket.id)
    similar, alike = uow.lookalikes.of(ticket.id, ticket.question)
    return Handoff(
        ticket=ticket.id,
        conversation=conversation,
        articles=_named(ticket.articles_shown, kept),
        failed=_named(ticket.articles_failed, kept),
        findings=findings,
        found_by=found_by,
        steps_tried=tuple(_step(step, kept) for step in uow.steps.of(ticket.id)),
        files=files_in(conversation),
        similar=similar,
        alike=alike,
        earlier=_earlier(uow, ticket, findings),
        language=uow.languages.on(ticket.id),
    )


def _earlier(uow: UnitOfWork, ticket: Ticket, latest: str) -> tuple[Finding, ...]:
    """Collect what was found at every stage, so that a reopening or a return loses none."""
    found = []
    for stage in uow.escalations.all_for(ticket.id):
        settled = stage.settlement
        if stage.findings:
            found.append(Finding(stage.tier, stage.assignee, stage.findings))
        if settled is not None:
            found.append(Finding(stage.tier, settled.by, settled_words(settled)))
    return tuple(each for each in dict.fromkeys(found) if each.text != latest)


def settled_words(settled: Settlement) -> str:
    """Give the end of a stage as a finding for those who take it up again."""
    return f"Was: {settled.cause}\nFixed by: {settled.fix}"


def files_in(conversation: Iterable[Line]) -> tuple[File, ...]:
    """Give what came with the messages, by link; what was deleted with its message is left out."""
    found = {
        file.url: file
        for line in conversation
        if not line.deleted
        for file in line.files
        if file.url
    }
    return tuple(found.values())
