"""Messages of Slack's history, brought into the form in which they would have been delivered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.desk.ports.history import Found
from bot.slack.parsing.commands import LATE
from bot.slack.parsing.deliveries import delivery_of
from bot.slack.parsing.shapes import APP_POST, WRITTEN_BY_PEOPLE
from bot.slack.parsing.speakers import speaker_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bot.desk.ids import ChannelId, TeamId, Thread, Ts
    from bot.desk.ports.delivery import Delivery
    from bot.slack.parsing.shapes import Payload

KINDS = {"D": "im", "G": "group"}
"""What the first letter of a conversation's id says of it; the rest are channels."""


def moment_of(ts: str) -> datetime:
    """Read Slack's timestamp as a time.

    Raises:
        ValueError: it is none.
    """
    return datetime.fromtimestamp(float(ts), UTC)


def found_of(
    message: Payload,
    team: TeamId,
    channel: ChannelId,
    *,
    late_before: datetime,
    bots: AbstractSet[str] = frozenset(),
) -> Found | None:
    """Read a message of the history; None where it is not one."""
    try:
        posted_at = moment_of(str(message["ts"]))
        edited = (message.get("edited") or {}).get("ts")
        last_reply = message.get("latest_reply")
        deleted = message.get("subtype") == "tombstone"
        by_person = (
            message.get("subtype") in WRITTEN_BY_PEOPLE or message.get("subtype") == APP_POST
        ) and speaker_of(message, bots) is not None
        return Found(
            ts=message["ts"],
            posted_at=posted_at,
            by_person=by_person,
            delivery=_written(message, team, channel, late=posted_at < late_before),
            edit=_edited(message, team, channel, str(edited)) if edited and by_person else None,
            edited_at=moment_of(str(edited)) if edited else None,
            last_reply_at=moment_of(str(last_reply)) if last_reply else None,
            deleted=deleted,
        )
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def deletion_of(thread: Thread, ts: Ts) -> Delivery:
    """Give what the deletion of a message of a thread would have brought."""
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "channel": thread.channel,
        "deleted_ts": ts,
        "previous_message": {"ts": ts, "thread_ts": thread.ts},
    }
    return delivery_of(_event(f"deleted:{ts}", event, thread.team, thread.channel))


def _written(message: Payload, team: TeamId, channel: ChannelId, *, late: bool) -> Delivery:
    kind = KINDS.get(channel[:1], "channel")
    event = {**message, "type": "message", "channel": channel, "channel_type": kind}
    payload = _event(str(message["ts"]), event, team, channel)
    return delivery_of({**payload, LATE: True} if late else payload)


def _edited(message: Payload, team: TeamId, channel: ChannelId, edited: str) -> Delivery:
    event = {
        "type": "message",
        "subtype": "message_changed",
        "channel": channel,
        "message": dict(message),
    }
    return delivery_of(_event(f"edited:{message['ts']}:{edited}", event, team, channel))


def _event(name: str, event: dict[str, Any], team: TeamId, channel: ChannelId) -> Payload:
    return {
        "type": "event_callback",
        "team_id": team,
        "event_id": f"history:{team}:{channel}:{name}",
        "event": event,
    }
