"""What a card and a handoff say of a ticket, worked out anew each time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.tickets import Handoff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desk.ids import UserId
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Card, Escalation, File, Line, Ticket

KEPT = "not for everybody"
"""Stands where the name of an article would that not everybody may see."""


def truth(card: Card, escalation: Escalation, ticket: Ticket) -> Card:
    """Give a card as it should read now."""
    settled = escalation.settlement
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
        duplicate_of=card.duplicate_of or ticket.duplicate_of,
        cause=settled.cause if settled else "",
        fix=settled.fix if settled else "",
        prevention=settled.prevention if settled else "",
        right_tier=settled.right_tier if settled else None,
        article_wanted=settled.article_wanted if settled else False,
        article_words=settled.article_words if settled else "",
    )


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

    def named(articles: Iterable[str]) -> tuple[str, ...]:
        return tuple(KEPT if article in kept else article for article in articles)

    return Handoff(
        ticket=ticket.id,
        conversation=conversation,
        articles=named(ticket.articles_shown),
        failed=named(ticket.articles_failed),
        findings=findings,
        found_by=found_by,
        steps_tried=tuple(
            replace(step, article=KEPT, text="") if step.article in kept else step
            for step in uow.steps.of(ticket.id)
        ),
        files=files_in(conversation),
        similar=uow.lookalikes.settled(ticket.id, ticket.question),
        alike=uow.lookalikes.open(ticket.id, ticket.question),
    )


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
