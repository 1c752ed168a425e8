"""The requester's word on a route: yes, it is about that; or no, it is an ordinary request.

A word is a press, or what they write where they were asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination, Spot
from bot.desk.asking import (
    Courtesy,
    FirstWords,
    Message,
    Place,
    RouteQuestion,
    agrees,
    only_nods,
    refuses,
)
from bot.desk.deciding import Action, Limits, Suspicion
from bot.desk.tickets import NOBODY, Refusal, Resolution
from bot.service.asking.answering import in_thread_of
from bot.service.asking.opening import plan_action
from bot.service.asking.routing import (
    plan_restricted,
    plan_turn,
    prepare_routed,
    question_about,
    route_for,
    send_on_route,
    taken_back,
)
from bot.service.messages.recording import record
from bot.service.readers.audience import readers_of
from bot.service.tickets.clocks import stop_clocks
from bot.service.tickets.presses import close_question, refuse, requesters_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.asking import AnswerRoute
    from bot.desk.deciding import Matter
    from bot.desk.ports.delivery import Posted
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
        matter = press.matter if press.yes else None
        act = _prepare(known, matter, press.at, desk)

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


ASKED_AT_MOST = 2
"""Asked so often, words that are no yes and no no decide: nobody goes round in circles."""


def plan_word(message: Message, ticket: Ticket, desk: Desk) -> Change | None:
    """Handle a follow-up that is about a matter, or answers whether one is; None elsewhere."""
    with desk.look() as uow:
        latest = uow.outbox.latest_of(ticket.id)
    asked = [posted for posted in latest if isinstance(posted.notice, RouteQuestion)]
    is_held = ticket.restricted_to == NOBODY
    if asked and not ticket.is_settled and (is_held or _is_answered_here(message, latest[0])):
        said = _plan_said(message, ticket, asked, desk)
        if said is not None:
            return said
    return plan_turn(message, ticket, desk)


def _is_answered_here(message: Message, newest: Posted) -> bool:
    """Whether a message stands right below an open question about a matter."""
    asks = isinstance(newest.notice, RouteQuestion) and newest.notice.outcome is None
    return asks and str(newest.destination.channel) == str(message.channel)


def _plan_said(message: Message, ticket: Ticket, asked: list[Posted], desk: Desk) -> Change | None:
    """Take words for yes or no; what is held is asked about once more, where they are neither."""
    notice = asked[0].notice
    route = desk.routes.of(notice.matter) if isinstance(notice, RouteQuestion) else None
    if not isinstance(notice, RouteQuestion) or route is None:
        return None
    together = ticket.reworded(f"{ticket.question}\n{message.text}")
    yes = _yes_or_no(message.text, together, notice.matter, desk)
    is_held = ticket.restricted_to == NOBODY
    asked_once = len(asked) < ASKED_AT_MOST
    if asked_once and only_nods(message.text):
        # A thumb under "is somebody in danger?" may mean that it was read. The second is a yes.
        return _plan_asked_again(message, ticket, notice.matter, desk)
    if yes is None and not is_held:
        return None
    if yes is None and asked_once:
        return _plan_asked_again(message, ticket, notice.matter, desk)
    if yes is None:
        # Who was asked twice and tells more: what may be confidential stays with those few.
        yes, ticket = route.restricted, together
    at = Spot(message.team, message.channel, message.ts, message.user, message.thread.ts)
    act = _prepare(ticket, notice.matter if yes else None, at, desk)
    closed = replace(notice, outcome="route_yes" if yes else "route_no")
    to = Destination(asked[0].destination.channel, edits=asked[0].id)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, current, message)
        if is_held and current.restricted_to != NOBODY:
            return
        uow.outbox.put(closed, to, ticket.id)
        word = "yes" if yes else "no"
        uow.audit.note(ticket.id, message.user, "answered about a route", f"{notice.matter} {word}")
        act(uow, current.reworded(ticket.question))

    return change


def _yes_or_no(text: str, together: Ticket, matter: Matter, desk: Desk) -> bool | None:
    """Tell what words say about a matter; what surely is one with them says yes. None: neither."""
    if agrees(text):
        return True
    if refuses(text):
        return False
    found = desk.triager.suspicion(together.question)
    return True if found is not None and found.sure and found.matter is matter else None


def _plan_asked_again(message: Message, ticket: Ticket, matter: Matter, desk: Desk) -> Change:
    routed = route_for(ticket.question, Suspicion(matter, 1.0, SAID_SO), desk)

    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)
        if routed is not None:
            uow.outbox.put(question_about(ticket, routed), in_thread_of(ticket), ticket.id)

    return change


def _prepare(
    ticket: Ticket, matter: Matter | None, at: Spot, desk: Desk
) -> Callable[[UnitOfWork, Ticket], None]:
    """Give what happens once a request is about a matter, or about none."""
    return _prepare_no(ticket, desk) if matter is None else _prepare_yes(ticket, matter, at, desk)


def _prepare_yes(
    ticket: Ticket, matter: Matter, at: Spot, desk: Desk
) -> Callable[[UnitOfWork, Ticket], None]:
    suspicion = Suspicion(matter, 1.0, SAID_SO)
    routed = route_for(ticket.question, suspicion, desk)
    if routed is None:
        return lambda uow, current: refuse(uow, at, Refusal("unknown", current.id))
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
