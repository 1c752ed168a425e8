"""A resolution with "an article should say so" proposes a draft to the group's channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.desk.addresses import Destination
from bot.desk.deciding import Matter
from bot.desk.learning import (
    Asked,
    Draft,
    DraftId,
    DraftWord,
    Near,
    compose,
    says_something,
)
from bot.desk.privacy import is_direct
from bot.desk.promises import TimerKind
from bot.service.learning.cards import post_card, refresh_draft
from bot.service.tickets.escalating import group_of
from bot.service.tickets.resolving import plan_resolve

if TYPE_CHECKING:
    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Resolve, Settlement, Ticket
    from bot.service.context import Desk

log = structlog.get_logger(__name__)

NEAR = 3
GENERAL = "general"


@dataclass(frozen=True)
class Found:
    """What a draft needs besides the resolution: who decides, and what is near it."""

    group: ResolverGroup
    near: tuple[Near, ...]
    area: str


def plan_resolve_and_draft(press: Resolve, desk: Desk) -> Change:
    """*Resolve*; and where an article should say so, propose a draft of it."""
    resolve = plan_resolve(press, desk)
    if not (press.article_wanted or press.article_words):
        return resolve
    with desk.look() as uow:
        known = uow.escalations.get(press.escalation)
        ticket = uow.tickets.get(known.ticket) if known else None
    if known is None or ticket is None:
        return resolve
    group = group_of(desk, known)
    found = _looked_up(desk, ticket)

    def change(uow: UnitOfWork) -> None:
        before = uow.escalations.get(press.escalation)
        resolve(uow)
        ended = uow.escalations.get(press.escalation)
        if before is None or ended is None or not before.is_open or ended.is_open:
            return
        if ended.settlement is not None:
            _propose(uow, desk, ended, ended.settlement, Found(group, *found))

    return change


def _looked_up(desk: Desk, ticket: Ticket) -> tuple[tuple[Near, ...], str]:
    """Find the articles that say much the same, and the area that it belongs to."""
    if not is_quotable(desk, ticket):
        return (), GENERAL
    try:
        near = desk.triager.nearest(ticket.question, readers=frozenset())[:NEAR]
    except Exception as failure:
        # A draft without neighbours is a draft; the resolution must not wait for them.
        log.exception("nearest_not_found", exc_info=failure)
        return (), GENERAL
    area = near[0].area if near else ""
    return tuple(Near(each.id, each.title) for each in near), area or GENERAL


def is_quotable(desk: Desk, ticket: Ticket) -> bool:
    """Tell whether what somebody asked may be read by everybody, as part of an article."""
    channel = ticket.thread.channel
    kept = ticket.is_restricted or ticket.matter == Matter.CONFIDENTIAL
    return not (kept or is_direct(channel) or desk.directory.is_private(channel))


def _propose(
    uow: UnitOfWork, desk: Desk, ended: Escalation, settlement: Settlement, found: Found
) -> None:
    ticket = uow.tickets.get(ended.ticket)
    if ticket is None:
        return
    if not is_quotable(desk, ticket):
        _say_why_not(uow, ended, DraftWord("not_quotable", ticket.id, settlement.by))
        return
    if not says_something(settlement):
        _say_why_not(uow, ended, DraftWord("says_nothing", ticket.id, settlement.by))
        return
    same = [each for each in uow.tickets.duplicates_of(ticket.id) if is_quotable(desk, each)]
    text = compose(settlement, [Asked(each.question) for each in (ticket, *same)])
    sources = (ticket.id, *(each.id for each in same))
    known = uow.drafts.of(ticket.id)
    if known is not None and known.is_open:
        # Resolved once more after all: the later words are the better ones.
        reworded = known.reworded(text, settlement.by)
        uow.drafts.save(reworded)
        refresh_draft(uow, reworded)
        return
    article = desk.shelf.free_id(text.title) if desk.shelf else ""
    draft = Draft(
        DraftId(0),
        ticket.id,
        found.group.name,
        text,
        article,
        found.area,
        sources,
        desk.clock(),
        found.near,
    )
    posted = post_card(uow, uow.drafts.propose(draft), found.group.channel, settlement.by)
    uow.timers.set(ticket.id, None, TimerKind.DRAFT_WAITS, desk.clock() + desk.patience.draft)
    uow.audit.note(ticket.id, settlement.by, "draft proposed", posted.name)


def _say_why_not(uow: UnitOfWork, ended: Escalation, word: DraftWord) -> None:
    """Tell the engineer, in the escalation's thread, that no draft is made, and why."""
    posted = uow.outbox.get(ended.card) if ended.card is not None else None
    if posted is not None:
        to = Destination(posted.destination.channel, under=posted.id)
        uow.outbox.put(word, to, ended.ticket)
