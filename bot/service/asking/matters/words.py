"""The requester's word on a route: yes, it is about that; or no, it is an ordinary request.

A word is a press, or what they write where they were asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination, Spot
from bot.desk.asking import (
    Answer,
    Clarify,
    Courtesy,
    FirstWords,
    Meaning,
    Message,
    Place,
    RouteQuestion,
    Walk,
    agrees,
    chosen,
    only_nods,
    refuses,
)
from bot.desk.deciding import SAID_SO, Action, Suspicion
from bot.desk.privacy import is_direct
from bot.desk.tickets import NOBODY, Refusal, Resolution
from bot.desk.tiers import Tier
from bot.desk.views import DeskWord
from bot.service.asking.answering import in_thread_of
from bot.service.asking.besides import has_an_article_of_its_own
from bot.service.asking.followups import GRAVE
from bot.service.asking.opening import has_route, plan_action, plan_opening
from bot.service.asking.reacting import agreed
from bot.service.asking.routing import (
    plan_restricted,
    plan_told,
    plan_turn,
    prepare_routed,
    question_about,
    route_for,
    send_on_route,
    taken_back,
)
from bot.service.asking.standing import standing_of, understood_in
from bot.service.asking.ways import picked_way
from bot.service.incidents.joining import close_offers, joined_or
from bot.service.messages.recording import record
from bot.service.messages.withheld import aside, say_instead, was_turned_away, withheld_of
from bot.service.readers.audience import readers_of
from bot.service.tickets.clocks import stop_clocks
from bot.service.tickets.escalating import Case, call, prepare_call
from bot.service.tickets.presses import close_question, privately, refuse, requesters_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.asking import AnswerRoute
    from bot.desk.deciding import Matter
    from bot.desk.ids import ChannelId, Ts
    from bot.desk.ports.delivery import Posted
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.pressed import Pressed
    from bot.desk.tickets import Ticket
    from bot.service.asking.routing import Routed
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk


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
        close_asked(uow, ticket, press.matter, "route_yes" if press.yes else "route_no")
        act(uow, ticket)

    return change


def close_asked(uow: UnitOfWork, ticket: Ticket, matter: Matter, outcome: Pressed) -> None:
    """Take the buttons off all questions about a matter: one answer is enough."""
    for posted in uow.outbox.latest_of(ticket.id):
        notice = posted.notice
        if isinstance(notice, RouteQuestion) and notice.matter is matter and not notice.outcome:
            to = Destination(posted.destination.channel, edits=posted.id)
            uow.outbox.put(replace(notice, outcome=outcome), to, ticket.id)


CONTENT = frozenset({Meaning.SOLVED, Meaning.THANKS, Meaning.TALK})
"""What is said by those who want nothing more."""

ORDINARY = "More was wanted than what was shown, and it is not confidential, the requester says."

ASKED_AT_MOST = 2
"""Asked so often, words that are no yes and no no decide: nobody goes round in circles."""


def plan_word(message: Message, ticket: Ticket, desk: Desk) -> Change | None:
    """Handle a follow-up that is about a matter, or answers whether one is; None elsewhere."""
    with desk.look() as uow:
        latest = uow.outbox.latest_of(ticket.id)
    asked = [posted for posted in latest if isinstance(posted.notice, RouteQuestion)]
    if ticket.is_held:
        return _plan_while_held(message, ticket, latest, asked, desk)
    if asked and not ticket.is_settled and _is_answered_here(message, latest[0]):
        if _is_said_to_what_stands_here(message, latest[0], ticket, desk):
            return None
        said = _plan_said(message, ticket, asked, desk)
        if said is not None:
            return said
    return plan_turn(message, ticket, desk)


def _plan_while_held(
    message: Message,
    ticket: Ticket,
    latest: tuple[Posted, ...],
    asked: list[Posted],
    desk: Desk,
) -> Change | None:
    """Handle words on what nobody may see; None where they go on with what was shown.

    What is another matter, for sure, or has an article of its own, is a request of its own: of
    the first one it tells nobody.
    """
    suspicion = desk.triager.suspicion(message.text)
    elsewhere = suspicion is not None and suspicion.sure and suspicion.matter != ticket.matter
    if elsewhere:
        return _plan_on_its_own(message, desk)
    with desk.look() as uow:
        told, standing = was_turned_away(uow, ticket), standing_of(uow, ticket)
    if told:
        return _plan_told_again(message, ticket, standing, desk)
    shown = any(map(_is_shown, latest))
    answers = not shown or _is_answered_here(message, latest[0])
    says = answers and (agrees(message.text) or refuses(message.text))
    if ticket.is_settled and not (says and latest and _is_answered_here(message, latest[0])):
        return None
    if shown and not says:
        if _goes_on(message, standing, desk):
            return None
        if _has_an_article(message, standing, desk):
            return _plan_on_its_own(message, desk)
    return _plan_said(message, ticket, asked, desk, answers=answers)


def _plan_on_its_own(message: Message, desk: Desk) -> Change:
    readers = readers_of(desk, message.channel, message.user)
    triage = desk.triager.triage(message.text, readers=readers)
    return plan_opening(message, triage, desk, beside=True)


def _plan_told_again(
    message: Message, ticket: Ticket, standing: Standing, desk: Desk
) -> Change | None:
    """Say again whom to turn to; None for a word of thanks."""
    thanks = desk.triager.says_thanks(message.text)
    if thanks or understood_in(message.text, standing, desk).meaning in CONTENT:
        return None
    if _has_an_article(message, standing, desk):
        return _plan_on_its_own(message, desk)
    withheld = withheld_of(ticket, desk)
    if withheld is None:
        return None

    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)
        say_instead(uow, ticket, withheld)

    return change


def below(uow: UnitOfWork, channel: ChannelId, thread_ts: Ts) -> FirstWords | RouteQuestion | None:
    """Find what a thread that is no ticket's stands below: first words, or a question on them."""
    posted = uow.outbox.posted_at(channel, thread_ts)
    said = (posted.notice if posted else None, *uow.outbox.without_ticket(channel, thread_ts))
    return next((each for each in said if isinstance(each, FirstWords | RouteQuestion)), None)


def plan_after_first_words(
    message: Message, notice: FirstWords | RouteQuestion, desk: Desk
) -> Change | None:
    """Say again whom to turn to, where nobody was called; None for what is a request of its own.

    Nothing is written down, as before.
    """
    suspicion = desk.triager.suspicion(message.text)
    if has_route(suspicion, desk) or desk.triager.says_thanks(message.text):
        return None
    triage = desk.triager.triage(
        message.text, readers=readers_of(desk, message.channel, message.user)
    )
    if triage.action is Action.ANSWER:
        return None
    routed = route_for(message.text, Suspicion(notice.matter, 1.0, SAID_SO), desk, message)
    return plan_told(message.channel, message, routed) if routed is not None else None


def _goes_on(message: Message, standing: Standing, desk: Desk) -> bool:
    """Whether words go on with what was shown, and ask for nobody."""
    text = message.text
    if picked_way(text, standing, desk) or agreed(text, standing, desk):
        return True
    notice = standing.question.notice if standing.question else None
    titles = [each.title for each in notice.options] if isinstance(notice, Clarify) else []
    if chosen(text, titles) is not None:
        return True
    walking = isinstance(notice, Walk) and not refuses(text)
    meaning = understood_in(text, standing, desk).meaning
    return meaning in CONTENT or (walking and meaning in {Meaning.DETAILS, Meaning.STEP})


def _has_an_article(message: Message, standing: Standing, desk: Desk) -> bool:
    """Whether words are answered by an article of their own, and have no other route."""
    if refuses(message.text) or has_route(desk.triager.suspicion(message.text), desk):
        return False
    return has_an_article_of_its_own(message, standing, desk)


def _is_answered_here(message: Message, newest: Posted) -> bool:
    """Whether a message stands right below an open question about a matter."""
    asks = isinstance(newest.notice, RouteQuestion) and newest.notice.outcome is None
    # What was asked beside a channel stands in direct messages, and its thread there.
    return asks and newest.destination.channel in {message.channel, message.user}


def _is_said_to_what_stands_here(
    message: Message, newest: Posted, ticket: Ticket, desk: Desk
) -> bool:
    """Whether a mere yes or no is said to a question in the channel, not to the one beside it.

    Whether somebody is in danger does not end with a yes to that: it is asked about once more.
    """
    if newest.destination.channel == message.channel:
        return False
    grave = isinstance(newest.notice, RouteQuestion) and newest.notice.matter in GRAVE
    if grave and agrees(message.text):
        return False
    return _answers_another(message, ticket, desk)


def _answers_another(message: Message, ticket: Ticket, desk: Desk) -> bool:
    """Tell whether a mere yes or no may be said to another question, which is open as well."""
    if not agrees(message.text) and not refuses(message.text):
        return False
    with desk.look() as uow:
        question = standing_of(uow, ticket).question
    notice = question.notice if question else None
    return notice is not None and not (isinstance(notice, Clarify) and not notice.options)


def _plan_said(
    message: Message, ticket: Ticket, asked: list[Posted], desk: Desk, *, answers: bool = True
) -> Change | None:
    """Take words for yes or no; what is held is asked about once more, where they are neither.

    Without `answers` a mere yes or no is said to something else.
    """
    notice = asked[0].notice if asked else None
    route = desk.routes.of(notice.matter) if isinstance(notice, RouteQuestion) else None
    if not isinstance(notice, RouteQuestion) or route is None:
        return None
    together = ticket.reworded(f"{ticket.question}\n{message.text}")
    yes = _yes_or_no(message.text if answers else "", together, notice.matter, desk)
    is_held = ticket.is_held
    asked_once = len(asked) < ASKED_AT_MOST
    # Whether it is confidential calls nobody but those few; a danger calls at once.
    another = not is_held and _answers_another(message, ticket, desk)
    unclear = only_nods(message.text) or another
    if asked_once and answers and unclear:
        # A thumb under "is somebody in danger?" may mean that it was read, and a yes "is it one of
        # these?", which was asked beside it. The second is one.
        return _plan_asked_again(message, ticket, notice.matter, desk)
    if yes is None and not is_held:
        return None
    if yes is None and asked_once:
        return _plan_asked_again(message, ticket, notice.matter, desk, wanted=True)
    if yes is None:
        # Who was asked twice and tells more: what may be confidential stays with those few.
        yes, ticket = route.restricted, together
    act = _prepare(ticket, notice.matter if yes else None, spot_of(message), desk)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, current, message)
        if is_held and not current.is_held:
            return
        close_asked(uow, ticket, notice.matter, "route_yes" if yes else "route_no")
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


def _plan_asked_again(
    message: Message, ticket: Ticket, matter: Matter, desk: Desk, *, wanted: bool = False
) -> Change:
    routed = route_for(ticket.question, Suspicion(matter, 1.0, SAID_SO), desk, ticket)

    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)
        if routed is not None:
            question = question_about(ticket, routed, wanted=wanted)
            uow.outbox.put(question, aside(ticket), ticket.id)
            if message.place is not Place.DIRECT:
                whisper = privately(spot_of(message))
                uow.outbox.put(DeskWord("asked_directly"), whisper)

    return change


def spot_of(message: Message) -> Spot:
    """Give where a message stands, as if its writer had pressed something there."""
    return Spot(message.team, message.channel, message.ts, message.user, message.thread.ts)


def _prepare(
    ticket: Ticket, matter: Matter | None, at: Spot, desk: Desk
) -> Callable[[UnitOfWork, Ticket], None]:
    """Give what happens once a request is about a matter, or about none."""
    return _prepare_no(ticket, desk) if matter is None else _prepare_yes(ticket, matter, at, desk)


def _prepare_yes(
    ticket: Ticket, matter: Matter, at: Spot, desk: Desk
) -> Callable[[UnitOfWork, Ticket], None]:
    suspicion = Suspicion(matter, 1.0, SAID_SO)
    routed = route_for(ticket.question, suspicion, desk, ticket)
    if routed is None:
        return lambda uow, current: refuse(uow, at, Refusal("unknown", current.id))
    if routed.group is None:
        return lambda uow, current: _turn_away(uow, current, routed)
    inside = is_direct(ticket.thread.channel)
    if routed.route.restricted and not inside:
        return _prepare_move(ticket, routed, desk)
    target = prepare_routed(desk, replace(ticket, restricted_to=None), routed)
    return lambda uow, current: send_on_route(uow, taken_back(uow, current), routed, target)


def _turn_away(uow: UnitOfWork, ticket: Ticket, routed: Routed) -> None:
    """Nobody is there to take it: say whom to turn to; nobody else will ever see it."""
    text, matter = routed.words(called=False), routed.route.matter
    words = FirstWords(ticket.id, ticket.requester, matter, text, alone=True)
    uow.outbox.put(words, aside(ticket), ticket.id)
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


def _is_shown(posted: Posted) -> bool:
    """Tell whether this stands as what was shown: an edited question has taken nothing's place."""
    notice = posted.notice
    return isinstance(notice, Answer | Clarify | Walk) and notice.outcome != "superseded"


def _prepare_no(ticket: Ticket, desk: Desk) -> Callable[[UnitOfWork, Ticket], None]:
    """Give what happens with an ordinary request; where it was one all along, nothing."""
    if ticket.matter is None:
        return lambda _, __: None
    with desk.look() as uow:
        latest = uow.outbox.latest_of(ticket.id)
    if ticket.is_held and any(map(_is_shown, latest)):
        wanted = any(isinstance(e.notice, RouteQuestion) and e.notice.wanted for e in latest)
        return _prepare_release(ticket, desk, wanted=wanted)
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


def _prepare_release(
    ticket: Ticket, desk: Desk, *, wanted: bool
) -> Callable[[UnitOfWork, Ticket], None]:
    """Let a request be one like others, with what was shown; people are called if more is wanted.

    While it was held nobody could be, so that is made up for.
    """
    usual = replace(ticket, matter=None, restricted_to=None)
    target = prepare_call(desk, usual, Tier.L2) if wanted else None

    def to_people(uow: UnitOfWork, current: Ticket) -> None:
        if target is not None:
            close_offers(uow, current)
            call(uow, current, target, Case((ORDINARY,), why="asked_for_person"))

    act = joined_or(desk, usual, "", to_people) if wanted else None

    def change(uow: UnitOfWork, current: Ticket) -> None:
        released = (taken_back(uow, current) if act is not None else current).routed(None)
        uow.tickets.save(released)
        if act is not None:
            act(uow, released)

    return change


def _close_kindly(uow: UnitOfWork, ticket: Ticket) -> None:
    back = taken_back(uow, ticket).routed(None)
    stop_clocks(uow, back)
    uow.tickets.save(back.resolved(Resolution.WITHDRAWN))
    uow.outbox.put(Courtesy("nothing_asked"), in_thread_of(ticket), ticket.id)
