"""Words in a thread that may be about a matter: asked about beside what is done with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.asking import Place, RouteQuestion, wishes_privacy
from bot.desk.deciding import SAID_SO, Matter, Suspicion
from bot.desk.tickets import TicketState
from bot.desk.views import DeskWord
from bot.service.asking.followups import pass_to_engineers, plan_follow_up
from bot.service.asking.matters.words import plan_word, spot_of
from bot.service.asking.routing import (
    CALMS,
    ask_beside,
    hold,
    plan_held,
    question_about,
    route_for,
    tells_of,
)
from bot.service.asking.standing import recent_ones, standing_of, understood_in
from bot.service.messages.recording import record
from bot.service.messages.withheld import aside
from bot.service.tickets.clocks import close_if_silent, stop_clocks
from bot.service.tickets.presses import privately

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.asking.routing import Routed
    from bot.service.context import Desk

UNREAD_BY_PEOPLE = frozenset({TicketState.OPEN, TicketState.ANSWERED})

PLAIN = 0.8
"""From this chance on an end or thanks are just that, where a matter is no more than suspected."""


def plan_in_thread(message: Message, ticket: Ticket, desk: Desk) -> Change:
    """Handle its requester's words on a ticket.

    What surely is a matter takes its route. What may be one is asked about: of danger and of
    security beside what else is done, of what may be confidential before anybody reads it.
    """
    word = plan_word(message, ticket, desk)
    if word is not None:
        return word
    if ticket.matter is not None:
        return plan_follow_up(message, ticket, desk)
    if wishes_privacy(message.text) and ticket.state in UNREAD_BY_PEOPLE:
        said = Suspicion(Matter.CONFIDENTIAL, 1.0, SAID_SO)
        quiet = route_for(ticket.question, said, desk, ticket)
        if quiet is not None:
            return _plan_hold(message, ticket, quiet, desk)
    routed = _suspected(message, ticket, desk)
    if routed is None:
        return plan_follow_up(message, ticket, desk)
    if routed.route.restricted:
        return _plan_quietly(message, ticket, routed, desk)
    return _plan_beside(message, ticket, routed, desk)


def _suspected(message: Message, ticket: Ticket, desk: Desk) -> Routed | None:
    """Give the matter that words may be about, by themselves and below what was asked.

    What they surely are by themselves is asked about, too, but not kept from people for it. Of
    each matter is asked once; what plainly ends something, or thanks, tells of none.
    """
    routed = route_for(message.text, desk.triager.suspicion(message.text), desk, message)
    if routed is None or _was_asked(ticket, routed.route.matter, desk):
        return None
    if not routed.suspicion.sure and _is_calm(message, ticket, desk):
        return None
    told = tells_of(message, ticket, routed, desk)
    return routed if told or (routed.suspicion.sure and not routed.route.restricted) else None


def _is_calm(message: Message, ticket: Ticket, desk: Desk) -> bool:
    with desk.look() as uow:
        standing = standing_of(uow, ticket)
    understood = understood_in(message.text, standing, desk)
    meaning = understood.meaning
    return meaning in CALMS and understood.chance(meaning) >= PLAIN


def _was_asked(ticket: Ticket, matter: Matter, desk: Desk) -> bool:
    with desk.look() as uow:
        return _asks_about(uow, ticket, matter)


def _asks_about(uow: UnitOfWork, ticket: Ticket, matter: Matter) -> bool:
    notices = (posted.notice for posted in uow.outbox.latest_of(ticket.id))
    return any(isinstance(each, RouteQuestion) and each.matter == matter for each in notices)


def _plan_beside(message: Message, ticket: Ticket, routed: Routed, desk: Desk) -> Change:
    """Do what its words mean, and ask beside it; not where that asked already."""
    follow = plan_follow_up(message, ticket, desk)
    matter = routed.route.matter

    def change(uow: UnitOfWork) -> None:
        follow(uow)
        current = uow.tickets.get(ticket.id) or ticket
        begun = uow.tickets.in_thread(message.thread) or current
        if current.matter is None and not any(
            _asks_about(uow, each, matter) or each.matter == matter for each in (current, begun)
        ):
            ask_beside(uow, current, routed)

    return change


def _plan_quietly(message: Message, ticket: Ticket, routed: Routed, desk: Desk) -> Change:
    """Ask before anybody reads it; a story goes on in what is held, and after "no" as usual."""
    matter = routed.route.matter
    recent = recent_ones(message, desk)
    held = next((each for each in recent if each.is_held and each.matter == matter), None)
    if held is not None:
        word = plan_word(message, held, desk)
        if word is not None:
            return word
    if any(_was_asked(each, matter, desk) for each in recent if each.id != ticket.id):
        return plan_follow_up(message, ticket, desk)
    return plan_held(replace(message, place=Place.CHANNEL), routed, desk)


def _plan_hold(message: Message, ticket: Ticket, routed: Routed, desk: Desk) -> Change:
    """Keep a ticket to its requester, who does not want to go on where others read."""

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, current, message)
        if current.state not in UNREAD_BY_PEOPLE:
            # People were called meanwhile: they have read it, and read that, too.
            pass_to_engineers(uow, message, current)
            return
        current = hold(uow, current, routed)
        stop_clocks(uow, current)
        close_if_silent(uow, current, desk.clock() + desk.patience.close_answered)
        uow.outbox.put(question_about(current, routed, wanted=True), aside(current), current.id)
        uow.audit.note(current.id, None, "asked about a route", routed.route.matter)
        if message.place is Place.CHANNEL:
            uow.outbox.put(DeskWord("asked_directly"), privately(spot_of(message)))

    return change
