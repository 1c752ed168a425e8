"""`/helpdesk`: where a request stands, my requests, and what is on record; answered privately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.incidents import IncidentWord, NameIncident
from bot.desk.tickets import LOOKED, Viewer, is_look
from bot.desk.views import (
    AskDirectly,
    DeclareOn,
    DeskWord,
    Help,
    Mine,
    PopularArticle,
    Question,
    Running,
    Search,
    Status,
    TicketList,
    TicketStatus,
    read_helpdesk,
)
from bot.service.asking.elsewhere import plan_ask_directly
from bot.service.incidents.steering import plan_name
from bot.service.readers.audience import reader_alone
from bot.service.readers.seeing import viewer_of
from bot.service.tickets.presses import privately
from bot.service.views.direct import may_read, readable_by
from bot.service.views.homes import SETTLED_SHOWN, SHOWN, incidents_for, sees_all

if TYPE_CHECKING:
    from bot.desk.addresses import Spot
    from bot.desk.ids import TicketId, UserId
    from bot.desk.notices import Notice
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.views import AskDesk
    from bot.service.context import Desk

ARTICLES_FOUND = 3
LOOKED_AT = 50


def plan_ask_desk(command: AskDesk, desk: Desk) -> Change:
    """Answer `/helpdesk`; who may not see a ticket is told the same as where there is none."""
    request = read_helpdesk(command.text)
    user = command.at.user
    if isinstance(request, Question):
        return plan_ask_directly(AskDirectly(command.at, request.text, command.key), desk)
    match request:
        case Status():
            return _plan_status(desk, command.at, request.ticket)
        case Mine():
            answer = _mine(desk, user)
        case Search():
            answer = _found(desk, user, request.words)
        case Running():
            answer = _running(desk, user)
        case DeclareOn():
            return _plan_declare(desk, command.at, request)
        case Help():
            answer = DeskWord("help", request.about)

    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(answer, privately(command.at))

    return change


def _plan_status(desk: Desk, at: Spot, ticket: TicketId) -> Change:
    """Tell where a ticket stands; that somebody looked at a restricted one is written down."""
    viewer = viewer_of(desk, at.user)
    with desk.readings(viewer) as readings:
        summary = readings.summary(ticket)
    answer: Notice = DeskWord("no_ticket", ticket=ticket)
    look = False
    if summary is not None:
        look = is_look(viewer, summary)
        if look or summary.requester == at.user or sees_all(desk, at.user):
            (shown,) = readable_by([summary], at.user, viewer.groups)
            answer = TicketStatus(shown, at.user)

    def change(uow: UnitOfWork) -> None:
        if look:
            uow.audit.note(ticket, at.user, LOOKED, "/helpdesk")
        uow.outbox.put(answer, privately(at))

    return change


def _mine(desk: Desk, user: UserId) -> Notice:
    with desk.readings(Viewer(user)) as readings:
        return TicketList(
            "mine", user, readings.open_of(user, SHOWN), readings.settled_of(user, SETTLED_SHOWN)
        )


def _running(desk: Desk, user: UserId) -> Notice:
    if not sees_all(desk, user):
        return IncidentWord("not_yours")
    viewer = viewer_of(desk, user)
    with desk.readings(viewer) as readings:
        return TicketList("incidents", user, incidents_for(desk, readings, viewer, SHOWN))


def _plan_declare(desk: Desk, at: Spot, request: DeclareOn) -> Change:
    """Declare an incident on a ticket that people work on; who may not is told so."""
    with desk.look() as uow:
        ticket = uow.tickets.get(request.ticket)
        escalation = uow.escalations.open_for(request.ticket)
    if not sees_all(desk, at.user):
        return _say(at, IncidentWord("not_yours"))
    if ticket is None or ticket.is_restricted:
        return _say(at, IncidentWord("no_such_ticket", ticket=request.ticket))
    if escalation is None:
        return _say(at, IncidentWord("nobodys", ticket=request.ticket))
    name = plan_name(NameIncident(at, escalation.id, request.title), desk)

    def change(uow: UnitOfWork) -> None:
        before = uow.incidents.on(request.ticket)
        name(uow)
        after = uow.incidents.on(request.ticket)
        if after is not None and after != before:
            word = IncidentWord("opened", after.id, request.ticket, after.title)
            uow.outbox.put(word, privately(at))

    return change


def _say(at: Spot, notice: Notice) -> Change:
    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(notice, privately(at))

    return change


def _found(desk: Desk, user: UserId, words: tuple[str, ...]) -> Notice:
    whose = None if sees_all(desk, user) else user
    text = " ".join(words)
    # Of what is restricted a search finds one's own alone: words that match would tell.
    with desk.readings(Viewer(user)) as readings:
        searchable = readings.searchable
        found = readings.search(words, whose, LOOKED_AT)
    groups = viewer_of(desk, user).groups
    # That a word stands in a direct message is told to nobody else either.
    tickets = tuple(ticket for ticket in found if may_read(ticket, user, groups))[:SHOWN]
    read = _articles(desk, text, reader_alone(desk, user))
    return TicketList("found", user, tickets, read=read, words=text, articles_only=not searchable)


def _articles(desk: Desk, text: str, readers: frozenset[str]) -> tuple[PopularArticle, ...]:
    found: list[PopularArticle] = []
    while len(found) < ARTICLES_FOUND:
        tried = [each.article for each in found]
        candidate = desk.triager.next_article(text, readers=readers, exclude=tried)
        if candidate is None:
            break
        found.append(PopularArticle(candidate.article, candidate.title, 0))
    return tuple(found)
