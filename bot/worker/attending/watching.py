"""Watches the clock: where it jumps, timers keep the time that was left on them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.desk.promises import Jump, is_steady, judge
from bot.desk.views import DeskAlert
from bot.service.context import utc_now
from bot.service.oncall.alerting import alert_admins

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.ports.time import Clock, Monotonic
    from bot.service.context import Desk
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

COMPARE_EVERY_S = 60.0
LOOK_BACK = timedelta(days=1)
ASK_FOR_S = 300.0
"""So long Slack is asked what the time is, before the machine's own clocks have to do."""


@dataclass(frozen=True)
class Clocks:
    """What the time is taken from; a test turns them together, or apart.

    `slack` is Slack's own clock, which is asked where it is not given.
    """

    wall: Clock = utc_now
    monotonic: Monotonic = time.monotonic
    slack: Clock | None = None

    def steady(self) -> Clock:
        """Give a time that goes on evenly from now, however the wall clock is set."""
        begun, at = self.wall(), self.monotonic()
        return lambda: begun + timedelta(seconds=self.monotonic() - at)


class ClockWatch:
    """Compares the wall clock with the monotonic one, and where they part, with Slack's."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        monotonic: Monotonic,
        slack_time: Clock,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """Join the clocks; `slack_time` asks Slack, and may fail as any call.

        Of several replicas, the one that leads writes down how they differ, and moves timers.
        """
        self._leads = leads
        self._store = store
        self._desk = desk
        self._monotonic = monotonic
        self._slack_time = slack_time
        self._lock = threading.Lock()
        self._own, self._steady = store.clock(), monotonic()
        self._slack: tuple[datetime, float] | None = None
        self._most_ahead = -LOOK_BACK
        """The furthest that the queues' time was ever seen ahead of Slack's."""
        self._unclear_since: float | None = None

    def is_steady(self) -> bool:
        """Whether the clock can be relied on; while it cannot, no timer fires."""
        with self._lock:
            passed = timedelta(seconds=self._monotonic() - self._steady)
            return is_steady(self._store.clock(), self._own + passed)

    def by_slack(self, queued_at: datetime) -> datetime:
        """Say what Slack's clock showed when the queues' time was so.

        What was queued while our clock was ahead seems to be yet to come: then a day is looked
        back, so that what was sent is found and not sent again. Where our clocks stood still
        since, as those of a machine that slept, what was sent is looked for where it was sent.
        """
        if self._slack is None:
            return queued_at
        asked, at = self._slack
        now = asked + timedelta(seconds=self._monotonic() - at)
        showed = queued_at - (self._store.steady() - now)
        if showed > now:
            return now - LOOK_BACK
        return min(showed, max(queued_at - self._most_ahead, now - LOOK_BACK))

    def begin(self) -> None:
        """Look how long nobody was here, and whether the clock was set meanwhile."""
        before = self._store.presence.clocks()
        if before is not None:
            self._most_ahead = max(self._most_ahead, before[0] - before[1])
        now = self._ask()
        if now is None:
            return
        own = self._store.clock()
        if before is not None:
            passed = max(now - before[1], timedelta())
            self._settle(judge(own - before[0], timedelta(), passed))
        self._anchor(own, now)

    def step(self) -> None:
        """Take the clocks as they are where they agree; settle it where they do not."""
        steady = self._monotonic()
        if self.is_steady():
            self._unclear_since = None
            if steady - self._steady >= COMPARE_EVERY_S:
                self._anchor(self._store.clock(), self._ask())
            return
        if self._unclear_since is None:
            self._unclear_since = steady
            log.warning("clock_jumped", own=str(self._store.clock()), was=str(self._own))
        now = self._ask()
        if now is None and steady - self._unclear_since < ASK_FOR_S:
            return
        true = None
        if now is not None and self._slack is not None:
            asked, at = self._slack
            # From the last comparison to the anchor no jump was seen, so it was steady.
            true = (now - asked) - timedelta(seconds=self._steady - at)
        own = self._store.clock()
        self._settle(judge(own - self._own, timedelta(seconds=steady - self._steady), true))
        self._anchor(own, now)

    def _ask(self) -> datetime | None:
        try:
            return self._slack_time()
        except (DeliveryError, RetryableDeliveryError) as failure:
            log.info("slack_time_unknown", error=str(failure))
            return None

    def _anchor(self, own: datetime, slack: datetime | None) -> None:
        steady = self._monotonic()
        with self._lock:
            self._own, self._steady = own, steady
        if slack is not None:
            self._slack = (slack, steady)
            self._most_ahead = max(self._most_ahead, self._store.steady() - slack)
            if self._leads():
                self._store.presence.compared(own, slack)

    def _settle(self, jump: Jump) -> None:
        if not jump.is_one or not self._leads():
            return
        moved = self._store.timers.shift(jump.shift, jump.patience)
        log.warning("timers_moved", by=str(jump.shift), patience=str(jump.patience), timers=moved)
        self._store.timers_wakeup.set()
        for notice in alerts_about(jump):
            with self._store.unit_of_work() as uow:
                alert_admins(uow, self._desk, notice)


def alerts_about(jump: Jump) -> list[DeskAlert]:
    """Say what an admin should know of a jump."""
    said = []
    if jump.shift:
        way = "ahead" if jump.shift > timedelta() else "back"
        said.append(DeskAlert("clock_jumped", f"{in_words(abs(jump.shift))} {way}"))
    if jump.patience:
        said.append(DeskAlert("slept", in_words(jump.away)))
    return said


def in_words(span: timedelta) -> str:
    """Write a span as people say it, to its two largest units."""
    minutes = round(span.total_seconds() / 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{count} {unit}{'' if count == 1 else 's'}"
        for count, unit in ((days, "day"), (hours, "hour"), (minutes, "minute"))
        if count
    ]
    return " ".join(parts[:2]) or "less than a minute"
