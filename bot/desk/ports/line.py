"""The line over which Slack delivers."""

from __future__ import annotations

from typing import Protocol


class Line(Protocol):
    """A connection that is held open, and may be dead without saying so."""

    def session(self) -> str | None:
        """Name the connection that is open; None where none is."""

    def reopen(self) -> None:
        """Open another in its place.

        Raises:
            RetryableDeliveryError: Slack gave none.
        """
