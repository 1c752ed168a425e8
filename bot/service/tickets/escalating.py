"""Calling people: whom, with what they need to know, and calling it off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import structlog

from bot.desk.addresses import Destination
from bot.desk.asking import Message
from bot.desk.deciding import weigh, worsened
from bot.desk.errors import ConfigurationError, StaleStateError
from bot.desk.oncall import OnCall
from bot.desk.privacy import Clean
from bot.desk.promises import PageAt, to_page
from bot.desk.tickets import (
    ASKED_FOR_PERSON,
    Card,
    EscalationState,
    Passed,
    Refusal,
    ThreadNote,
    TicketState,
)
from bot.desk.tiers import Tier
from bot.service.messages.withheld import say_instead, withheld_of
from bot.service.tickets.cards import handoff_of, truth
from bot.service.tickets.clocks import (
    opening_for,
    priority_for,
    start_clocks,
    stop_clocks,
)
from bot.service.tickets.followers import tell_followers
from bot.service.tickets.presses import close_question, refuse, requesters_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.articles import ArticleExtract
    from bot.desk.asking import CallPerson
    from bot.desk.deciding import Route, Weighed
    from bot.desk.ids import UserId
    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk
    from bot.service.messages.withheld import Withheld

    Act = Callable[[UnitOfWork, Ticket], None]
from bot.service.tickets.telling import refresh_card, tell_engineers

log = structlog.get_logger(__name__)

Why = Literal[
    "needs_person", "knowledge_gap", "asked_for_person", "asked_unread", "not_solved", "failure"
]


@dataclass(frozen=True)
class PreparedCall:
    """Whom to call, looked up before the transaction begins."""

    group: ResolverGroup
    on_call: OnCall
    permalink: str | None
    first: UserId | None = None
    """Asked before the others, because they had it before."""
    kept: frozenset[str] = frozenset()
    """Articles that the requester was shown and that not everybody may see."""
    weighed: Weighed | None = None
    """The priority that it starts with, and why."""
    area: str = ""
    """What it is about, where that is known."""
    withheld: Withheld | None = None
    """What is said instead: nobody is called for what is held."""


@dataclass(frozen=True)
class Case:
    """What the people who are called need to know.

    `why` is what the requester is told; None where whoever calls has told them.
    """

    reasons: tuple[str, ...]
    why: Why | None = None
    meanwhile: ArticleExtract | None = None
    findings: str = ""
    found_by: UserId | None = None


def prepare_call(
    desk: Desk, about: Ticket | Message | None, tier: Tier, area: str | None = None
) -> PreparedCall:
    """Look up the group of a tier and who is on call for it."""
    target = prepare_group(desk, about, desk.groups.responsible_for(tier, area))
    return replace(target, area=area or "")


def prepare_group(
    desk: Desk, about: Ticket | Message | None, group: ResolverGroup, route: Route | None = None
) -> PreparedCall:
    """Look up who is on call for a group, a link to the requester's message, and its priority.

    What is restricted stays with its own group, whichever was asked for; what is held goes to none.
    """
    ticket = None if isinstance(about, Message) else about
    if ticket is not None and (withheld := withheld_of(ticket, desk)) is not None:
        return PreparedCall(group, OnCall(()), None, withheld=withheld)
    if ticket is not None and ticket.restricted_to is not None:
        group = desk.groups.named(ticket.restricted_to)
    link = None
    if about is not None:
        asked = about.ts if isinstance(about, Message) else about.asked_ts
        link = desk.directory.permalink(about.thread.channel, asked)
    kept = desk.triager.kept(ticket.articles_shown if ticket else ())
    route = route or desk.routes.of(ticket.matter if ticket else None)
    weighed = _weighed(desk, about, group.tier, route) if about is not None else None
    return PreparedCall(group, desk.directory.on_call(group), link, kept=kept, weighed=weighed)


def _weighed(desk: Desk, about: Ticket | Message, tier: Tier, route: Route | None) -> Weighed:
    text = about.text if isinstance(about, Message) else about.question
    try:
        weight = desk.triager.weight(text)
    except Exception as failure:
        # People are called all the same; the words that always count are read without it.
        log.exception("priority_not_predicted", exc_info=failure)
        weight = None
    return weigh(text, tier, weight=weight, route=route, assets=desk.assets)


def prepare_again(desk: Desk, about: Ticket | None, had: Escalation) -> PreparedCall:
    """Look up the group that had a ticket, and whether who had it is still one of them."""
    group = group_of(desk, had)
    before = had.assignee or (had.settlement.by if had.settlement else None)
    still_there = before is not None and desk.may_act(before, (group,))
    return replace(prepare_group(desk, about, group), first=before if still_there else None)


def group_of(desk: Desk, escalation: Escalation) -> ResolverGroup:
    """Give an escalation's group; its tier's, where the configuration has lost it."""
    try:
        return desk.groups.named(escalation.group)
    except ConfigurationError:
        return desk.groups.responsible_for(escalation.tier)


def call(uow: UnitOfWork, ticket: Ticket, target: PreparedCall, case: Case) -> bool:
    """Open an escalation: a card in the group's channel, the handoff in its thread.

    False where the ticket is held: its requester is asked once more whether it is confidential, or
    told again whom to turn to. This is the one place where people are called, on every path.
    """
    group, kept = target.group, target.kept
    if target.withheld is not None and ticket.is_held:
        say_instead(uow, ticket, target.withheld)
        return False
    if target.withheld is not None:
        raise StaleStateError(ticket.name)
    if case.meanwhile is not None and case.meanwhile.kept:
        kept |= {case.meanwhile.article}
    if ticket.restricted_to not in {None, group.name}:
        raise StaleStateError(ticket.name)
    ticket = _prioritised(ticket.escalated(), target, _added(uow, ticket))
    if case.meanwhile is not None:
        ticket = ticket.shown_meanwhile(case.meanwhile.article)
    uow.tickets.save(ticket)
    escalation = uow.escalations.open(ticket.id, group.tier, group.name, case.reasons)
    if target.first is not None:
        escalation = escalation.reassigned(target.first)
    due = start_clocks(uow, ticket, escalation, group)
    opening = opening_for(group, priority_for(ticket, group.tier), escalation.opened_at)
    if case.why is not None:
        to = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
        passed = Passed(ticket.id, group.tier, case.why, case.meanwhile, opening)
        uow.outbox.put(passed, to, ticket.id)
    first = replace(
        _card(ticket, escalation, target, kept), due=tuple(due.items()), expected=opening
    )
    first = truth(uow, first, escalation, ticket)
    card = uow.outbox.put(first, Destination(group.channel), ticket.id)
    escalation = replace(escalation, card=card)
    uow.escalations.save(escalation, was=EscalationState.PENDING)
    handoff = handoff_of(uow, ticket, case.findings, case.found_by, kept=kept)
    uow.outbox.put(handoff, Destination(group.channel, under=card), ticket.id)
    page_beyond(uow, escalation, ticket, group, PageAt.AT_ONCE)
    reason = escalation.reasons[0]
    details = f"{group.tier} {group.name}: {reason}"
    clean = Clean(details) if isinstance(reason, Clean) else details
    uow.audit.note(ticket.id, None, "escalated", clean)
    return True


def page_beyond(
    uow: UnitOfWork, escalation: Escalation, ticket: Ticket, group: ResolverGroup, at: PageAt
) -> None:
    """Page by the targets that the group names for a step, or for one before it; once each."""
    due = to_page(group.pages, at, priority_for(ticket, escalation.tier))
    if due and (paged := uow.beyond.page(escalation, due)):
        uow.audit.note(ticket.id, None, "paged", f"{', '.join(paged)}: {at}")
        tell_engineers(uow, escalation, ThreadNote(ticket.id, "paged", text=", ".join(paged)))


def _added(uow: UnitOfWork, ticket: Ticket) -> tuple[str, ...]:
    """Give what its requester wrote beside the question, which is weighed by itself."""
    lines = (each for each in uow.conversation.of(ticket.id) if each.author == ticket.requester)
    return tuple(each.text for each in lines if ticket.question not in each.text)


def _prioritised(ticket: Ticket, target: PreparedCall, added: tuple[str, ...]) -> Ticket:
    if ticket.priority is None and target.weighed is None:
        ticket = ticket.prioritised(priority_for(ticket, target.group.tier))
    elif ticket.priority is None and target.weighed is not None:
        ticket = ticket.prioritised(target.weighed.priority, target.weighed.why)
    for each in added:
        weighed = worsened(priority_for(ticket, target.group.tier), ticket.priority_why, each)
        ticket = ticket.prioritised(weighed.priority, weighed.why) if weighed else ticket
    return ticket


def _card(
    ticket: Ticket, escalation: Escalation, target: PreparedCall, kept: frozenset[str]
) -> Card:
    return Card(
        ticket=ticket.id,
        escalation=escalation.id,
        tier=escalation.tier,
        state=escalation.state,
        requester=ticket.requester,
        question=ticket.question,
        reasons=escalation.reasons,
        channel=ticket.thread.channel,
        assignee=escalation.assignee,
        priority=ticket.priority,
        priority_why=ticket.priority_why,
        muted=ticket.muted,
        permalink=target.permalink,
        usergroup=target.on_call.usergroup_id,
        members=target.on_call.members,
        note=target.on_call.note,
        kept=tuple(sorted(kept)),
        area=target.area,
    )


def withdraw(
    uow: UnitOfWork, ticket: Ticket, why: Literal["solved", "withdrawn", "rerouted"]
) -> None:
    """End a ticket's open escalation, if there is one: nobody is needed any more."""
    escalation = uow.escalations.open_for(ticket.id)
    if escalation is None:
        return
    ended = escalation.resolved(None)
    uow.escalations.save(ended, was=escalation.state)
    stop_clocks(uow, ticket)
    refresh_card(uow, ended)
    tell_engineers(uow, ended, ThreadNote(ticket.id, why, ticket.requester))
    tell_followers(uow, ticket, None)


def plan_call_person(
    press: CallPerson,
    desk: Desk,
    or_join: Callable[[Desk, Ticket, str, Act], Act] | None = None,
) -> Change:
    """*Talk to a person*: call L2; what is known by now may join that instead."""
    with desk.look() as uow:
        known = uow.tickets.get(press.ticket)
    target = prepare_call(desk, known, Tier.L2)

    def to_people(uow: UnitOfWork, ticket: Ticket) -> None:
        call(uow, ticket, target, Case((ASKED_FOR_PERSON,), why="asked_for_person"))

    act = or_join(desk, known, "", to_people) if or_join and known else to_people

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        close_question(uow, press.at, ticket, "person")
        waits = ticket.state in {TicketState.OPEN, TicketState.ANSWERED}
        if not waits and not ticket.is_held:
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        act(uow, ticket)

    return change
