"""Slack's pace: a message a second for each channel, so many calls a minute for each method."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.desk.ports.delivery import Way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Kept = list[float]
    """Until when a name rests, and of its bucket or window what `_post` and `_call` write."""

BURST = 4
A_SECOND = 1.0
A_MINUTE = {Way.EDIT: 50, Way.MARK: 50, Way.LOOK: 50, Way.WHISPER: 100, Way.HOME: 100}
"""Calls a minute and workspace, as Slack promises them: tiers 3 and 4."""

MINUTE_S = 60.0
LONGEST_REST_S = 3_600.0
"""What is further off was said by a clock that erred."""
IN_HAND_A_CHANNEL = 4
IN_HAND_A_WAY = 12
"""So many calls at once, so that a channel or method that hangs does not take them all."""


class Rests(NamedTuple):
    """Who has no turn at one moment: channels by all their names, and ways.

    `is_full` says that some have none until a call that is under way is over, `next_turn` when the
    next of those that rest has its turn again.
    """

    channels: frozenset[str] = frozenset()
    ways: frozenset[Way] = frozenset()
    is_full: bool = False
    next_turn: datetime | None = None


class Paces(Protocol):
    """Where it is kept how much was sent of late: in this process, or shared by replicas."""

    def turn(self, name: str, now: datetime, take: Callable[[Kept], float]) -> float:
        """Let `take` look at what is known of a name, and change it; gives what it gives."""


class OwnPaces:
    """Keeps it in this process, which nobody works beside."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def turn(self, name: str, _: datetime, take: Callable[[Kept], float]) -> float:
        """Look and change, as `Paces` says."""
        with self._lock:
            return take(self._kept.setdefault(name, []))


class Pacer:
    """A token bucket for each channel, a minute's window for each way; who rests, and until when.

    A channel is known by its id and by its name: what is `known_as` another shares its bucket.
    """

    def __init__(
        self, *, burst: int = BURST, rate: float = A_SECOND, paces: Paces | None = None
    ) -> None:
        """Allow `burst` messages at once and `rate` a second after that."""
        self._burst = burst
        self._rate = rate
        self._paces = paces or OwnPaces()
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
        rule = self._post if way is Way.POST else partial(self._call, A_MINUTE[way])
        wait = self._paces.turn(str(name), now, partial(_after_rest, rule, now.timestamp()))
        if wait > 0:
            with self._lock:
                self._rests[name] = (now, now + timedelta(seconds=wait))
        return wait

    def rest(self, channel: str, way: Way, now: datetime, seconds: float) -> None:
        """Obey Slack: nothing to this channel, or by this way, for so many seconds."""
        with self._lock:
            name = self._same.get(channel, channel) if way is Way.POST else way
            self._rests[name] = (now, now + timedelta(seconds=seconds))
        until = now.timestamp() + seconds
        self._paces.turn(str(name), now, lambda kept: _rest_until(until, kept))

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

    def resting(self, now: datetime) -> Rests:
        """Give who has no turn now."""
        with self._lock:
            resting = {name for name in tuple(self._rests) if self._rest_of(name, now) > 0}
            full = self._full()
            next_turn = min((self._rests[name][1] for name in resting), default=None)
            idle = resting | full
            ways = frozenset(name for name in idle if isinstance(name, Way))
            channels = {str(name) for name in idle if not isinstance(name, Way)}
            channels |= {name for name, channel in self._same.items() if channel in channels}
            return Rests(frozenset(channels), ways, bool(full), next_turn)

    def _full(self) -> set[str | Way]:
        return {
            name
            for name, count in self._in_hand.items()
            if count >= (IN_HAND_A_WAY if isinstance(name, Way) else IN_HAND_A_CHANNEL)
        }

    def _rest_of(self, name: str | Way, now: datetime) -> float:
        since, until = self._rests.get(name, (now, now))
        if now < since or until <= now:
            # It is over; or the clock was set back, and the rest would last for ever.
            self._rests.pop(name, None)
            return 0.0
        return (until - now).total_seconds()

    def _post(self, now: float, kept: Kept) -> float:
        """Take from a bucket; kept are its tokens, and since when they are so many."""
        tokens, since = kept or (float(self._burst), now)
        tokens = min(float(self._burst), tokens + max(0.0, now - since) * self._rate)
        if tokens < 1.0:
            kept[:] = tokens, now
            return (1.0 - tokens) / self._rate
        kept[:] = tokens - 1.0, now
        return 0.0

    def _call(self, a_minute: int, now: float, kept: Kept) -> float:
        """Take from a window; kept are the calls of the last minute."""
        kept[:] = [at for at in kept if now - MINUTE_S < at <= now]
        if len(kept) >= max(a_minute, self._burst):
            return kept[0] + MINUTE_S - now
        kept.append(now)
        return 0.0


def _after_rest(rule: Callable[[float, Kept], float], now: float, kept: Kept) -> float:
    """Take a turn by a rule, unless Slack asked this replica or another to wait."""
    until, *rest = kept or [0.0]
    if now < until <= now + LONGEST_REST_S:
        return until - now
    wait = rule(now, rest)
    kept[:] = 0.0, *rest
    return wait


def _rest_until(until: float, kept: Kept) -> float:
    kept[:] = until, *kept[1:]
    return 0.0
