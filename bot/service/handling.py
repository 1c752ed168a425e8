"""Every command has one handler; a handler that fails ends in an apology, never in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk.addresses import Destination, Spot
from bot.desk.asking import (
    AnswerRoute,
    AskBesides,
    CallPerson,
    Choose,
    ChooseWay,
    Deleted,
    Edited,
    Message,
    NotHelpful,
    Solved,
    SomethingElse,
    WalkPress,
)
from bot.desk.beyond import ActedBeyond
from bot.desk.errors import ConfigurationError
from bot.desk.incidents import IncidentPress
from bot.desk.learning import AuditAnswer, GapPress, LearningPress, ProblemPress, WordsPress
from bot.desk.oncall import OnCallCommand
from bot.desk.tickets import (
    Apology,
    ClosingPress,
    NotFixed,
    PassOn,
    Resolve,
    Take,
    ThreadPress,
    TicketState,
)
from bot.desk.tiers import Tier
from bot.desk.views import PlaceCommand
from bot.service.asking.answering import (
    plan_choose,
    plan_not_helpful,
    plan_solved,
    plan_something_else,
)
from bot.service.asking.besides import plan_besides, plan_person_pressed
from bot.service.asking.editing import plan_deleted
from bot.service.asking.intake import is_ours, plan_edited, plan_message
from bot.service.asking.matters.words import plan_answer_route
from bot.service.asking.routing import plan_told, route_for
from bot.service.asking.walking import plan_walk_press
from bot.service.asking.ways import plan_choose_way
from bot.service.beyond.acting import plan_acted_beyond
from bot.service.incidents.returning import plan_not_fixed_after_all
from bot.service.incidents.steering import plan_incident_press
from bot.service.learning.auditing import plan_audit_answer
from bot.service.learning.drafting import plan_resolve_and_draft
from bot.service.learning.gaps import plan_gap_press
from bot.service.learning.problems import plan_problem_press
from bot.service.learning.reviewing import plan_draft_press
from bot.service.learning.words import plan_words_press
from bot.service.messages.lateness import said_when
from bot.service.messages.speaking import in_their_language
from bot.service.oncall.confirming import plan_on_call
from bot.service.privacy.admitting import plan_turning_away
from bot.service.privacy.advising import advised
from bot.service.thread_presses import plan_closing_press, plan_thread_press
from bot.service.tickets.escalating import Case, call, prepare_call
from bot.service.tickets.presses import privately
from bot.service.tickets.taking import plan_pass_on, plan_take
from bot.service.views.places import plan_place

if TYPE_CHECKING:
    from bot.desk.commands import Command, Delivered
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import PreparedCall


def plan(command: Delivered, desk: Desk) -> Change:
    """Work out what a command changes; nothing is written until the change is applied."""
    if isinstance(command, ActedBeyond):
        return plan_acted_beyond(command, desk)
    turned_away = plan_turning_away(command, desk)
    if turned_away is not None:
        return turned_away
    return in_their_language(command, advised(command, _plan(command, desk), desk), desk)


def _plan(command: Command, desk: Desk) -> Change:
    if isinstance(command, ThreadPress):
        return plan_thread_press(command, desk)
    if isinstance(command, ClosingPress):
        return plan_closing_press(command)
    if isinstance(command, WalkPress):
        return plan_walk_press(command, desk)
    if isinstance(
        command,
        IncidentPress | OnCallCommand | PlaceCommand | LearningPress,
    ):
        return _plan_of_its_topic(command, desk)
    match command:
        case Message():
            return said_when(command, plan_message(command, desk))
        case Edited():
            return plan_edited(command, desk)
        case Deleted():
            return plan_deleted(command)
        case Solved():
            return plan_solved(command)
        case NotHelpful():
            return plan_not_helpful(command, desk)
        case Choose():
            return plan_choose(command, desk)
        case ChooseWay():
            return plan_choose_way(command, desk)
        case SomethingElse():
            return plan_something_else(command)
        case AskBesides():
            return plan_besides(command, desk)
        case CallPerson():
            return plan_person_pressed(command, desk)
        case AnswerRoute():
            return plan_answer_route(command, desk)
        case NotFixed():
            return plan_not_fixed_after_all(command, desk)
        case Take():
            return plan_take(command, desk)
        case PassOn():
            return plan_pass_on(command, desk)
        case Resolve():
            return plan_resolve_and_draft(command, desk)
        case _:
            assert_never(command)


def _plan_of_its_topic(
    command: IncidentPress | OnCallCommand | PlaceCommand | LearningPress,
    desk: Desk,
) -> Change:
    """Plan what a topic of its own plans whole."""
    if isinstance(command, IncidentPress):
        return plan_incident_press(command, desk)
    if isinstance(command, OnCallCommand):
        return plan_on_call(command, desk)
    if isinstance(command, PlaceCommand):
        return plan_place(command, desk)
    if isinstance(command, AuditAnswer):
        return plan_audit_answer(command, desk)
    if isinstance(command, ProblemPress):
        return plan_problem_press(command, desk)
    if isinstance(command, GapPress):
        return plan_gap_press(command, desk)
    if isinstance(command, WordsPress):
        return plan_words_press(command, desk)
    return plan_draft_press(command, desk)


def plan_failure(command: Delivered, desk: Desk, error: str) -> Change:
    """Apologise for a command that could not be handled, and call a person for the requester."""
    if isinstance(command, Edited | Deleted | ActedBeyond):
        return lambda _: None
    if not isinstance(command, Message):
        return lambda uow: _apologise_privately(uow, command.at)
    with desk.look() as uow:
        known = uow.tickets.in_thread(command.thread)
        theirs = uow.escalations.in_thread(command.thread)
    if theirs is not None or (known is None and not is_ours(command, desk)):
        return lambda _: None
    apart = _plan_apart(command, desk)
    if apart is not None:
        return apart
    try:
        target = prepare_call(desk, known or command, Tier.L2)
    except ConfigurationError:
        target = None
    return lambda uow: _apologise_and_call(uow, command, target, error)


def plan_unread(at: Spot) -> Change:
    """Tell somebody that what they did could not be read."""
    return lambda uow: _apologise_privately(uow, at)


def plan_last_word(command: Delivered) -> Change:
    """Tell somebody that nothing came of it, without looking anything up."""
    if isinstance(command, Edited | Deleted | ActedBeyond):
        return lambda _: None
    if not isinstance(command, Message):
        return plan_unread(command.at)
    at = Spot(command.team, command.channel, command.ts, command.user, command.thread_ts)
    return plan_unread(at)


def _plan_apart(message: Message, desk: Desk) -> Change | None:
    """Keep to its requester what may be confidential, even where all else failed."""
    try:
        suspicion = desk.triager.suspicion(message.text, first=message.is_top_level)
        routed = route_for(message.text, suspicion, desk, message)
    except Exception:  # noqa: BLE001 - what failed may be just this; the call has to go out
        return None
    if routed is None or not routed.route.restricted:
        return None
    return plan_told(message.channel, message, routed)


def _apologise_privately(uow: UnitOfWork, at: Spot) -> None:
    uow.outbox.put(Apology(None), privately(at))


def _apologise_and_call(
    uow: UnitOfWork, message: Message, target: PreparedCall | None, error: str
) -> None:
    ticket: Ticket | None = uow.tickets.in_thread(message.thread)
    if ticket is None:
        ticket = uow.tickets.open(message.thread, message.user, message.text, message.ts)
    uow.conversation.add(ticket.id, message.user, message.text, message.ts)
    to = Destination(message.channel, thread_ts=message.thread.ts)
    unreached = target is None or ticket.is_held
    uow.outbox.put(Apology(ticket.id, nobody_reached=unreached), to, ticket.id)
    if target is None:
        return
    if ticket.is_settled and not ticket.is_held:
        ticket = ticket.reopen()
    if ticket.state is not TicketState.ESCALATED:
        reason = f"Frontline itself failed on this message ({error})."
        call(uow, ticket, target, Case((reason,)))
