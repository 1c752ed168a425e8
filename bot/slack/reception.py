"""Where requests begin that nobody wrote as a message: is the app there, and direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.errors import DeliveryError
from bot.desk.ids import ChannelId, TeamId, Thread, Ts
from bot.slack.blocks.rendering import render
from bot.slack.errors import translated

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.desk.ids import UserId
    from bot.desk.notices import Notice

OPENING_TYPE = "frontline_opening"
LOOKED_AT = 50


class SlackReception:
    """The app's own memberships, and its direct messages with people."""

    def __init__(self, client: WebClient) -> None:
        """Use a client that does not retry by itself."""
        self._client = client

    def is_present(self, channel: ChannelId) -> bool:
        """Tell whether the app can read and write in a conversation."""
        try:
            with translated("looking at a conversation"):
                answer = self._client.conversations_info(channel=channel)
        except DeliveryError:
            return False
        found = answer.get("channel") or {}
        return bool(
            found.get("is_member") or found.get("is_im") or found.get("is_mpim")
        ) and not found.get("is_archived")

    def begin(self, team: TeamId, user: UserId, opening: Notice, key: str) -> Thread:
        """Begin a thread in somebody's direct messages; the same key gives the same thread."""
        with translated(f"opening direct messages with {user}"):
            opened = self._client.conversations_open(users=user)
        channel = ChannelId(str(opened["channel"]["id"]))
        ts = self._begun(channel, key) or self._post(channel, opening, key)
        return Thread(team, channel, Ts(ts))

    def _begun(self, channel: ChannelId, key: str) -> str | None:
        """Find the message by its key: a command that is handled again began it before."""
        with translated("looking for a message"):
            answer = self._client.conversations_history(
                channel=channel, limit=LOOKED_AT, include_all_metadata=True
            )
        for message in answer.get("messages") or []:
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == OPENING_TYPE and payload.get("key") == key:
                return str(message["ts"])
        return None

    def _post(self, channel: ChannelId, opening: Notice, key: str) -> str:
        shown = render(opening)
        metadata: dict[str, Any] = {"event_type": OPENING_TYPE, "event_payload": {"key": key}}
        with translated(f"posting to {channel}"):
            answer = self._client.chat_postMessage(
                channel=channel,
                text=shown.text if shown else "",
                blocks=shown.blocks if shown else [],
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
        return str(answer["ts"])
