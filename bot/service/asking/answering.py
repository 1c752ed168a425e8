"""Answers from articles: offering one, asking back, and what the requester makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.desk.addresses import Destination
from bot.desk.asking import Answer, Clarify, Courtesy, Option, Thanked
from bot.desk.tickets import Refusal, Resolution, TicketState
from bot.desk.tiers import Tier
from bot.service.incidents.joining import joined_or
from bot.service.incidents.leaving import goes_on
from bot.service.readers.audience import readers_of
from bot.service.tickets.clocks import close_if_silent, stop_clocks
from bot.service.tickets.escalating import Case, call, prepare_call, withdraw
from bot.service.tickets.presses import close_question, refuse, requesters_ticket

if TYPE_CHECKING:
    from bot.desk.articles import ArticleExtract
    from bot.desk.asking import Choose, NotHelpful, Solved, SomethingElse
    from bot.desk.deciding import Candidate
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk


def show_answer(uow: UnitOfWork, ticket: Ticket, extract: ArticleExtract, desk: Desk) -> Ticket:
    """Offer an article in the requester's thread."""
    answered = ticket.answered_with(extract.article)
    uow.tickets.save(answered)
    # The record is read by engineers, who may not all see what the requester may.
    title = "one that not everybody may see" if extract.kept else extract.title
    uow.conversation.add(ticket.id, None, f"Article: {title}", None)
    notice = Answer(ticket.id, ticket.requester, extract)
    uow.outbox.put(notice, in_thread_of(ticket), ticket.id)
    close_if_silent(uow, ticket, desk.clock() + desk.patience.close_answered)
    uow.audit.note(ticket.id, None, "answered", extract.article)
    return answered


def ask_back(
    uow: UnitOfWork,
    ticket: Ticket,
    choices: tuple[Candidate, ...],
    desk: Desk,
    occasion: Literal["close", "unknown"] = "close",
) -> None:
    """Ask which of a few articles is meant."""
    options = tuple(Option(c.article, c.title or c.article) for c in choices)
    titles = "; ".join(option.title for option in options)
    asked = f"Asked which is meant: {titles}" if titles else "Asked what it is about"
    uow.conversation.add(ticket.id, None, asked, None)
    notice = Clarify(ticket.id, ticket.requester, options, occasion)
    uow.outbox.put(notice, in_thread_of(ticket), ticket.id)
    close_if_silent(uow, ticket, desk.clock() + desk.patience.close_answered)
    uow.audit.note(ticket.id, None, "asked back", ", ".join(o.article for o in options))


def in_thread_of(ticket: Ticket) -> Destination:
    """Give the requester's thread as a destination."""
    return Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)


def plan_solved(press: Solved) -> Change:
    """*That solved it*: settle the ticket; people who were called are told."""

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        close_question(uow, press.at, ticket, "solved")
        if ticket.is_settled:
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        if goes_on(uow, ticket):
            return
        withdraw(uow, ticket, "solved")
        stop_clocks(uow, ticket)
        # Settled by an article is only what no person had in hand: figures count on it.
        with_people = ticket.state is TicketState.ESCALATED
        how = Resolution.WITHDRAWN if with_people else Resolution.ARTICLE
        uow.tickets.save(ticket.resolved(how))
        uow.outbox.put(Thanked(ticket.id, ticket.requester), in_thread_of(ticket), ticket.id)
        uow.audit.note(ticket.id, press.at.user, "resolved", how)

    return change


def plan_not_helpful(press: NotHelpful, desk: Desk) -> Change:
    """*Not what I need*: the next article if one is close, else a person."""
    with desk.look() as uow:
        known = uow.tickets.get(press.ticket)
    tried = tuple(dict.fromkeys((*(known.articles_shown if known else ()), press.article or "")))
    looked_for = known if press.article else None  # "none of these" asks for no further article
    extract = _next_extract(desk, looked_for, tried) if looked_for else None
    prepared = prepare_call(desk, known, Tier.L2) if known and not extract else None

    def go_on(uow: UnitOfWork, ticket: Ticket) -> None:
        if extract is not None:
            show_answer(uow, ticket, extract, desk)
        elif prepared is not None:
            reason = "The articles that were offered did not settle it."
            call(uow, ticket, prepared, Case((reason,), why="not_solved"))

    act = joined_or(desk, known, "", go_on) if known else go_on

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        still_open = close_question(uow, press.at, ticket, "not_helpful")
        if not still_open or ticket.state not in {TicketState.OPEN, TicketState.ANSWERED}:
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        uow.audit.note(ticket.id, press.at.user, "not helpful", press.article or "none offered")
        if press.article:
            ticket = ticket.article_failed(press.article)
            uow.tickets.save(ticket)
        act(uow, ticket)

    return change


def _next_extract(desk: Desk, ticket: Ticket, tried: tuple[str, ...]) -> ArticleExtract | None:
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    candidate = desk.triager.next_article(ticket.question, readers=readers, exclude=tried)
    if candidate is None:
        return None
    return desk.triager.extract(
        candidate.article, candidate, readers=readers, asked=ticket.question
    )


def plan_something_else(press: SomethingElse) -> Change:
    """*Something else*: ask for it in their own words."""

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        close_question(uow, press.at, ticket, "not_helpful")
        if ticket.is_settled:
            uow.outbox.put(Courtesy("ended", ticket.id), in_thread_of(ticket), ticket.id)
            return
        said = Courtesy("something_else", ticket.id)
        uow.outbox.put(said, in_thread_of(ticket), ticket.id)

    return change


def plan_choose(press: Choose, desk: Desk) -> Change:
    """The requester chose one of the articles offered: show it."""
    readers = readers_of(desk, press.at.channel, press.at.user)
    with desk.look() as uow:
        known = uow.tickets.get(press.ticket)
    asked = known.question if known and known.requester == press.at.user else ""
    extract = desk.triager.extract(press.article, readers=readers, asked=asked)

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        if ticket.state not in {TicketState.OPEN, TicketState.ANSWERED}:
            close_question(uow, press.at, ticket, "superseded")
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        if extract is None:
            refuse(uow, press.at, Refusal("unknown", ticket.id))
            return
        if not close_question(uow, press.at, ticket, "chosen", press.article):
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        show_answer(uow, ticket, extract, desk)

    return change
