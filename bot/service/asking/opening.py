"""Opening a ticket, and doing what triage asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.desk.asking import Besides, Courtesy, Message
from bot.desk.deciding import Action
from bot.desk.tiers import Tier
from bot.service.asking.answering import ask_back, in_thread_of, show_answer
from bot.service.asking.audience import readers_of
from bot.service.incidents.precedents import Joining, find_incident, with_history
from bot.service.tickets.escalating import Case, call, prepare_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.articles import ArticleExtract
    from bot.desk.deciding import Candidate, Triage
    from bot.desk.ids import UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import Why


def plan_opening(  # noqa: PLR0913 - how a ticket may begin, by keyword
    message: Message,
    triage: Triage,
    desk: Desk,
    author: UserId | None = None,
    *,
    besides: str = "",
    beside: bool = False,
) -> Change:
    """Open a ticket and act on it; `author` where the words are not the requester's own.

    `besides` is a second request of the same message, which is offered by a button; `beside`
    says that it begins in a thread that has a ticket already.
    """
    triage = with_history(message, triage, desk)
    outlook = find_incident(message, desk)
    joining = Joining(outlook.incident, desk) if outlook.incident else None
    act = plan_action(triage, desk, message)

    def change(uow: UnitOfWork) -> None:
        outlook.check(uow)
        ticket = uow.tickets.open(message.thread, message.user, message.text, message.ts)
        said = with_files(message)
        uow.conversation.add(ticket.id, author or message.user, said, message.ts)
        uow.audit.note(ticket.id, message.user, "opened", triage.action)
        if beside:
            word = Courtesy("begun_beside", ticket.id)
            uow.outbox.put(word, in_thread_of(ticket), ticket.id)
        if joining is None or not joining.applies or not joining.join(uow, ticket):
            act(uow, ticket)
        if besides:
            offer = Besides(ticket.id, ticket.requester, besides, message.ts)
            uow.outbox.put(offer, in_thread_of(ticket), ticket.id)

    return change


def plan_action(
    triage: Triage, desk: Desk, about: Ticket | Message, reason: str = ""
) -> Callable[[UnitOfWork, Ticket], None]:
    """Prepare what a triage asks for; the lookups are done here, the writing later.

    `reason` stands first among the reasons, where people are called.
    """
    whose = about.user if isinstance(about, Message) else about.requester
    readers = readers_of(desk, about.thread.channel, whose)

    def extract(article: str) -> ArticleExtract | None:
        return desk.triager.extract(article, _match(triage, article), readers=readers)

    if triage.action is Action.ANSWER and triage.article:
        shown = extract(triage.article)
        if shown is not None:
            return lambda uow, ticket: ignore(show_answer(uow, ticket, shown, desk))
    if triage.action is Action.CLARIFY:
        occasion: Literal["close", "unknown"] = "unknown" if triage.unknown else "close"
        return lambda uow, ticket: ask_back(uow, ticket, triage.choices, desk, occasion)
    tier = triage.tier if triage.tier is not Tier.L1 else Tier.L2
    target = prepare_call(desk, about, tier, desk.triager.area_of(triage))
    meanwhile = extract(triage.meanwhile) if triage.meanwhile else None
    reasons = (reason, *triage.reasons) if reason else triage.reasons

    def escalate(uow: UnitOfWork, ticket: Ticket) -> None:
        why: Why = "knowledge_gap" if triage.gap else "needs_person"
        call(uow, ticket, target, Case(reasons, why=why, meanwhile=meanwhile))

    return escalate


def _match(triage: Triage, article: str) -> Candidate | None:
    return next((each for each in triage.candidates if each.article == article), None)


def ignore(_: object) -> None:
    """Give nothing, where a change must."""


def with_files(message: Message) -> str:
    """Give a message's words, and its files by name."""
    return "\n".join((message.text, *message.files))
