"""The thread that counts figures daily for the admins' Homes, and tells them weekly."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.service.figures.weekly import count_last_month, is_time, plan_drift_alert, plan_weekly

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.service.context import Desk

    Ended = Callable[[], bool]

log = structlog.get_logger(__name__)

COUNT_EVERY = timedelta(days=1)
TELL_EVERY = timedelta(days=7)
WAKE_EVERY_S = 600.0
TOLD = "desk report"
ROOM_S = 0.2


class ReportKeeper:
    """Looks after reports; never urgent, so it has a slow thread of its own."""

    def __init__(
        self,
        desk: Desk,
        *,
        weekly: bool = True,
        keep: Callable[[Ended], int] | None = None,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare; nothing runs yet. `keep` counts once for good what moves no more.

        Of several replicas, the one that leads does it.
        """
        self._leads = leads
        self._desk = desk
        self._keep = keep
        self._weekly = weekly
        self._counted_at: datetime | None = None
        self._kept_at: datetime | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="reporting", daemon=True)

    def start(self) -> None:
        """Begin; the first count is some minutes after the start, which has other things to do."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is in hand is done by the next start."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def step(self) -> None:
        """Do what is due."""
        now = self._desk.clock()
        self._keep_some(now)
        if not self._desk.admins:
            return
        if self._counted_at is None or abs(now - self._counted_at) >= COUNT_EVERY:
            count_last_month(self._desk)
            self._counted_at = now
            self._warn()
        if self._weekly:
            self._tell(now)

    def _warn(self) -> None:
        change = plan_drift_alert(self._desk)
        if change is not None:
            with self._desk.unit_of_work() as uow:
                change(uow)

    def _tell(self, now: datetime) -> None:
        with self._desk.look() as uow:
            last = uow.gaps.last_run(TOLD)
        if last is None:
            # A desk that has just begun has a week to fill.
            with self._desk.unit_of_work() as uow:
                uow.gaps.ran(TOLD)
        elif abs(now - last) >= TELL_EVERY and is_time(self._desk):
            change = plan_weekly(self._desk)
            with self._desk.unit_of_work() as uow:
                change(uow)
            log.info("report_told", admins=len(self._desk.admins))

    def _keep_some(self, now: datetime) -> None:
        """Count once for good what moves no more; daily, as what still moves is let go again."""
        is_due = self._kept_at is None or abs(now - self._kept_at) >= COUNT_EVERY
        if self._keep is not None and is_due:
            # Between two blocks there is room for others.
            self._keep(lambda: self._stopping.wait(ROOM_S))
            self._kept_at = now

    def _loop(self) -> None:
        while not self._stopping.wait(WAKE_EVERY_S):
            try:
                if self._leads():
                    self.step()
            except Exception as failure:
                log.exception("reporting_failed", exc_info=failure)
