"""`/helpdesk`: where a request stands, my requests, and what is on record; answered privately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.views import (
    AskDirectly,
    DeskWord,
    Help,
    Mine,
    PopularArticle,
    Question,
    Search,
    Status,
    TicketList,
    TicketStatus,
    read_helpdesk,
)
from bot.service.asking.audience import reader_alone
from bot.service.asking.elsewhere import plan_ask_directly
from bot.service.tickets.presses import privately
from bot.service.views.homes import SETTLED_SHOWN, SHOWN, sees_all

if TYPE_CHECKING:
    from bot.desk.ids import TicketId, UserId
    from bot.desk.notices import Notice
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.views import AskDesk
    from bot.service.context import Desk

ARTICLES_FOUND = 3


def plan_ask_desk(command: AskDesk, desk: Desk) -> Change:
    """Answer `/helpdesk`; who may not see a ticket is told the same as where there is none."""
    request = read_helpdesk(command.text)
    user = command.at.user
    if isinstance(request, Question):
        return plan_ask_directly(AskDirectly(command.at, request.text, command.key), desk)
    match request:
        case Status():
            answer = _status(desk, user, request.ticket)
        case Mine():
            answer = _mine(desk, user)
        case Search():
            answer = _found(desk, user, request.words)
        case Help():
            answer = DeskWord("help", request.about)

    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(answer, privately(command.at))

    return change


def _status(desk: Desk, user: UserId, ticket: TicketId) -> Notice:
    with desk.readings() as readings:
        summary = readings.summary(ticket)
    if summary is None or (summary.requester != user and not sees_all(desk, user)):
        return DeskWord("no_ticket", ticket=ticket)
    return TicketStatus(summary, user)


def _mine(desk: Desk, user: UserId) -> Notice:
    with desk.readings() as readings:
        return TicketList(
            "mine", user, readings.open_of(user, SHOWN), readings.settled_of(user, SETTLED_SHOWN)
        )


def _found(desk: Desk, user: UserId, words: tuple[str, ...]) -> Notice:
    whose = None if sees_all(desk, user) else user
    text = " ".join(words)
    with desk.readings() as readings:
        tickets = readings.search(words, whose, SHOWN)
    read = _articles(desk, text, reader_alone(desk, user))
    return TicketList("found", user, tickets, read=read, words=text)


def _articles(desk: Desk, text: str, readers: frozenset[str]) -> tuple[PopularArticle, ...]:
    found: list[PopularArticle] = []
    while len(found) < ARTICLES_FOUND:
        tried = [each.article for each in found]
        candidate = desk.triager.next_article(text, readers=readers, exclude=tried)
        if candidate is None:
            break
        found.append(PopularArticle(candidate.article, candidate.title, 0))
    return tuple(found)
