"""Payloads of Slack to commands of the desk; pure, and suspicious of everything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.desk.addresses import Spot
from bot.desk.asking import (
    AskBesides,
    CallPerson,
    Choose,
    ChooseWay,
    Deleted,
    Edited,
    Message,
    NotHelpful,
    Place,
    Solved,
    SomethingElse,
)
from bot.desk.ids import ChannelId, EscalationId, TeamId, TicketId, Ts, UserId
from bot.desk.oncall import ConfirmOnCall
from bot.desk.privacy import is_direct
from bot.desk.tickets import NotFixed, PassOn
from bot.slack import actions as ids
from bot.slack.parsing.drafts import MODALS, read_draft_modal, read_draft_press
from bot.slack.parsing.places import read_ask_about, read_home, read_place_modal
from bot.slack.parsing.presses import (
    SUBMISSIONS,
    entered,
    read_press,
    read_shortcut,
    read_submission,
    value_of,
)
from bot.slack.parsing.proposals import load_proposal
from bot.slack.parsing.reading import read_message, words_of
from bot.slack.parsing.shapes import (
    APP_POST,
    WRITTEN_BY_PEOPLE,
    Payload,
    UnreadablePayloadError,
    checked,
)
from bot.slack.parsing.slash import is_slash, read_slash
from bot.slack.parsing.speakers import is_from, speaker_of
from bot.slack.parsing.workspace import at_home
from bot.slack.text import LEADS_WITH_MENTION, readable, seen

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bot.desk.commands import Command

LATE = "frontline_late"
"""Marks a payload that was not delivered, but read from Slack's history afterwards."""


def parse(
    payload: Payload,
    bot_user: UserId,
    bots: AbstractSet[str] = frozenset(),
    home: TeamId | None = None,
) -> Command | None:
    """Read a payload as a command; None where it is none of the desk's business.

    `bots` are the apps whose posts are requests; `home` is the workspace of the installation.

    Raises:
        UnreadablePayloadError: the payload lacks what its own type promises.
    """
    read = checked(at_home(payload, home), bots)
    if read is None:
        return None
    try:
        return _command(read, bot_user, bots)
    except (
        AttributeError,
        KeyError,
        IndexError,
        TypeError,
        ValueError,
        ArithmeticError,
    ) as failure:
        raise UnreadablePayloadError(
            f"A payload of type {read.get('type')!r} could not be read ({failure!r}); "
            "it is kept in the inbox."
        ) from failure


def _command(payload: Payload, bot_user: UserId, bots: AbstractSet[str]) -> Command | None:
    if is_slash(payload):
        return read_slash(payload)
    match payload.get("type"):
        case "event_callback":
            return _event(payload, bot_user, bots)
        case "block_actions":
            return _press(payload)
        case "view_submission":
            return _submission(payload)
        case "message_action" if payload.get("callback_id") == ids.ASK_ABOUT:
            return read_ask_about(payload, words_of)
        case "message_action":
            return read_shortcut(payload, words_of)
        case _:
            return None


def _event(payload: Payload, bot_user: UserId, bots: AbstractSet[str]) -> Command | None:
    event = payload["event"]
    if event.get("type") not in {"message", "app_mention", "app_home_opened"}:
        return None
    team = TeamId(payload.get("team_id") or event.get("team") or "")
    if event["type"] == "app_home_opened":
        return read_home(payload, team)
    match event.get("subtype"):
        case "message_changed":
            return _edited(event, team, bot_user, bots)
        case "message_deleted":
            return _deleted(event, team, bots)
        case subtype if subtype in WRITTEN_BY_PEOPLE or subtype == APP_POST:
            return _message(event, team, bot_user, bots, late=payload.get(LATE) is True)
        case _:
            return None


def _message(
    event: Payload, team: TeamId, bot_user: UserId, bots: AbstractSet[str], *, late: bool = False
) -> Message | None:
    user = speaker_of(event, bots)
    if user is None or user == bot_user:
        return None
    read = read_message(event)
    mention = re.compile(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>")
    # A mention inside what was forwarded addressed us there, and not here.
    mentioned = mention.search(read.own) is not None
    leads = LEADS_WITH_MENTION.match(seen(read.own))
    channel = str(event["channel"])
    direct = event.get("channel_type") == "im" or is_direct(channel)
    return Message(
        team=team,
        channel=ChannelId(channel),
        ts=Ts(str(event["ts"])),
        user=user,
        text=readable(mention.sub(" ", read.whole)),
        place=Place.DIRECT if direct else Place.CHANNEL,
        thread_ts=Ts(str(event["thread_ts"])) if event.get("thread_ts") else None,
        mentioned=event["type"] == "app_mention" or mentioned,
        for_somebody_else=leads is not None and not mentioned,
        files=read.files,
        late=late,
        edited=bool(event.get("edited")),
        by_app=is_from(event, bots),
    )


def _edited(
    event: Payload, team: TeamId, bot_user: UserId, bots: AbstractSet[str]
) -> Edited | Deleted | None:
    message = event["message"]
    if message.get("subtype") == "tombstone":
        # Deleting a message that has replies changes it into a stone: every answered question.
        return _deleted({**event, "deleted_ts": message["ts"]}, team, bots)
    before = event.get("previous_message")
    if before is not None and read_message(message).whole == read_message(before).whole:
        return None
    place: Payload = {"channel": event["channel"], "channel_type": event.get("channel_type")}
    written = _message({**message, **place, "type": "message"}, team, bot_user, bots)
    return written.as_edited if written is not None else None


def _deleted(event: Payload, team: TeamId, bots: AbstractSet[str]) -> Deleted | None:
    before = event.get("previous_message") or {}
    if before.get("bot_id") and not is_from(before, bots):
        return None
    thread_ts = before.get("thread_ts")
    return Deleted(
        team=team,
        channel=ChannelId(str(event["channel"])),
        ts=Ts(str(event["deleted_ts"])),
        thread_ts=Ts(str(thread_ts)) if thread_ts else None,
        had_files=bool(before.get("files")),
    )


def spot_of(payload: Payload) -> Spot:
    """Read where a press was made, and by whom."""
    container = payload["container"]
    if container.get("type") == "view":
        # A Home is no conversation: what is said about it goes to the person.
        user = UserId(payload["user"]["id"])
        return Spot(TeamId(payload["team"]["id"]), ChannelId(user), Ts(""), user)
    message = payload.get("message") or {}
    thread_ts = container.get("thread_ts") or message.get("thread_ts")
    return Spot(
        team=TeamId(payload["team"]["id"]),
        channel=ChannelId(container.get("channel_id") or payload["channel"]["id"]),
        ts=Ts(container.get("message_ts") or message["ts"]),
        user=UserId(payload["user"]["id"]),
        thread_ts=Ts(thread_ts) if thread_ts else None,
    )


def _press(payload: Payload) -> Command | None:
    place = (payload.get("container") or {}).get("type")
    surface = (payload.get("view") or {}).get("type")
    if place != "message" and (place, surface) != ("view", "home"):
        return None
    action = payload["actions"][0]
    action_id = str(action["action_id"])
    at = spot_of(payload)
    if action_id in {ids.ON_CALL_CONFIRM, ids.ON_CALL_LEAVE}:
        agreed = action_id == ids.ON_CALL_CONFIRM
        return ConfirmOnCall(at, load_proposal(str(action["value"])), agreed)
    number, article = ids.read_about(value_of(action))
    match action_id:
        case ids.SOLVED:
            return Solved(at, TicketId(number))
        case ids.NOT_HELPFUL:
            return NotHelpful(at, TicketId(number), article)
        case ids.CALL_PERSON:
            return CallPerson(at, TicketId(number))
        case ids.SOMETHING_ELSE:
            return SomethingElse(at, TicketId(number))
        case ids.BESIDES:
            return AskBesides(at, TicketId(number))
        case ids.NOT_FIXED:
            return NotFixed(at, TicketId(number))
        case _ if action_id.startswith(f"{ids.CHOOSE}.") and article:
            return Choose(at, TicketId(number), article)
        case _ if action_id.startswith(f"{ids.WAY}.") and article:
            return ChooseWay(at, TicketId(number), int(article))
        case _:
            return read_draft_press(action_id, at, number, article) or read_press(action, at)


def spot_of_view(payload: Payload, origin: ids.ModalOrigin) -> Spot:
    """Read from which message a modal was opened, and who has it before them."""
    return Spot(
        team=TeamId(payload["team"]["id"]),
        channel=ChannelId(origin.channel),
        ts=Ts(origin.ts),
        user=UserId(payload["user"]["id"]),
        thread_ts=Ts(origin.thread_ts) if origin.thread_ts else None,
    )


def _submission(payload: Payload) -> Command | None:
    view = payload["view"]
    callback = str(view.get("callback_id"))
    placed = read_place_modal(payload, entered(payload))
    if placed is not None:
        return placed
    if callback not in {ids.ESCALATE_MODAL, ids.REMARK_MODAL, *SUBMISSIONS, *MODALS}:
        return None
    origin = ids.ModalOrigin.load(view["private_metadata"])
    at = spot_of_view(payload, origin)
    values = entered(payload)
    if callback in MODALS:
        return read_draft_modal(callback, at, origin, values)
    if callback == ids.ESCALATE_MODAL:
        return PassOn(at, EscalationId(origin.escalation), values[ids.FINDINGS].strip())
    return read_submission(callback, at, origin.escalation, values)
