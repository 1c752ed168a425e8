"""How long each stage of a message's way took, for whoever measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desk.ids import NoticeId


class Stages(Protocol):
    """Hears how far a delivery has come; durations are in seconds."""

    def handled(self, waited_s: float, took_s: float) -> None:
        """Note one that was handled, and how long it had waited for that."""

    def led_to(self, notices: Sequence[NoticeId], received_at: datetime) -> None:
        """Note what a delivery led to, which came then; nothing of it is sent yet."""

    def sent(self, notice: NoticeId, waited_s: float, at: datetime) -> None:
        """Note what Slack took, and how long it had waited before it was taken in hand."""


class Unmeasured:
    """Where nobody measures."""

    def handled(self, waited_s: float, took_s: float) -> None:
        """Forget it."""

    def led_to(self, notices: Sequence[NoticeId], received_at: datetime) -> None:
        """Forget it."""

    def sent(self, notice: NoticeId, waited_s: float, at: datetime) -> None:
        """Forget it."""
