"""Slash commands to commands of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.addresses import Spot
from bot.desk.ids import ChannelId, TeamId, Ts, UserId
from bot.desk.oncall import AskOnCall
from bot.desk.views import AskDesk
from bot.slack.text import showable

if TYPE_CHECKING:
    from bot.desk.commands import Command

ON_CALL = "/oncall"
LONGEST_TEXT = 500


def is_slash(payload: dict[str, Any]) -> bool:
    """Whether a payload is a slash command; it alone has no type."""
    return payload.get("type") is None and "command" in payload


def read_slash(payload: dict[str, Any]) -> Command | None:
    """Read a slash command; None where it is not one of ours."""
    at = Spot(
        team=TeamId(str(payload["team_id"])),
        channel=ChannelId(str(payload["channel_id"])),
        ts=Ts(""),
        user=UserId(str(payload["user_id"])),
    )
    text = showable(str(payload.get("text") or ""))[:LONGEST_TEXT].strip()
    match payload["command"]:
        case "/oncall":
            return AskOnCall(at, text)
        case "/helpdesk":
            return AskDesk(at, text, str(payload.get("trigger_id") or ""))
        case _:
            return None
