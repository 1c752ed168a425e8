"""One thing that Slack was asked for, remembered for a while."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.desk.errors import DeliveryError, RetryableDeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 300.0
"""What cannot be read is asked for again after so long at first, and so long at most."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class _Look(Generic[Value]):
    """One look-up on its way, and how often the value had been aged when it began."""

    aged: int
    outcome: Future[Value] = field(default_factory=Future)


class Cached(Generic[Value]):
    """A value and when it was read; read anew by one at a time, and nobody else waits for that.

    No lock is held while Slack is asked: whoever needs what is on its way waits for that alone.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Nothing is known yet."""
        self._clock = clock
        self._read_at: datetime | None = None
        self._lock = threading.Lock()
        self._look: _Look[Value] | None = None
        self._aged = 0
        self._failure: Exception | None = None
        self._ask_at: datetime | None = None
        self._pause_s = 0.0
        self.value: Value | None = None

    def read(self, seconds: float, look: Callable[[], Value], *, waiting: bool = False) -> Value:
        """Give the value if it is so fresh, else read it; the old one serves those who come by.

        `waiting` is for what grants a right: it waits for the look-up, and takes nothing older,
        nor what was asked before the value was aged.
        """
        with self._lock:
            known = self.fresh(seconds)
            if known is not None:
                return known
            old, on_its_way = self.value, self._look
            needs_it = waiting or old is None
            if on_its_way is None or (needs_it and on_its_way.aged != self._aged):
                self._spare_slack(waiting=waiting)
                ours = self._look = _Look(self._aged)
            else:
                ours = None
                # Nothing that would do is known: whoever needs it waits for the one look-up.
                awaited = on_its_way.outcome
        if ours is not None:
            return self._looked(ours, look)
        return awaited.result() if needs_it or old is None else old

    def _spare_slack(self, *, waiting: bool) -> None:
        """What failed shortly ago is not asked again at once: ever more rarely.

        Somebody who waits for a right is not kept waiting for that.
        """
        resting = self._ask_at is not None and self._clock() < self._ask_at
        if self._failure is not None and resting and not waiting:
            raise self._failure

    def _looked(self, ours: _Look[Value], look: Callable[[], Value]) -> Value:
        try:
            found = look()
        except BaseException as failure:
            with self._lock:
                if isinstance(failure, DeliveryError | RetryableDeliveryError):
                    self._pause_s = min(max(2 * self._pause_s, FIRST_PAUSE_S), LONGEST_PAUSE_S)
                    self._ask_at = self._clock() + timedelta(seconds=self._pause_s)
                    self._failure = failure
                self._landed(ours)
            ours.outcome.set_exception(failure)
            raise
        with self._lock:
            if ours.aged == self._aged:
                self._keep(found)
            elif self.value is None:
                self.value = found
            self._landed(ours)
        ours.outcome.set_result(found)
        return found

    def _landed(self, ours: _Look[Value]) -> None:
        if self._look is ours:
            self._look = None

    def age(self) -> float:
        """Seconds since the value was read."""
        if self._read_at is None:
            return float("inf")
        return (self._clock() - self._read_at).total_seconds()

    def fresh(self, seconds: float) -> Value | None:
        """The value, if it was read so recently."""
        return self.value if self.age() <= seconds else None

    def age_now(self) -> None:
        """Let the value be read again before it is relied on; it stays as the last known."""
        with self._lock:
            self._aged += 1
            self._read_at = None
            self._failure, self._ask_at = None, None

    def keep(self, value: Value) -> Value:
        """Remember a value as read now."""
        with self._lock:
            self._keep(value)
        return value

    def _keep(self, value: Value) -> None:
        self.value, self._read_at = value, self._clock()
        self._failure, self._ask_at, self._pause_s = None, None, 0.0
