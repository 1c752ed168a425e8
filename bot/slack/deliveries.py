"""Payloads to inbox deliveries: by what a delivery is recognised when it comes again."""

from __future__ import annotations

from typing import Any

from bot.desk.ids import ChannelId, TeamId, Thread, Ts
from bot.desk.ports import Delivery
from bot.slack.parsing import WRITTEN_BY_PEOPLE, Payload


def delivery_of(payload: Payload) -> Delivery:
    """Say how to recognise a payload, and which thread's lane it belongs to.

    One message can arrive under several event ids, and as both `message` and `app_mention`:
    it is one by team, channel and timestamp.
    """
    if payload.get("type") == "event_callback":
        return _event(payload)
    return Delivery(_press_id(payload), payload, _press_thread(payload))


def _event(payload: Payload) -> Delivery:
    event: dict[str, Any] = payload["event"]
    team, channel = str(payload.get("team_id") or ""), str(event.get("channel") or "")
    inner = event.get("message") or event.get("previous_message") or event
    root = inner.get("thread_ts") or inner.get("ts") or event.get("deleted_ts")
    thread = Thread(TeamId(team), ChannelId(channel), Ts(str(root))) if channel and root else None
    key = None
    if event.get("subtype") in WRITTEN_BY_PEOPLE and event.get("ts"):
        key = f"{team}:{channel}:{event['ts']}"
    return Delivery(str(payload["event_id"]), payload, thread, key)


def _press_id(payload: Payload) -> str:
    if payload.get("trigger_id"):
        return str(payload["trigger_id"])
    view, user = payload.get("view") or {}, payload.get("user") or {}
    return f"view:{view.get('id')}:{view.get('hash')}:{user.get('id')}"


def _press_thread(payload: Payload) -> Thread | None:
    container = payload.get("container") or {}
    message = payload.get("message") or {}
    root = container.get("thread_ts") or message.get("thread_ts") or container.get("message_ts")
    team = (payload.get("team") or {}).get("id")
    channel = container.get("channel_id")
    if not (root and team and channel):
        return None
    return Thread(TeamId(str(team)), ChannelId(str(channel)), Ts(str(root)))
