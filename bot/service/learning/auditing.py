"""A share of automatic answers is shown to engineers: right or not, one press."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.deciding import Matter
from bot.desk.learning import AuditCard, DraftWord, is_sampled
from bot.desk.privacy import is_direct
from bot.desk.tiers import Tier
from bot.service.learning.cards import tell_reviewer
from bot.service.learning.gaps import takes_the_rest

if TYPE_CHECKING:
    from bot.desk.articles import ArticleExtract
    from bot.desk.ids import ChannelId
    from bot.desk.learning import AuditAnswer
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk


def is_shown(desk: Desk, channel: ChannelId) -> bool:
    """Tell whether what is asked somewhere may be looked over; asks the directory."""
    if not desk.audit_share or is_direct(channel):
        return False
    return not desk.directory.is_private(channel)


def offer_audit(uow: UnitOfWork, ticket: Ticket, extract: ArticleExtract, desk: Desk) -> None:
    """Show an answer to the first group of L2, if it is one of the sample.

    What is kept to some is shown to nobody else: neither the article nor the question.
    """
    kept = extract.kept or ticket.is_restricted or ticket.matter == Matter.CONFIDENTIAL
    if kept or not is_sampled(ticket.id, desk.audit_share):
        return
    group = takes_the_rest(desk)
    if group is None:
        return
    uow.audits.ask(ticket.id, extract.article)
    card = AuditCard(ticket.id, ticket.question, extract.article, extract.title, extract.lead)
    uow.outbox.put(card, Destination(group.channel), ticket.id)


def plan_audit_answer(press: AuditAnswer, desk: Desk) -> Change:
    """*Right* or *Not right*: written down; who changes their mind presses the other."""
    allowed = desk.may_act(press.at.user, desk.groups.at_or_above(Tier.L2))

    def change(uow: UnitOfWork) -> None:
        ticket = uow.tickets.get(press.ticket)
        posted = uow.outbox.posted_at(press.at.channel, press.at.ts)
        if ticket is None or posted is None or not isinstance(posted.notice, AuditCard):
            tell_reviewer(uow, press.at, DraftWord("unknown"))
            return
        if not allowed:
            tell_reviewer(uow, press.at, DraftWord("not_in_group", ticket.id))
            return
        card = posted.notice
        uow.audits.say(ticket.id, card.article, press.at.user, right=press.right)
        said = replace(card, right=press.right, by=press.at.user)
        uow.outbox.put(said, Destination(press.at.channel, edits=posted.id), ticket.id)
        word = "right" if press.right else "not right"
        uow.audit.note(ticket.id, press.at.user, "looked over", f"{card.article}: {word}")

    return change
