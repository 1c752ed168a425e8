"""The end of a ticket: resolved by people, and not fixed after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.tickets import Progress, Refusal, Resolution, Settled, Settlement, ThreadNote
from bot.desk.tiers import Tier
from bot.service.messages.news import named_on
from bot.service.messages.withheld import say_instead
from bot.service.tickets.cards import settled_words
from bot.service.tickets.clocks import close_if_silent, stop_clocks
from bot.service.tickets.escalating import Case, call, prepare_again, prepare_call
from bot.service.tickets.followers import tell_followers
from bot.service.tickets.presses import close_question, refuse, requesters_ticket
from bot.service.tickets.taking import as_engineer
from bot.service.tickets.telling import refresh_card, tell_engineers, tell_requester

if TYPE_CHECKING:
    from bot.desk.asking import CallPerson
    from bot.desk.ids import TicketId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, NotFixed, Resolve, Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import PreparedCall

QUOTED = 200
"""Characters of what is said on reopening; the handoff has it whole."""

BY_TIER = {Tier.L2: Resolution.L2, Tier.L3: Resolution.L3}


def plan_resolve(press: Resolve, desk: Desk) -> Change:
    """*Resolve*: write down what it was and what fixed it, and tell the requester."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        settlement = settlement_of(press, escalation.tier)
        ended = escalation.resolved(settlement)
        uow.escalations.save(ended, was=escalation.state)
        uow.tickets.save(ticket.resolved(BY_TIER[escalation.tier]))
        stop_clocks(uow, ticket)
        close_if_silent(uow, ticket, desk.clock() + desk.patience.close_resolved)
        refresh_card(uow, ended)
        tell_engineers(uow, ended, ThreadNote(ticket.id, "resolved", press.at.user, press.fix))
        settled = Settled(
            ticket.id, ticket.requester, escalation.tier, press.at.user, settlement.told, press.fix,
            incident=named_on(uow, ticket),
        )  # fmt: skip
        to = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
        uow.outbox.put(settled, to, ticket.id)
        details = f"{BY_TIER[escalation.tier]}: {press.cause} / {press.fix}"
        uow.audit.note(ticket.id, press.at.user, "resolved", details)
        _learn_tier(uow, ticket, ended)
        tell_followers(uow, ticket, ended)

    return as_engineer(desk, press.at, press.escalation, change)


def _learn_tier(uow: UnitOfWork, ticket: Ticket, ended: Escalation) -> None:
    """Keep a corrected tier as what triage should have said, unless more was said before."""
    settled = ended.settlement
    if settled is None or settled.right_tier in {None, ended.tier}:
        return
    label = str(settled.right_tier)
    if uow.feedback.labelled(ticket.id, settled.by):
        return
    uow.feedback.label(ticket.id, ticket.question, label, None, settled.by)
    uow.audit.note(ticket.id, settled.by, "labelled", f"{label}, under *Resolve*")


def settlement_of(press: Resolve, tier: Tier) -> Settlement:
    """Give what was written down at the end."""
    return Settlement(
        by=press.at.user,
        cause=press.cause,
        fix=press.fix,
        prevention=press.prevention,
        right_tier=press.right_tier or tier,
        article_wanted=press.article_wanted,
        article_words=press.article_words,
        cause_told=press.cause_told,
    )


def prepare_reopening(desk: Desk, ticket: TicketId) -> tuple[PreparedCall, Escalation | None]:
    """Look up whom to call again: the group that had it last, else L2."""
    with desk.look() as uow:
        known = uow.tickets.get(ticket)
        last = uow.escalations.latest_for(ticket)
    if last is None:
        return prepare_call(desk, known, Tier.L2), None
    return prepare_again(desk, known, last), last


def reopen(
    uow: UnitOfWork, ticket: Ticket, target: PreparedCall, last: Escalation | None, said: str
) -> None:
    """Take a settled ticket up again and call the people who had it; what is held stays closed."""
    if ticket.is_held and target.withheld is not None:
        say_instead(uow, ticket, target.withheld)
        return
    reopened = ticket.reopen()
    if last is not None and ticket.restricted_to in {None, last.group}:
        tell_engineers(uow, last, ThreadNote(ticket.id, "not_fixed", ticket.requester, said))
    settled = last.settlement if last else None
    findings = settled_words(settled) if settled else ""
    withdrawn = ticket.resolution is Resolution.WITHDRAWN
    words = f": “{said[:QUOTED]}”" if said else ""
    before = "withdrawn" if withdrawn else f"resolved {ticket.resolution}"
    reason = f"Not fixed after all, the requester says (it was {before}){words}."
    found_by = settled.by if settled else None
    call(uow, reopened, target, Case((reason,), findings=findings, found_by=found_by))
    progress = Progress(ticket.id, "reopened", target.group.tier)
    tell_requester(uow, ticket, progress)
    uow.audit.note(ticket.id, ticket.requester, "reopened", said)


def plan_not_fixed(press: NotFixed | CallPerson, desk: Desk) -> Change:
    """*It is not fixed*: reopen, and call the group again."""
    target, last = prepare_reopening(desk, press.ticket)

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        close_question(uow, press.at, ticket, "not_fixed")
        if not ticket.is_settled:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        reopen(uow, ticket, target, last, "")

    return change
