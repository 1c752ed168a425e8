"""When nothing goes out: Slack refuses Frontline itself, or is away; the mend is found."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import FrontlineError
from bot.desk.ports.delivery import Way
from bot.worker.pauses import LONGEST_PAUSE_S, pause_after

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.errors import ShutOutError
    from bot.desk.ports.delivery import Postman
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

FIRST_LOOK_S = 5.0
LONGEST_AHEAD = timedelta(seconds=2 * LONGEST_PAUSE_S)
ALL = "all"

PLACES = 4
"""So many places fail, one after the other, and nothing gets through between: it is no place's own
trouble."""

LONGEST_PAUSE = timedelta(seconds=15)
"""So soon after its end at the latest everything goes on."""


@dataclass(frozen=True)
class _Stop:
    """What is stopped: everything, or one way; when Slack is asked next whether it is mended."""

    scope: str
    needed: str | None
    look_at: datetime
    looks: int = 0


class Standstill:
    """What is stopped just now; each stop is kept in the store, for `frontline doctor`."""

    def __init__(self, store: Store, postman: Postman) -> None:
        """Begin with everything going."""
        self._store = store
        self._postman = postman
        self._stops: dict[str, _Stop] = {}
        self._looking: set[str] = set()
        self._lock = threading.Lock()

    @property
    def is_whole(self) -> bool:
        """Whether nothing at all goes out."""
        return ALL in self._stops

    def holds(self, way: Way) -> str | None:
        """Tell why nothing goes out by this way; None where it does."""
        stopped = self._stops.get(way.value)
        return f"Slack does not let Frontline {way}." if stopped else None

    def stop(self, way: Way, failure: ShutOutError) -> None:
        """Stop sending, and say so by every other way; once for each stop."""
        scope = ALL if failure.whole else way.value
        now = self._store.steady()
        with self._lock:
            if scope in self._stops:
                return
            first = now + timedelta(seconds=FIRST_LOOK_S)
            self._stops[scope] = _Stop(scope, failure.needed, first)
        log.error("sending_stopped", scope=scope, why=str(failure))
        self._store.stops.stop(scope, str(failure))

    def due(self) -> str | None:
        """Give a stop for which Slack is to be asked now whether it is mended."""
        now = self._store.steady()
        with self._lock:
            for scope, stop in self._stops.items():
                # Further off than any pause: the clock was set back meanwhile.
                is_due = not now < stop.look_at <= now + LONGEST_AHEAD
                if is_due and scope not in self._looking:
                    self._looking.add(scope)
                    return scope
        return None

    def next_look(self) -> datetime | None:
        """Tell when Slack is asked next."""
        with self._lock:
            return min((stop.look_at for stop in self._stops.values()), default=None)

    def look(self, scope: str) -> None:
        """Ask Slack; where it is mended, everything goes on by itself."""
        stop = self._stops[scope]
        mended = False
        try:
            mended = self._is_mended(stop)
        finally:
            with self._lock:
                self._looking.discard(scope)
                if mended:
                    del self._stops[scope]
                else:
                    pause = max(pause_after(stop.looks + 1), timedelta(seconds=FIRST_LOOK_S))
                    again = self._store.steady() + pause
                    self._stops[scope] = replace(stop, looks=stop.looks + 1, look_at=again)

    def _is_mended(self, stop: _Stop) -> bool:
        try:
            if not self._postman.is_welcome(stop.needed):
                return False
        except FrontlineError as failure:
            log.warning("still_stopped", scope=stop.scope, why=str(failure))
            return False
        self._store.stops.resume(stop.scope)
        self._store.outbox.let_go(None if stop.scope == ALL else Way(stop.scope))
        log.info("sending_goes_on", scope=stop.scope)
        return True


class Outage:
    """Whether Slack seems to be away; while it is, one row at a time is tried, ever more rarely.

    Without it each of thousands of rows would be tried every minute, and each would then wait for
    its own minute to be over. What a single channel or method fails on makes no outage.
    """

    def __init__(self) -> None:
        """Begin with everything going."""
        self._failing: set[str] = set()
        self._tries = 0
        self._next: datetime | None = None
        self._is_trying = False
        self._lock = threading.Lock()

    def rests(self, now: datetime) -> bool:
        """Whether nothing is to be tried now."""
        with self._lock:
            return self._next is not None and now < self._next <= now + 2 * LONGEST_PAUSE

    def trying(self, now: datetime) -> None:
        """Note that a row is tried; the others wait for what comes of it."""
        with self._lock:
            if self._next is not None:
                self._is_trying = True
                self._next = now + self._pause()

    def failed(self, place: str, now: datetime) -> None:
        """Note that Slack could not be reached, or failed, on the way to a place."""
        with self._lock:
            self._failing.add(place)
            if self._is_trying:
                self._is_trying = False
                self._tries += 1
                self._next = now + self._pause()
            elif self._next is None and len(self._failing) >= PLACES:
                self._tries = 1
                self._next = now + self._pause()
                log.warning("slack_away", places=len(self._failing))

    def over(self) -> None:
        """Note that something got through."""
        with self._lock:
            self._failing.clear()
            self._is_trying = False
            if self._next is not None:
                self._next = None
                log.info("slack_back", tries=self._tries)

    def next_try(self) -> datetime | None:
        """Tell when the next row is tried; None while everything goes."""
        with self._lock:
            return self._next

    def _pause(self) -> timedelta:
        return min(pause_after(self._tries), LONGEST_PAUSE)
