"""Payloads as Slack sends them over Socket Mode, with what a test seldom cares about filled in."""

from __future__ import annotations

import json
from typing import Any

from tests import builders as a

Payload = dict[str, Any]


def callback(event: Payload, event_id: str = "Ev0MESSAGE1", **changes: Any) -> Payload:
    """Build an Events API envelope's payload."""
    return {
        "token": "verification",
        "team_id": a.TEAM,
        "api_app_id": "A0FRONT001",
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1772452800,
        "authorizations": [{"team_id": a.TEAM, "user_id": a.BOT, "is_bot": True}],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
        **changes,
    }


def message(text: str = "How do I connect to the VPN?", **changes: Any) -> Payload:
    """Build a `message` event in #it-help."""
    return {
        "type": "message",
        "user": a.ANA,
        "ts": a.ASKED,
        "client_msg_id": "4f1f6d1c-6c9a-4c0e-9a57-2f9a4e1f2b11",
        "text": text,
        "team": a.TEAM,
        "blocks": [{"type": "rich_text", "block_id": "x", "elements": []}],
        "channel": a.IT_HELP,
        "event_ts": a.ASKED,
        "channel_type": "channel",
        **changes,
    }


def mention(text: str, **changes: Any) -> Payload:
    """Build an `app_mention` event, which has no channel type."""
    event = message(text, type="app_mention", **changes)
    del event["channel_type"]
    return event


def changed(text: str, before: str, **changes: Any) -> Payload:
    """Build a `message_changed` event."""
    inner = {"type": "message", "user": a.ANA, "ts": a.ASKED, "text": text}
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": a.IT_HELP,
        "ts": "1772452950.000300",
        "event_ts": "1772452950.000300",
        "channel_type": "channel",
        "hidden": True,
        "message": {**inner, "edited": {"user": a.ANA, "ts": "1772452950.000000"}, **changes},
        "previous_message": {**inner, "text": before},
    }


def removed(**changes: Any) -> Payload:
    """Build a `message_deleted` event."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": a.IT_HELP,
        "ts": "1772452960.000400",
        "event_ts": "1772452960.000400",
        "deleted_ts": a.ASKED,
        "channel_type": "channel",
        "hidden": True,
        "previous_message": {"type": "message", "user": a.ANA, "ts": a.ASKED, "text": "Oops"},
        **changes,
    }


def press(action_id: str, value: str = "1001", **changes: Any) -> Payload:
    """Build a press of a button under a message in the requester's thread."""
    return {
        "type": "block_actions",
        "user": {"id": a.ANA, "username": "ana", "name": "ana", "team_id": a.TEAM},
        "api_app_id": "A0FRONT001",
        "container": {
            "type": "message",
            "message_ts": "1772452801.000200",
            "channel_id": a.IT_HELP,
            "is_ephemeral": False,
            "thread_ts": a.ASKED,
        },
        "trigger_id": "9001.1772452801.abcdef",
        "team": {"id": a.TEAM, "domain": "larkfield"},
        "channel": {"id": a.IT_HELP, "name": "it-help"},
        "message": {
            "bot_id": "B0FRONT001",
            "type": "message",
            "text": "All about the VPN",
            "user": a.BOT,
            "ts": "1772452801.000200",
            "thread_ts": a.ASKED,
        },
        "state": {"values": {}},
        "response_url": "https://hooks.slack.example/actions/T/1/x",
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": "b1",
                "text": {"type": "plain_text", "text": "Press"},
                "value": value,
                "action_ts": "1772452802.111111",
            }
        ],
        **changes,
    }


def submission(callback_id: str, values: dict[str, str], **changes: Any) -> Payload:
    """Build the submission of a modal that was opened from a card."""
    origin = {"escalation": 7, "channel": a.L2_CHANNEL, "ts": "5.000001", "thread_ts": None}
    entered = {
        name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()
    }
    return {
        "type": "view_submission",
        "team": {"id": a.TEAM, "domain": "larkfield"},
        "user": {"id": a.TOM, "name": "tom"},
        "trigger_id": "9002.1772452801.abcdef",
        "view": {
            "id": "V0MODAL001",
            "hash": "1772452801.xyz",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": json.dumps(origin),
            "state": {"values": entered},
        },
        **changes,
    }
