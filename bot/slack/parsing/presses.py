"""Presses, modals and the shortcut of an escalation's thread, read as commands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.desk.addresses import Spot
from bot.desk.articles import StepOutcome
from bot.desk.asking import AnswerRoute, ChooseBranch, StartWalk, TellStep
from bot.desk.deciding import Matter
from bot.desk.ids import ChannelId, EscalationId, TeamId, TicketId, Ts, UserId, parse_ticket_name
from bot.desk.incidents import NameIncident, OtherProblem, UpdateEveryone
from bot.desk.learning import LABELS
from bot.desk.promises import Priority
from bot.desk.tickets import (
    AcknowledgeForNow,
    AskRequester,
    BackToQueue,
    Confirm,
    HandOver,
    MarkDuplicate,
    Mute,
    Rate,
    Remark,
    ReplyToRequester,
    Resolve,
    Return,
    SendOn,
    SetPriority,
    SnoozeFor,
    Take,
    WakeUp,
    WrongCall,
)
from bot.desk.tiers import Tier
from bot.slack import actions as ids
from bot.slack.parsing.places import read_on_home
from bot.slack.parsing.speakers import speaker_of
from bot.slack.text import showable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desk.commands import Command
    from bot.desk.tickets import File

    Values = Mapping[str, str]

Payload = dict[str, Any]


def value_of(action: Payload) -> str:
    """Read what a button carries, or what was chosen from a menu."""
    chosen = action.get("selected_option") or action
    return str(chosen.get("value") or "")


def read_press(action: Payload, at: Spot) -> Command | None:
    """Read a press as one of the thread's, or of a ticket's end; None where it is neither."""
    action_id = str(action["action_id"])
    number, what = ids.read_about(value_of(action))
    if action_id == ids.OTHER_PROBLEM:
        return OtherProblem(at, TicketId(number))
    if action_id == ids.FIXED:
        return Confirm(at, TicketId(number))
    if action_id.startswith(f"{ids.RATE}.") and what:
        return Rate(at, TicketId(number), int(what))
    if action_id in {ids.ROUTE_YES, ids.ROUTE_NO} and what:
        return AnswerRoute(at, TicketId(number), Matter(what), yes=action_id == ids.ROUTE_YES)
    if action_id == ids.MORE:
        plain = ENGINEERS.get(what or "")
        return plain(at, EscalationId(number)) if plain else None
    if action_id in ENGINEERS:
        return ENGINEERS[action_id](at, EscalationId(number))
    on_home = read_on_home(action_id, at, what or "")
    return on_home or _read_walk(action_id, at, TicketId(number), what or "")


ENGINEERS: Mapping[str, Callable[[Spot, EscalationId], Command]] = {
    ids.TAKE: Take,
    ids.MUTE: Mute,
    ids.FOR_NOW: AcknowledgeForNow,
    ids.WAKE: WakeUp,
    ids.QUEUE: BackToQueue,
}
"""What engineers press, on a card, in its menu or on their Home, without saying more."""


def _read_walk(action_id: str, at: Spot, ticket: TicketId, what: str) -> Command | None:
    number, _, further = what.partition("/")
    if action_id == ids.WALK:
        return StartWalk(at, ticket, what)
    if action_id.startswith(f"{ids.STEP}."):
        return TellStep(at, ticket, int(number), StepOutcome(further))
    if action_id.startswith(f"{ids.BRANCH}."):
        return ChooseBranch(at, ticket, int(number), int(further))
    return None


def entered(payload: Payload) -> dict[str, str]:
    """Read what was entered into a modal's fields, by field; empty where nothing was."""
    state = payload["view"].get("state") or {}
    return {
        block: _entry(next(iter(fields.values())))
        for block, fields in (state.get("values") or {}).items()
        if fields
    }


def _entry(field: Payload) -> str:
    many = field.get("selected_options") or ()
    chosen = field.get("selected_option") or (many[0] if many else {})
    given = (
        field.get("value")
        or field.get("selected_user")
        or field.get("selected_date_time")
        or chosen.get("value")
    )
    return showable(str(given or ""))


def read_submission(callback: str, at: Spot, number: int, values: Values) -> Command | None:
    """Read a modal of the thread, or a requester's remark; None where it is neither."""
    if callback == ids.REMARK_MODAL:
        return Remark(at, TicketId(number), values[ids.TEXT].strip())
    read = SUBMISSIONS.get(callback)
    return read(at, EscalationId(number), values) if read else None


def read_resolve(at: Spot, escalation: EscalationId, values: Values) -> Resolve:
    """Read what was written down at the end."""
    tier = values.get(ids.RIGHT_TIER)
    return Resolve(
        at,
        escalation,
        cause=values[ids.CAUSE].strip(),
        fix=values[ids.FIX].strip(),
        prevention=values.get(ids.PREVENTION, "").strip(),
        right_tier=Tier(tier) if tier else None,
        article_wanted=values.get(ids.ARTICLE_WANTED) == ids.YES,
        article_words=values.get(ids.ARTICLE_WORDS, "").strip(),
        cause_told=values.get(ids.CAUSE_TOLD) == ids.YES,
    )


def _duplicate(at: Spot, escalation: EscalationId, values: Values) -> MarkDuplicate:
    original = parse_ticket_name(values[ids.ORIGINAL])
    if original is None:
        raise ValueError(values[ids.ORIGINAL])
    return MarkDuplicate(at, escalation, original)


def _wrong_call(at: Spot, escalation: EscalationId, values: Values) -> WrongCall:
    label, article = values[ids.LABEL], values.get(ids.ARTICLE, "").strip()
    if label not in LABELS:
        raise ValueError(label)
    return WrongCall(at, escalation, label, article if article and label == "L1" else None)


def _incident(at: Spot, escalation: EscalationId, values: Values) -> NameIncident:
    owner = values.get(ids.TARGET, "").strip()
    return NameIncident(at, escalation, values[ids.TITLE].strip(), UserId(owner) if owner else None)


def _snooze(at: Spot, escalation: EscalationId, values: Values) -> SnoozeFor:
    span, chosen = values[ids.SPAN], values.get(ids.UNTIL, "")
    if chosen:
        # A time of their own counts, whichever of the others still is marked.
        return SnoozeFor(at, escalation, "until", datetime.fromtimestamp(int(chosen), UTC))
    if span not in {"hour", "morning"}:
        raise ValueError(span)
    return SnoozeFor(at, escalation, "hour" if span == "hour" else "morning")


SUBMISSIONS: Mapping[str, Callable[[Spot, EscalationId, Values], Command]] = {
    ids.RESOLVE_MODAL: read_resolve,
    ids.ASK_MODAL: lambda at, e, values: AskRequester(at, e, values[ids.TEXT].strip()),
    ids.REPLY_MODAL: lambda at, e, values: ReplyToRequester(at, e, values[ids.TEXT].strip()),
    ids.RETURN_MODAL: lambda at, e, values: Return(at, e, values[ids.REASON].strip()),
    ids.HAND_OVER_MODAL: lambda at, e, values: HandOver(at, e, UserId(values[ids.TARGET])),
    ids.PRIORITY_MODAL: lambda at, e, values: SetPriority(
        at, e, Priority(values[ids.PRIORITY_FIELD])
    ),
    ids.DUPLICATE_MODAL: _duplicate,
    ids.FURTHER_MODAL: lambda at, e, values: ENGINEERS[values[ids.CHOICE]](at, e),
    ids.SNOOZE_MODAL: _snooze,
    ids.WRONG_CALL_MODAL: _wrong_call,
    ids.INCIDENT_MODAL: _incident,
    ids.UPDATE_ALL_MODAL: lambda at, e, values: UpdateEveryone(at, e, values[ids.TEXT].strip()),
}


def read_shortcut(
    payload: Payload, words_of: Callable[[Payload], tuple[str, tuple[File, ...]]]
) -> SendOn | None:
    """Read *Send to the requester* on a message; `words_of` gives its text and its files."""
    if payload.get("callback_id") != ids.SEND_ON:
        return None
    message = payload["message"]
    text, files = words_of(message)
    thread_ts = message.get("thread_ts")
    at = Spot(
        team=TeamId(payload["team"]["id"]),
        channel=ChannelId(payload["channel"]["id"]),
        ts=Ts(str(message["ts"])),
        user=UserId(payload["user"]["id"]),
        thread_ts=Ts(str(thread_ts)) if thread_ts else None,
    )
    return SendOn(at, speaker_of(message), text, files)
