"""Payloads to inbox deliveries: by what a delivery is recognised when it comes again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.desk.ids import ChannelId, TeamId, Thread, Ts
from bot.desk.ports.delivery import Delivery
from bot.slack.actions import ModalOrigin
from bot.slack.parsing.commands import WRITTEN_BY_PEOPLE, Payload


def delivery_of(payload: Payload) -> Delivery:
    """Say how to recognise a payload, and which thread's lane it belongs to.

    One message can arrive under several event ids, and as both `message` and `app_mention`:
    it is one by team, channel and timestamp. What cannot be read is stored all the same.
    """
    try:
        if payload.get("type") == "event_callback":
            return _event(payload)
        return Delivery(_press_id(payload), payload, _press_thread(payload))
    except (AttributeError, KeyError, TypeError, ValueError):
        return Delivery(f"unreadable:{_fingerprint(payload)}", payload, None)


def _fingerprint(payload: Payload) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _event(payload: Payload) -> Delivery:
    event: dict[str, Any] = payload["event"]
    team, channel = str(payload.get("team_id") or ""), str(event.get("channel") or "")
    inner = event.get("message") or event.get("previous_message") or event
    root = inner.get("thread_ts") or event.get("deleted_ts") or inner.get("ts")
    thread = Thread(TeamId(team), ChannelId(channel), Ts(str(root))) if channel and root else None
    key = None
    if event.get("subtype") in WRITTEN_BY_PEOPLE and event.get("ts"):
        key = f"{team}:{channel}:{event['ts']}"
        if event.get("edited"):
            # Passed over before, it may have got its mention by the edit.
            key += f":{(event['edited'] or {}).get('ts')}"
    return Delivery(str(payload["event_id"]), payload, thread, key)


def _press_id(payload: Payload) -> str:
    if payload.get("trigger_id"):
        return str(payload["trigger_id"])
    view, user = payload.get("view") or {}, payload.get("user") or {}
    return f"view:{view.get('id')}:{view.get('hash')}:{user.get('id')}"


def _press_thread(payload: Payload) -> Thread | None:
    team = (payload.get("team") or {}).get("id")
    if payload.get("type") == "view_submission":
        origin = ModalOrigin.load(payload["view"]["private_metadata"])
        return Thread(
            TeamId(str(team)), ChannelId(origin.channel), Ts(origin.thread_ts or origin.ts)
        )
    container = payload.get("container") or {}
    message = payload.get("message") or {}
    root = container.get("thread_ts") or message.get("thread_ts") or container.get("message_ts")
    channel = container.get("channel_id")
    if payload.get("type") == "message_action":
        root, channel = root or message.get("ts"), (payload.get("channel") or {}).get("id")
    if not (root and team and channel):
        return None
    return Thread(TeamId(str(team)), ChannelId(str(channel)), Ts(str(root)))
