"""Slack's pace: a message a second for each channel, so many calls a minute for each method."""

from __future__ import annotations

import threading
from collections import Counter, deque
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.ports.delivery import Way

if TYPE_CHECKING:
    from collections.abc import Iterator

BURST = 4
A_SECOND = 1.0
A_MINUTE = {Way.EDIT: 50, Way.MARK: 50, Way.LOOK: 50, Way.WHISPER: 100, Way.HOME: 100}
"""Calls a minute and workspace, as Slack promises them: tiers 3 and 4."""

MINUTE = timedelta(minutes=1)
IN_HAND_A_CHANNEL = 4
IN_HAND_A_WAY = 12
"""So many calls at once, so that a channel or method that hangs does not take them all."""


class Pacer:
    """A token bucket for each channel, a minute's window for each way; who rests, and until when.

    A channel is known by its id and by its name: what is `known_as` another shares its bucket.
    """

    def __init__(self, *, burst: int = BURST, rate: float = A_SECOND) -> None:
        """Allow `burst` messages at once and `rate` a second after that."""
        self._burst = burst
        self._rate = rate
        self._buckets: dict[str, tuple[float, datetime]] = {}
        self._windows: dict[Way, deque[datetime]] = {way: deque() for way in A_MINUTE}
        self._rests: dict[str | Way, tuple[datetime, datetime]] = {}
        self._same: dict[str, str] = {}
        self._in_hand: Counter[str | Way] = Counter()
        self._lock = threading.Lock()

    def known_as(self, name: str, channel: str) -> None:
        """Remember that a name, or a person, is this channel."""
        with self._lock:
            if name != channel:
                self._same[name] = channel

    def wait_for(self, channel: str, now: datetime, way: Way = Way.POST) -> float:
        """Take a turn; gives the seconds to wait where there is none, else 0."""
        with self._lock:
            name = self._same.get(channel, channel) if way is Way.POST else way
            rest = self._rest_of(name, now)
            if rest > 0:
                return rest
            wait = self._post(str(name), now) if way is Way.POST else self._call(way, now)
            if wait > 0:
                self._rests[name] = (now, now + timedelta(seconds=wait))
            return wait

    def rest(self, channel: str, way: Way, now: datetime, seconds: float) -> None:
        """Obey Slack: nothing to this channel, or by this way, for so many seconds."""
        with self._lock:
            name = self._same.get(channel, channel) if way is Way.POST else way
            self._rests[name] = (now, now + timedelta(seconds=seconds))

    @contextmanager
    def in_hand(self, channel: str, way: Way) -> Iterator[None]:
        """Count a call while it lasts."""
        with self._lock:
            name = self._same.get(channel, channel) if way is Way.POST else way
            self._in_hand[name] += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_hand[name] -= 1
                if self._in_hand[name] <= 0:
                    del self._in_hand[name]

    def resting(self, now: datetime) -> tuple[frozenset[str], frozenset[Way]]:
        """Give the channels, by all their names, and the ways that have no turn now."""
        with self._lock:
            idle = {name for name in tuple(self._rests) if self._rest_of(name, now) > 0}
            idle |= {
                name
                for name, count in self._in_hand.items()
                if count >= (IN_HAND_A_WAY if isinstance(name, Way) else IN_HAND_A_CHANNEL)
            }
            ways = frozenset(name for name in idle if isinstance(name, Way))
            channels = {str(name) for name in idle if not isinstance(name, Way)}
            channels |= {name for name, channel in self._same.items() if channel in channels}
            return frozenset(channels), ways

    def next_turn(self, now: datetime) -> datetime | None:
        """Tell when the next of those that rest has its turn again."""
        with self._lock:
            ends = [
                self._rests[name][1] for name in tuple(self._rests) if self._rest_of(name, now) > 0
            ]
            return min(ends, default=None)

    def _rest_of(self, name: str | Way, now: datetime) -> float:
        since, until = self._rests.get(name, (now, now))
        if now < since or until <= now:
            # It is over; or the clock was set back, and the rest would last for ever.
            self._rests.pop(name, None)
            return 0.0
        return (until - now).total_seconds()

    def _post(self, channel: str, now: datetime) -> float:
        tokens, since = self._buckets.get(channel, (float(self._burst), now))
        gained = max(0.0, (now - since).total_seconds()) * self._rate
        tokens = min(float(self._burst), tokens + gained)
        if tokens < 1.0:
            self._buckets[channel] = (tokens, now)
            return (1.0 - tokens) / self._rate
        self._buckets[channel] = (tokens - 1.0, now)
        return 0.0

    def _call(self, way: Way, now: datetime) -> float:
        calls = self._windows[way]
        while calls and not now - MINUTE < calls[0] <= now:
            calls.popleft()
        if len(calls) >= max(A_MINUTE[way], self._burst):
            return (calls[0] + MINUTE - now).total_seconds()
        calls.append(now)
        return 0.0
