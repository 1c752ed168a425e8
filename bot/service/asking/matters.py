"""The requester's word on a route: yes, it is about that; or no, it is an ordinary request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.asking import Courtesy, FirstWords, Message, Place
from bot.desk.deciding import Action, Limits, Suspicion
from bot.desk.tickets import NOBODY, Refusal, Resolution
from bot.service.asking.answering import in_thread_of
from bot.service.asking.opening import plan_action
from bot.service.asking.routing import (
    plan_restricted,
    prepare_routed,
    route_for,
    send_on_route,
    taken_back,
)
from bot.service.readers.audience import readers_of
from bot.service.tickets.clocks import stop_clocks
from bot.service.tickets.presses import close_question, refuse, requesters_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.asking import AnswerRoute
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.asking.routing import Routed
    from bot.service.context import Desk

SAID_SO = Limits(sure_at=2.0, ask_at=0.0)
"""No chance reaches this: it was not guessed, the requester said it."""

Act = "Callable[[UnitOfWork, Ticket], None]"


def plan_answer_route(press: AnswerRoute, desk: Desk) -> Change:
    """Take a request onto the route, or back to the usual way."""
    with desk.look() as uow:
        known = uow.tickets.get(press.ticket)
    theirs = known is not None and known.requester == press.at.user
    act: Callable[[UnitOfWork, Ticket], None] | None = None
    if known is not None and theirs:
        act = _prepare_yes(known, press, desk) if press.yes else _prepare_no(known, desk)

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None or act is None:
            return
        still_open = close_question(uow, press.at, ticket, "route_yes" if press.yes else "route_no")
        if not still_open:
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        word = "yes" if press.yes else "no"
        uow.audit.note(ticket.id, press.at.user, "answered about a route", f"{press.matter} {word}")
        act(uow, ticket)

    return change


def _prepare_yes(
    ticket: Ticket, press: AnswerRoute, desk: Desk
) -> Callable[[UnitOfWork, Ticket], None]:
    suspicion = Suspicion(press.matter, 1.0, SAID_SO)
    routed = route_for(ticket.question, suspicion, desk)
    if routed is None:
        return lambda uow, current: refuse(uow, press.at, Refusal("unknown", current.id))
    if routed.group is None:
        return lambda uow, current: _turn_away(uow, current, routed)
    inside = ticket.thread.channel.startswith("D")
    if routed.route.restricted and not inside:
        return _prepare_move(ticket, routed, desk)
    target = prepare_routed(desk, replace(ticket, restricted_to=None), routed)
    return lambda uow, current: send_on_route(uow, taken_back(uow, current), routed, target)


def _turn_away(uow: UnitOfWork, ticket: Ticket, routed: Routed) -> None:
    """Nobody is there to take it: say whom to turn to; nobody else will ever see it."""
    words = FirstWords(ticket.id, ticket.requester, routed.route.matter, routed.words(called=False))
    uow.outbox.put(words, in_thread_of(ticket), ticket.id)
    _hide(uow, ticket, routed, NOBODY)


def _prepare_move(
    ticket: Ticket, routed: Routed, desk: Desk
) -> Callable[[UnitOfWork, Ticket], None]:
    """Move what was asked in a channel into direct messages; nobody else sees where it began."""
    message = Message(
        ticket.thread.team,
        ticket.thread.channel,
        ticket.asked_ts,
        ticket.requester,
        ticket.question,
        Place.CHANNEL,
        ticket.thread.ts,
    )
    begin = plan_restricted(message, routed, desk)

    def act(uow: UnitOfWork, current: Ticket) -> None:
        begin(uow)
        _hide(uow, current, routed, routed.group.name if routed.group else NOBODY)

    return act


def _hide(uow: UnitOfWork, ticket: Ticket, routed: Routed, group: str) -> None:
    current = taken_back(uow, ticket)
    stop_clocks(uow, current)
    uow.tickets.save(current.routed(routed.route.matter, group).resolved(Resolution.WITHDRAWN))
    uow.audit.note(ticket.id, None, "resolved", Resolution.WITHDRAWN)


def _prepare_no(ticket: Ticket, desk: Desk) -> Callable[[UnitOfWork, Ticket], None]:
    """Give what happens with an ordinary request; where it was one all along, nothing."""
    if ticket.matter is None:
        return lambda _, __: None
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    triage = desk.triager.triage(ticket.question, readers=readers)
    usual = replace(ticket, matter=None, restricted_to=None)
    if triage.action is Action.COURTESY:
        return _close_kindly
    act = plan_action(triage, desk, usual)

    def change(uow: UnitOfWork, current: Ticket) -> None:
        back = taken_back(uow, current).routed(None)
        stop_clocks(uow, back)
        uow.tickets.save(back)
        act(uow, back)

    return change


def _close_kindly(uow: UnitOfWork, ticket: Ticket) -> None:
    back = taken_back(uow, ticket).routed(None)
    stop_clocks(uow, back)
    uow.tickets.save(back.resolved(Resolution.WITHDRAWN))
    uow.outbox.put(Courtesy("nothing_asked"), in_thread_of(ticket), ticket.id)
