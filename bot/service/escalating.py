"""Calling people: opening an escalation, taking it, passing it on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.desk.commands import Message
from bot.desk.errors import ConfigurationError
from bot.desk.escalations import EscalationState
from bot.desk.notices import (
    ArticleExtract,
    Card,
    Destination,
    Passed,
    Progress,
    Refusal,
    ThreadNote,
)
from bot.desk.sla import Promise
from bot.desk.tickets import TicketState
from bot.desk.triage import Tier
from bot.service.cards import handoff_of, truth
from bot.service.deadlines import keep_promise, opening_for, priority_for, start_clocks, stop_clocks
from bot.service.followers import tell_followers
from bot.service.presses import close_question, refuse, requesters_ticket

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.commands import CallPerson, PassOn, Spot, Take
    from bot.desk.escalations import Escalation
    from bot.desk.groups import OnCall, ResolverGroup
    from bot.desk.ids import EscalationId, UserId
    from bot.desk.ports import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk

Why = Literal["needs_person", "knowledge_gap", "asked_for_person", "not_solved", "failure"]


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
    return prepare_group(desk, about, desk.groups.responsible_for(tier, area))


def prepare_group(desk: Desk, about: Ticket | Message | None, group: ResolverGroup) -> PreparedCall:
    """Look up who is on call for a group, and a link to the requester's message."""
    link = None
    if about is not None:
        asked = about.ts if isinstance(about, Message) else about.asked_ts
        link = desk.directory.permalink(about.thread.channel, asked)
    shown = () if about is None or isinstance(about, Message) else about.articles_shown
    kept = desk.triager.kept(shown)
    return PreparedCall(group, desk.directory.on_call(group), link, kept=kept)


def prepare_again(desk: Desk, about: Ticket | None, had: Escalation) -> PreparedCall:
    """Look up the group that had a ticket, and whether who had it is still one of them."""
    group = group_of(desk, had)
    before = had.assignee or (had.settlement.by if had.settlement else None)
    still_there = before is not None and desk.directory.may_act(before, (group,))
    return replace(prepare_group(desk, about, group), first=before if still_there else None)


def group_of(desk: Desk, escalation: Escalation) -> ResolverGroup:
    """Give an escalation's group; its tier's, where the configuration has lost it."""
    try:
        return desk.groups.named(escalation.group)
    except ConfigurationError:
        return desk.groups.responsible_for(escalation.tier)


def call(uow: UnitOfWork, ticket: Ticket, target: PreparedCall, case: Case) -> None:
    """Open an escalation: a card in the group's channel, the handoff in its thread."""
    group = target.group
    ticket = ticket.escalated().prioritised(priority_for(ticket, group.tier))
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
    first = replace(_card(ticket, escalation, target), due=tuple(due.items()), expected=opening)
    card = uow.outbox.put(first, Destination(group.channel), ticket.id)
    uow.escalations.save(replace(escalation, card=card), was=EscalationState.PENDING)
    handoff = handoff_of(uow, ticket, case.findings, case.found_by, kept=target.kept)
    uow.outbox.put(handoff, Destination(group.channel, under=card), ticket.id)
    uow.audit.note(ticket.id, None, "escalated", f"{group.tier} {group.name}: {case.reasons[0]}")


def _card(ticket: Ticket, escalation: Escalation, target: PreparedCall) -> Card:
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
        muted=ticket.muted,
        permalink=target.permalink,
        usergroup=target.on_call.usergroup_id,
        members=target.on_call.members,
        note=target.on_call.note,
        kept=tuple(sorted(target.kept)),
    )


def refresh_card(
    uow: UnitOfWork, escalation: Escalation, due: dict[Promise, datetime] | None = None
) -> None:
    """Edit an escalation's card so that it shows the truth; `due` where that changed."""
    if escalation.card is None:
        return
    posted = uow.outbox.get(escalation.card)
    if posted is None or not isinstance(posted.notice, Card):
        return
    ticket = uow.tickets.get(escalation.ticket)
    if ticket is None:
        return
    card = truth(posted.notice, escalation, ticket)
    if due is not None:
        card = replace(card, due=tuple(due.items()))
    to = Destination(posted.destination.channel, edits=posted.id)
    uow.outbox.put(card, to, escalation.ticket)


def tell_engineers(uow: UnitOfWork, escalation: Escalation, note: ThreadNote) -> None:
    """Write a note into an escalation's thread."""
    if escalation.card is None:
        return
    posted = uow.outbox.get(escalation.card)
    if posted is not None:
        to = Destination(posted.destination.channel, under=posted.id)
        uow.outbox.put(note, to, escalation.ticket)


def tell_requester(uow: UnitOfWork, ticket: Ticket, progress: Progress) -> None:
    """Tell the requester in their own thread how it goes on."""
    to = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
    uow.outbox.put(progress, to, ticket.id)


def withdraw(uow: UnitOfWork, ticket: Ticket, why: Literal["solved", "withdrawn"]) -> None:
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


def plan_call_person(press: CallPerson, desk: Desk) -> Change:
    """*Talk to a person*: call L2."""
    with desk.unit_of_work() as uow:
        known = uow.tickets.get(press.ticket)
    target = prepare_call(desk, known, Tier.L2)

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        close_question(uow, press.at, ticket, "person")
        if ticket.state not in {TicketState.OPEN, TicketState.ANSWERED}:
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        reason = "The requester asked for a person."
        call(uow, ticket, target, Case((reason,), why="asked_for_person"))

    return change


def _engineers_escalation(
    uow: UnitOfWork, at: Spot, escalation_id: EscalationId, *, allowed: bool
) -> tuple[Escalation, Ticket] | None:
    """Find the escalation of a press, if it is open and the presser may act; else refuse.

    A late press re-renders the card, so that the presser sees how it stands.
    """
    escalation = uow.escalations.get(escalation_id)
    ticket = uow.tickets.get(escalation.ticket) if escalation else None
    if escalation is None or ticket is None:
        refuse(uow, at, Refusal("unknown"))
        return None
    if not allowed:
        refuse(uow, at, Refusal("not_in_group", ticket.id))
        return None
    if not escalation.is_open:
        refresh_card(uow, escalation)
        refuse(uow, at, Refusal("already_settled", ticket.id, escalation.assignee))
        return None
    return escalation, ticket


def may_act(desk: Desk, at: Spot, escalation_id: EscalationId) -> bool:
    """Check authority at the press: buttons are not proof."""
    with desk.unit_of_work() as uow:
        escalation = uow.escalations.get(escalation_id)
    if escalation is None:
        return False
    return desk.directory.may_act(at.user, desk.groups.at_or_above(escalation.tier))


def as_engineer(
    desk: Desk,
    at: Spot,
    escalation_id: EscalationId,
    act: Callable[[UnitOfWork, Escalation, Ticket], None],
) -> Change:
    """Let somebody act on an open escalation, if they may; all that engineers press goes here.

    Authority is looked up before the transaction begins, and how it stands within it.
    """
    allowed = may_act(desk, at, escalation_id)

    def change(uow: UnitOfWork) -> None:
        found = _engineers_escalation(uow, at, escalation_id, allowed=allowed)
        if found is not None:
            act(uow, *found)

    return change


def plan_take(press: Take, desk: Desk) -> Change:
    """*Take it*: of two who press at once one wins, and the other is told who did."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if escalation.state is not EscalationState.PENDING:
            refresh_card(uow, escalation)
            refuse(uow, press.at, Refusal("already_taken", ticket.id, escalation.assignee))
            return
        taken = escalation.taken_by(press.at.user)
        uow.escalations.save(taken, was=escalation.state)
        keep_promise(uow, ticket, Promise.ACKNOWLEDGE)
        refresh_card(uow, taken)
        progress = Progress(ticket.id, "taken", taken.tier, press.at.user)
        tell_requester(uow, ticket, progress)
        uow.audit.note(ticket.id, press.at.user, "taken", str(taken.tier))

    return as_engineer(desk, press.at, press.escalation, change)


def plan_pass_on(press: PassOn, desk: Desk) -> Change:
    """*Escalate to L3*: settle nothing, hand over everything."""
    with desk.unit_of_work() as uow:
        known = uow.escalations.get(press.escalation)
        about = uow.tickets.get(known.ticket) if known else None
    target = prepare_call(desk, about, Tier.L3)

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if escalation.tier is Tier.L3:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        passed = escalation.passed_on(press.findings)
        uow.escalations.save(passed, was=escalation.state)
        refresh_card(uow, passed)
        tell_engineers(
            uow, passed, ThreadNote(ticket.id, "passed_on", press.at.user, press.findings)
        )
        reasons = (f"Passed on by {escalation.tier}: {press.findings}", *escalation.reasons)
        case = Case(reasons, findings=press.findings, found_by=press.at.user)
        call(uow, ticket.heard(), target, case)
        tell_requester(uow, ticket, Progress(ticket.id, "moved_up", Tier.L3, press.at.user))

    return as_engineer(desk, press.at, press.escalation, change)
