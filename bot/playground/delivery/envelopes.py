"""The bodies of events, as the Events API and Socket Mode carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.playground.state.workspace import Channel, Workspace

Body = dict[str, Any]


def event_body(workspace: Workspace, event: dict[str, Any], *, event_id: str | None = None) -> Body:
    """An `event_callback` around an event."""
    team, bot = workspace.team, workspace.bot
    channel = event.get("channel") or event.get("channel_id")
    place = workspace.channels.get(channel) if isinstance(channel, str) else None
    enterprise = team.enterprise_id or None
    token = f"{team.id}.{bot.app_id}.{channel if isinstance(channel, str) else ''}"
    return {
        "token": "playground-verification-token",
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": enterprise,
        **({"enterprise_id": enterprise} if enterprise else {}),
        "api_app_id": bot.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id or workspace.ids.slack("Ev", 11),
        "event_time": int(workspace.clock.now()),
        "authorizations": [
            {
                "enterprise_id": enterprise,
                "team_id": None if enterprise else team.id,
                "user_id": bot.user_id,
                "is_bot": True,
                "is_enterprise_install": bool(enterprise),
            }
        ],
        "is_ext_shared_channel": place is not None and workspace.is_ext_shared(place),
        "event_context": f"4-{token}",
    }


def message_event(channel: Channel, message: dict[str, Any]) -> dict[str, Any]:
    """A `message` event for a message as it was posted."""
    # The thread's counts are no part of it; metadata is, as Slack's own templates expect.
    event = {k: v for k, v in message.items() if k not in _NOT_IN_EVENTS}
    return {
        **event,
        "channel": channel.id,
        "event_ts": message["ts"],
        "channel_type": channel.kind,
    }


_NOT_IN_EVENTS = frozenset(
    {"reply_count", "reply_users", "reply_users_count", "latest_reply", "reactions"}
)


def wrapped_message_event(
    channel: Channel, subtype: str, event_ts: str, **parts: Any
) -> dict[str, Any]:
    """A `message_changed` or `message_deleted` event."""
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "ts": event_ts,
        "event_ts": event_ts,
        "channel": channel.id,
        "channel_type": channel.kind,
        **parts,
    }
