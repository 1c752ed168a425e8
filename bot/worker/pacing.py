"""Slack takes about one message a second for each channel, with short bursts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

BURST = 4
A_SECOND = 1.0


class Pacer:
    """A token bucket for each channel."""

    def __init__(self, *, burst: int = BURST, rate: float = A_SECOND) -> None:
        """Allow `burst` messages at once and `rate` a second after that."""
        self._burst = burst
        self._rate = rate
        self._buckets: dict[str, tuple[float, datetime]] = {}

    def wait_for(self, channel: str, now: datetime) -> float:
        """Take a turn; gives the seconds to wait where there is none, else 0."""
        tokens, since = self._buckets.get(channel, (float(self._burst), now))
        gained = (now - since).total_seconds() * self._rate
        tokens = min(float(self._burst), tokens + gained)
        if tokens < 1.0:
            self._buckets[channel] = (tokens, now)
            return (1.0 - tokens) / self._rate
        self._buckets[channel] = (tokens - 1.0, now)
        return 0.0
