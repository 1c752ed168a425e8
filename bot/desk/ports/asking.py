"""Where requests begin that nobody wrote as a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.desk.ids import (
        ChannelId,
        TeamId,
        Thread,
        UserId,
    )
    from bot.desk.notices import Notice


class Reception(Protocol):
    """Where a request begins that its requester did not write as a message to Frontline."""

    def is_present(self, channel: ChannelId) -> bool:
        """Tell whether Frontline can read and write in a conversation."""

    def begin(self, team: TeamId, user: UserId, opening: Notice, key: str) -> Thread:
        """Begin a thread in somebody's direct messages; the same key gives the same thread.

        Raises:
            DeliveryError: Slack refused it for good.
            RetryableDeliveryError: Slack may take it later.
        """
