"""The server's clock, by which all replicas go: one machine's may be wrong."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.desk.ports.time import Monotonic

A_JUMP = timedelta(seconds=0.25)
"""What differs less is the way there and back."""


class ServerClock:
    """What the server's clock shows, without asking it each time."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        """Begin with this machine's, until the two are compared."""
        self._monotonic = monotonic
        self._anchor = datetime.now(UTC), monotonic()

    def __call__(self) -> datetime:
        """Give the time."""
        shown, at = self._anchor
        return shown + timedelta(seconds=self._monotonic() - at)

    def compare(self, shown: datetime) -> None:
        """Take what the server shows now."""
        if abs(shown - self()) > A_JUMP:
            self._anchor = shown.astimezone(UTC), self._monotonic()
