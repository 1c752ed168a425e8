"""Opening a ticket, and doing what triage asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.desk.asking import Besides, Courtesy, Message, RouteQuestion
from bot.desk.deciding import Action, odds_of
from bot.desk.tiers import Tier
from bot.service.asking.answering import ask_back, in_thread_of, show_answer
from bot.service.asking.routing import (
    Routed,
    act_on,
    ask_beside,
    hold,
    plan_apart,
    route_for,
    say_beside,
)
from bot.service.incidents.joining import Joining
from bot.service.incidents.precedents import find_reports, with_history
from bot.service.learning.auditing import is_shown, offer_audit
from bot.service.messages.recording import record, record_from_the_start
from bot.service.readers.audience import readers_of
from bot.service.tickets.escalating import Case, call, prepare_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.articles import ArticleExtract
    from bot.desk.deciding import Candidate, Suspicion, Triage
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
    odds = odds_of(triage)
    # First: what failed a while ago goes to people, and is held before they are called.
    triage = with_history(message, triage, desk)
    routed = route_for(message.text, triage.suspicion, desk, message)
    apart = plan_apart(message, triage, routed, desk, author) if routed else None
    if apart is not None:
        return apart
    outlook = find_reports(message.text, message.user, desk)
    alone = routed is not None and routed.may_be_confidential
    joining = Joining(outlook.gathering, desk) if outlook.gathering and not alone else None
    act = (
        plan_action(triage, desk, message)
        if routed is None
        else act_on(message, routed, desk, lambda: plan_action(triage, desk, message))
    )

    def change(uow: UnitOfWork) -> None:
        outlook.check(uow)
        ticket = uow.tickets.open(message.thread, message.user, message.text, message.ts)
        (record if beside else record_from_the_start)(uow, ticket, message, author)
        uow.audit.note(ticket.id, message.user, "opened", triage.action)
        if odds is not None:
            uow.audits.weighed(ticket.id, odds)
        if beside:
            word = Courtesy("begun_beside", ticket.id)
            uow.outbox.put(word, in_thread_of(ticket), ticket.id)
        if joining is not None and joining.applies and joining.join(uow, ticket):
            if routed is not None:
                say_beside(uow, ticket, routed)
        else:
            act(uow, ticket)
        if besides:
            offer = Besides(ticket.id, ticket.requester, besides, message.ts)
            uow.outbox.put(offer, in_thread_of(ticket), ticket.id)

    return change


def has_route(suspicion: Suspicion | None, desk: Desk) -> bool:
    """Tell whether what is suspected has a route of its own here."""
    return suspicion is not None and desk.routes.of(suspicion.matter) is not None


def is_small_talk(triage: Triage, desk: Desk) -> bool:
    """Tell whether nothing is asked, nor anything told that has a route of its own."""
    return triage.action is Action.COURTESY and not has_route(triage.suspicion, desk)


def plan_again(
    triage: Triage, desk: Desk, ticket: Ticket, words: str
) -> Callable[[UnitOfWork, Ticket], None]:
    """Prepare what a triage asks for on a request that exists, whose words may be such a matter.

    Each matter is asked about once. What may be confidential is held from then on, and nobody is
    called for it: its requester is asked first.
    """
    routed = route_for(words, triage.suspicion, desk, ticket)
    if routed is None or ticket.matter is not None or _was_asked(ticket, routed, desk):
        return plan_action(triage, desk, ticket)
    waits = routed.route.restricted and triage.action in {Action.COURTESY, Action.ESCALATE}
    act = None if waits or routed.is_held(triage) else plan_action(triage, desk, ticket)

    def change(uow: UnitOfWork, current: Ticket) -> None:
        if routed.route.restricted:
            current = hold(uow, current, routed)
        if act is not None:
            act(uow, current)
        ask_beside(uow, current, routed)

    return change


def _was_asked(ticket: Ticket, routed: Routed, desk: Desk) -> bool:
    with desk.look() as uow:
        latest = [posted.notice for posted in uow.outbox.latest_of(ticket.id)]
    return any(isinstance(e, RouteQuestion) and e.matter is routed.route.matter for e in latest)


def plan_action(
    triage: Triage, desk: Desk, about: Ticket | Message, reason: str = ""
) -> Callable[[UnitOfWork, Ticket], None]:
    """Prepare what a triage asks for; the lookups are done here, the writing later.

    `reason` stands first among the reasons, where people are called.
    """
    whose = about.user if isinstance(about, Message) else about.requester
    asked = about.text if isinstance(about, Message) else about.question
    readers = readers_of(desk, about.thread.channel, whose)

    def extract(article: str) -> ArticleExtract | None:
        return desk.triager.extract(article, _match(triage, article), readers=readers, asked=asked)

    if triage.action is Action.ANSWER and triage.article:
        shown = extract(triage.article)
        if shown is not None:
            looked_over = is_shown(desk, about.thread.channel)
            return _answering(shown, desk, triage.confidence, is_looked_over=looked_over)
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


def _answering(
    shown: ArticleExtract, desk: Desk, chance: float, *, is_looked_over: bool
) -> Callable[[UnitOfWork, Ticket], None]:
    def answer(uow: UnitOfWork, ticket: Ticket) -> None:
        answered = show_answer(uow, ticket, shown, desk)
        uow.audits.answered(ticket.id, shown.article, chance)
        if is_looked_over:
            offer_audit(uow, answered, shown, desk)

    return answer


def _match(triage: Triage, article: str) -> Candidate | None:
    return next((each for each in triage.candidates if each.article == article), None)


def ignore(_: object) -> None:
    """Give nothing, where a change must."""
