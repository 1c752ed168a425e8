"""The workspace's clock: real time that a test may turn forward."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Timer:
    """A call that is due at a moment of the clock; cancel it if it is no longer wanted."""

    due: float
    callback: Callable[[], None] | None

    def cancel(self) -> None:
        """Forget the call."""
        self.callback = None


@dataclass
class Clock:
    """Seconds since the epoch, plus whatever `advance` has added.

    Every waiting period of the workspace (3 s for an acknowledgement, a minute until a retry,
    a trigger's life) is measured on it, so a test turns it instead of sleeping.
    """

    source: Callable[[], float] = time.time
    _offset: float = 0.0
    _timers: list[tuple[float, int, Timer]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)
    _wake: asyncio.TimerHandle | None = None
    _wake_at: float = float("inf")
    _loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        """The workspace's time in seconds since the epoch."""
        return self.source() + self._offset

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run the timers on this event loop."""
        self._loop = loop
        self._arm()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back after this many seconds of the clock; only from the event loop."""
        timer = Timer(self.now() + seconds, callback)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        if timer.due < self._wake_at:
            self._arm()
        return timer

    async def sleep(self, seconds: float) -> None:
        """Wait for this many seconds of the clock."""
        if seconds <= 0:
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        timer = self.call_later(seconds, wake)
        try:
            await woken
        finally:
            timer.cancel()

    @property
    def ahead(self) -> float:
        """By how many seconds the clock was turned forward."""
        return self._offset

    def turn_back(self) -> None:
        """Show the real time again; each call keeps the time that was left; from the event loop."""
        turned, self._offset = self._offset, 0.0
        for _, _, timer in self._timers:
            timer.due -= turned
        self._timers = [(timer.due, at, timer) for _, at, timer in self._timers]
        heapq.heapify(self._timers)
        self._fire()

    def advance(self, seconds: float) -> None:
        """Turn the clock forward and run what has become due; only from the event loop."""
        if seconds < 0:
            raise ValueError("the clock turns forward only")
        self._offset += seconds
        self._fire()

    def _arm(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake, self._wake_at = None, float("inf")
        while self._timers and self._timers[0][2].callback is None:
            heapq.heappop(self._timers)
        if self._timers and self._loop is not None:
            self._wake_at = self._timers[0][0]
            self._wake = self._loop.call_later(max(0.0, self._wake_at - self.now()), self._fire)

    def _fire(self) -> None:
        moment = self.now()
        while self._timers and self._timers[0][0] <= moment:
            callback = heapq.heappop(self._timers)[2].callback
            if callback is not None:
                callback()
        self._arm()
