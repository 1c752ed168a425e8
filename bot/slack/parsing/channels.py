"""What Slack tells of a channel, read as news of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.ids import ChannelId
from bot.service.messages.channels import ChannelNews

if TYPE_CHECKING:
    from bot.service.messages.channels import Happened

    Body = dict[str, Any]

CHANNEL_EVENTS: dict[str, Happened] = {
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_unarchive": "back in use",
    "group_unarchive": "back in use",
    "channel_deleted": "deleted",
    "group_deleted": "deleted",
    "channel_rename": "renamed",
    "group_rename": "renamed",
    "channel_left": "left",
    "group_left": "left",
    "member_left_channel": "left",
    "member_joined_channel": "joined",
}
"""What each of Slack's events says of a channel; of members only where it is the app itself."""
CONVERSIONS: dict[str, Happened] = {
    "channel_convert_to_private": "made private",
    "channel_convert_to_public": "made public",
}
"""No event of its own tells of these, only a message in the channel."""


def channel_news(body: Body) -> ChannelNews | None:
    """Read what an event says of a channel; None where it is about other people in it."""
    event = body["event"]
    happened = (CHANNEL_EVENTS | CONVERSIONS)[str(event.get("subtype") or event["type"])]
    ours = {each.get("user_id") for each in body.get("authorizations") or ()}
    if str(event["type"]).startswith("member_") and event.get("user") not in ours:
        return None
    told = event.get("channel")
    channel = told.get("id") if isinstance(told, dict) else told
    if not isinstance(channel, str) or not channel:
        return None
    return ChannelNews(ChannelId(channel), happened, str(body.get("event_id") or ""))
