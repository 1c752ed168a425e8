"""One message of our own that is edited now and then: each edit must come back as an event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.desk.errors import DeliveryError
from bot.slack.blocks.parts import context, when
from bot.slack.errors import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.desk.ids import ChannelId
    from bot.slack.blocks.parts import Block

CANARY_TYPE = "frontline_canary"
LOOKED_AT = 200


class Canary:
    """Edits its message; an edit notifies nobody and marks nothing as unread."""

    def __init__(
        self, client: WebClient, channel: str, channel_id: Callable[[str], ChannelId | None]
    ) -> None:
        """Use a channel that was configured for it, by its name or id."""
        self._client = client
        self._name = channel
        self._channel_id = channel_id
        self._ts: str | None = None

    def chirp(self) -> None:
        """Edit the message, or post it where there is none.

        Raises:
            DeliveryError: the channel does not exist, or Slack refuses.
            RetryableDeliveryError: Slack may take it later.
        """
        channel = self._channel_id(self._name)
        if channel is None:
            raise DeliveryError(
                f"There is no channel {self._name!r} for the canary; check [desk] canary_channel."
            )
        said = f"Frontline hears this workspace. Last checked {when(datetime.now(UTC))}."
        self._ts = self._ts or self._found(channel)
        with translated(f"letting the canary sing in {channel}"):
            if self._ts is None:
                self._ts = self._post(channel, said)
            else:
                self._client.chat_update(
                    channel=channel, ts=self._ts, text=said, blocks=_blocks(said)
                )

    def _found(self, channel: ChannelId) -> str | None:
        with translated(f"looking for the canary in {channel}"):
            answer = self._client.conversations_history(
                channel=channel, limit=LOOKED_AT, include_all_metadata=True
            )
        for message in answer.get("messages") or []:
            if (message.get("metadata") or {}).get("event_type") == CANARY_TYPE:
                return str(message["ts"])
        return None

    def _post(self, channel: ChannelId, said: str) -> str:
        answer = self._client.chat_postMessage(
            channel=channel,
            text=said,
            blocks=_blocks(said),
            metadata={"event_type": CANARY_TYPE, "event_payload": {"id": 0}},
        )
        return str(answer["ts"])


def _blocks(said: str) -> list[Block]:
    return [context(said)]
