"""Payloads to inbox deliveries: by what a delivery is recognised when it comes again."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

from bot.desk.addresses import Spot
from bot.desk.ids import ChannelId, TeamId, Thread, Ts, UserId
from bot.desk.ports.delivery import Delivery
from bot.slack.actions import ModalOrigin
from bot.slack.limits import LONGEST_TEXT, MOST_FIELDS
from bot.slack.parsing.shapes import (
    APP_POST,
    WRITTEN_BY_PEOPLE,
    Payload,
    UnreadablePayloadError,
    checked,
)
from bot.slack.parsing.speakers import speaker_of
from bot.slack.parsing.workspace import at_home

LARGEST_PAYLOAD = 500_000
"""Characters; Slack's largest messages have some 100,000 with all their blocks."""
DEEPEST_PAYLOAD = 60
BEGINNING = 10_000

LOOKED_AT = "app_home_opened"
"""What somebody's client sends while they only look: a Home counts for nobody's share."""

KEY = re.compile(r"[!-~]{1,255}")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
STAMP = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")


def delivery_of(payload: Payload, trouble: str | None = None, home: str | None = None) -> Delivery:
    """Say how to recognise a payload, and which thread's lane it belongs to.

    One message can arrive under several event ids, and as both `message` and `app_mention`:
    it is one by team, channel and timestamp. What cannot be read is stored all the same; of
    what is too large or too deep to be stored, that is kept which the desk reads.
    """
    payload = at_home(payload, home)
    known = _recognised(payload if _fits(payload) else _cut(payload), trouble)
    return replace(known, author=author_of(payload), overlong=is_overlong(payload))


def author_of(payload: Payload) -> str | None:
    """Say whose doing something is, bots included; None where nobody's share is used by it."""
    event = payload.get("event")
    if not isinstance(event, dict):
        user = _named(payload, "user")
        return str(user) if _is(ID, user) else None
    if event.get("type") == LOOKED_AT:
        return None
    inner = event.get("message") or event.get("previous_message") or event
    # An app has a share of its own, in whoever's name it posts.
    named = (inner.get("bot_id") or inner.get("user")) if isinstance(inner, dict) else None
    return str(named) if _is(ID, named) else None


def is_overlong(payload: Payload) -> bool:
    """Tell whether people wrote or added more than is read of it."""
    event = payload.get("event")
    event = event if isinstance(event, dict) else {}
    messages = [payload, payload.get("message"), event, event.get("message")]
    return any(_is_overlong(each) for each in messages if isinstance(each, dict)) or any(
        isinstance(entry, dict) and _is_long(entry.get("value"))
        for fields in _fields(payload)
        for entry in fields.values()
    )


def _is_overlong(message: Payload) -> bool:
    return _is_long(message.get("text")) or any(
        isinstance(message.get(part), list) and len(message[part]) > MOST_FIELDS
        for part in ("files", "attachments")
    )


def _is_long(text: Any) -> bool:
    return isinstance(text, str) and len(text) > LONGEST_TEXT


def _fields(payload: Payload) -> list[dict[Any, Any]]:
    found: Any = payload
    for step in ("view", "state", "values"):
        found = found.get(step) if isinstance(found, dict) else None
    groups = found.values() if isinstance(found, dict) else ()
    return [each for each in groups if isinstance(each, dict)]


def _recognised(kept: Payload, trouble: str | None) -> Delivery:
    try:
        if kept.get("type") == "event_callback":
            return _event(kept, trouble)
        return Delivery(_press_id(kept), kept, _press_thread(kept), trouble=trouble)
    except (AttributeError, LookupError, TypeError, ValueError):
        return Delivery(f"unreadable:{_fingerprint(kept)}", kept, None, trouble=trouble)


def sender_of(payload: Payload) -> Spot | None:
    """Say who did it and where, of a payload that cannot be read; None where nobody waits."""
    event = payload.get("event")
    if isinstance(event, dict):
        return _writer_of(payload, event)
    user = _named(payload, "user")
    container = payload.get("container")
    place = container.get("channel_id") if isinstance(container, dict) else None
    channel = place or _named(payload, "channel") or user
    team = _named(payload, "team") or ""
    if not (_is(ID, user) and _is(ID, channel)):
        return None
    return Spot(TeamId(str(team)), ChannelId(str(channel)), Ts(""), UserId(str(user)))


def _writer_of(payload: Payload, event: Payload) -> Spot | None:
    """Whoever wrote to the desk itself: in direct messages, or with a mention."""
    user, channel, ts = event.get("user"), event.get("channel"), event.get("thread_ts")
    if not (_is(ID, user) and _is(ID, channel)) or event.get("subtype"):
        return None
    if speaker_of(event) is None:
        return None
    if event.get("type") != "app_mention" and not str(channel).startswith("D"):
        return None
    thread_ts = Ts(str(ts)) if _is(STAMP, ts) else None
    return Spot(
        TeamId(str(payload.get("team_id") or "")),
        ChannelId(str(channel)),
        Ts(""),
        UserId(str(user)),
        thread_ts,
    )


def _named(payload: Payload, what: str) -> Any:
    named = payload.get(what)
    return named.get("id") if isinstance(named, dict) else payload.get(f"{what}_id")


def _is(kind: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and kind.fullmatch(value) is not None


def _as(kind: re.Pattern[str], value: Any) -> str:
    if not _is(kind, value):
        raise TypeError(f"{str(value)[:40]!r} is no id")
    return str(value)


def _fits(payload: Payload) -> bool:
    """Whether a payload can be stored; without recursion, since it may be endlessly deep."""
    size = 0
    level: list[Any] = [payload]
    for _ in range(DEEPEST_PAYLOAD):
        deeper: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                size += sum(len(key) + 4 for key in part)
                deeper += part.values()
            elif isinstance(part, list):
                size += 2 * len(part)
                deeper += part
            else:
                size += len(part) if isinstance(part, str) else 8
        if size > LARGEST_PAYLOAD:
            return False
        if not deeper:
            return True
        level = deeper
    return False


def _cut(payload: Payload) -> Payload:
    try:
        read = checked(payload)
    except UnreadablePayloadError:
        read = None
    for less in (read, _without_blocks(read)):
        if less is not None and _fits(less):
            return less
    try:
        beginning = json.dumps(payload)[:BEGINNING]
    except (RecursionError, ValueError):
        beginning = "deeper than it can be written down"
    kind = payload.get("type")
    return {"type": kind if _is(KEY, kind) else None, "too_large": beginning}


def _without_blocks(read: Payload | None) -> Payload | None:
    """Leave out what is endless: the text of a message says nearly all that its blocks say."""
    if read is None:
        return None
    lean = {key: part for key, part in read.items() if key not in {"blocks", "attachments"}}
    for key in ("event", "message", "previous_message"):
        if isinstance(lean.get(key), dict):
            lean[key] = _without_blocks(lean[key])
    return lean


def _fingerprint(payload: Payload) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _event(payload: Payload, trouble: str | None) -> Delivery:
    event: dict[str, Any] = payload["event"]
    team: Any = payload.get("team_id") or ""
    channel: Any = event.get("channel") or ""
    inner = event.get("message") or event.get("previous_message") or event
    root: Any = inner.get("thread_ts") or event.get("deleted_ts") or inner.get("ts")
    thread, key = None, None
    if _is(ID, channel) and _is(STAMP, root) and (not team or _is(ID, team)):
        thread = Thread(TeamId(team), ChannelId(channel), Ts(root))
        written = event.get("subtype") in WRITTEN_BY_PEOPLE or event.get("subtype") == APP_POST
        if written and _is(STAMP, event.get("ts")):
            key = f"{team}:{channel}:{event['ts']}"
            edited = (event.get("edited") or {}).get("ts")
            if edited:
                # Passed over before, it may have got its mention by the edit.
                key += f":{edited}"
    return Delivery(_as(KEY, payload["event_id"]), payload, thread, key, trouble)


def _press_id(payload: Payload) -> str:
    if payload.get("trigger_id"):
        return _as(KEY, payload["trigger_id"])
    view, user = payload["view"], payload["user"]
    return _as(KEY, f"view:{view.get('id')}:{view.get('hash')}:{user.get('id')}")


def _press_thread(payload: Payload) -> Thread | None:
    team = _named(payload, "team")
    if payload.get("type") == "view_submission":
        origin = ModalOrigin.load(payload["view"]["private_metadata"])
        return _thread(team, origin.channel, origin.thread_ts or origin.ts)
    container = payload.get("container") or {}
    message = payload.get("message") or {}
    root = container.get("thread_ts") or message.get("thread_ts") or container.get("message_ts")
    channel = container.get("channel_id")
    if payload.get("type") == "message_action":
        root, channel = root or message.get("ts"), _named(payload, "channel")
    return _thread(team, channel, root)


def _thread(team: Any, channel: Any, root: Any) -> Thread | None:
    if not (_is(ID, team) and _is(ID, channel) and _is(STAMP, root)):
        return None
    return Thread(TeamId(str(team)), ChannelId(str(channel)), Ts(str(root)))
