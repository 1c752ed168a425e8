"""What is said of a ticket that nobody may see as yet, instead of calling people for it.

Whether it is confidential has been asked and not answered, or nobody is there to take it: then
whoever wants people is asked once more, or told again whom to turn to. Nothing is posted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import FirstWords, RouteQuestion
from bot.desk.deciding import Matter
from bot.desk.privacy import is_direct
from bot.desk.views import DeskWord
from bot.service.messages.speaking import language_for

if TYPE_CHECKING:
    from bot.desk.deciding import Route
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk


@dataclass(frozen=True)
class Withheld:
    """The two things that can be said of such a ticket, in its requester's language."""

    question: RouteQuestion
    turn_to: FirstWords


def withheld_of(ticket: Ticket, desk: Desk) -> Withheld | None:
    """Prepare what is said of a ticket that is held; None where it is none, or has no route."""
    route = desk.routes.of(ticket.matter) if ticket.is_held else None
    if route is None:
        return None
    language = language_for(ticket.question, ticket.requester, ticket.thread, desk)
    question = question_of(ticket, route, language, wanted=True)
    words = first_words_of(route, language, called=False)
    return Withheld(
        question, FirstWords(ticket.id, ticket.requester, route.matter, words, alone=True)
    )


def question_of(
    ticket: Ticket, route: Route, language: str, *, wanted: bool = False
) -> RouteQuestion:
    """Ask whether it is about the matter; `wanted` where more is wanted than what was shown."""
    return RouteQuestion(
        ticket.id,
        ticket.requester,
        route.matter,
        route.say(route.question, language),
        route.say(route.yes, language),
        route.say(route.no, language),
        wanted=wanted,
    )


def first_words_of(route: Route, language: str, *, called: bool, of_things: bool = False) -> str:
    """Give the first words, and who is called, or whom to turn to."""
    end = route.passed if called else route.turn_to
    first = _with_own_life(route.say(route.words, language), route, language, of_things=of_things)
    return f"{first}\n{route.say(end, language)}"


def again_words_of(route: Route, language: str, *, of_things: bool) -> str:
    """Give in short what to do, where more is told."""
    return _with_own_life(route.say(route.again, language), route, language, of_things=of_things)


def _with_own_life(text: str, route: Route, language: str, *, of_things: bool) -> str:
    """Add the words for who does not want to go on, where a danger is not surely of things."""
    if route.matter is not Matter.DANGER or of_things or not route.own_life:
        return text
    return f"{text} {route.say(route.own_life, language)}"


def was_turned_away(uow: UnitOfWork, ticket: Ticket) -> bool:
    """Tell whether the requester of a held ticket was told whom to turn to."""
    latest = uow.outbox.latest_of(ticket.id)
    return ticket.is_held and any(isinstance(each.notice, FirstWords) for each in latest)


def say_instead(uow: UnitOfWork, ticket: Ticket, withheld: Withheld) -> None:
    """Ask once more, or say again whom to turn to, where only its requester reads it."""
    to_turn_to = was_turned_away(uow, ticket)
    notice = withheld.turn_to if to_turn_to else withheld.question
    uow.outbox.put(notice, aside(ticket), ticket.id)
    what = "told again whom to turn to" if to_turn_to else "asked again about a route"
    uow.audit.note(ticket.id, None, what, withheld.question.matter)
    if not is_direct(ticket.thread.channel):
        there = Destination(
            ticket.thread.channel, thread_ts=ticket.thread.ts, only_for=ticket.requester
        )
        uow.outbox.put(DeskWord("asked_directly"), there)


def aside(ticket: Ticket) -> Destination:
    """Give the place where its requester alone reads what is said of a ticket."""
    if is_direct(ticket.thread.channel):
        return Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
    return Destination(ticket.requester)
