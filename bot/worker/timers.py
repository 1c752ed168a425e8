"""Fires the timers that fall due, and looks after escalations that have none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import FrontlineError
from bot.service.promises.firing import plan_rearming, plan_timer
from bot.store.aside import LEAD_AGAIN, LeftToOthers
from bot.store.timers import UnreadableTimer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.promises import Timer
    from bot.desk.tickets import Escalation
    from bot.service.context import Desk
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

AUDIT_EVERY = timedelta(minutes=5)
PAUSE_AFTER_FAILURE = timedelta(minutes=1)


class TimerRunner:
    """Steps through the timers in the order in which they fall due."""

    def __init__(
        self, store: Store, desk: Desk, may_fire: Callable[[], bool] = lambda: True
    ) -> None:
        """Join the store and the use cases; no timer fires unless it may."""
        self._store = store
        self._desk = desk
        self._may_fire = may_fire
        self._left = LeftToOthers(store.has_other_readers, store.clock, LEAD_AGAIN)
        self._audited: datetime | None = None

    def step(self) -> bool:
        """Fire one timer; False where none is due now."""
        if not self._may_fire():
            return False
        self._audit()
        timer = self._store.timers.next()
        if timer is None:
            return False
        if isinstance(timer, UnreadableTimer):
            self._leave(timer)
            return True
        try:
            change = plan_timer(timer, self._desk)
            with self._store.unit_of_work() as uow:
                change(uow)
        except Exception as failure:  # noqa: BLE001 - the timer stays set, and is tried again
            self._later(timer, failure)
        return True

    def _leave(self, timer: UnreadableTimer) -> None:
        """Leave it to the version that set it, which may lead soon; without one, set it aside."""
        again = self._left.until(timer.id) if timer.is_anothers else None
        if again is None:
            log.error("timer_unreadable", timer=timer.id, ticket=timer.ticket, error=timer.reason)
        else:
            log.info("timer_of_another_version", timer=timer.id, ticket=timer.ticket)
        with self._store.unit_of_work() as uow:
            if again is not None:
                uow.timers.postpone(timer.id, again)
            else:
                uow.aside.timer(timer)

    def _later(self, timer: Timer, failure: Exception) -> None:
        log.error("timer_failed", timer=timer.id, ticket=timer.ticket, exc_info=failure)
        error = str(failure) if isinstance(failure, FrontlineError) else type(failure).__name__
        with self._store.unit_of_work() as uow:
            uow.timers.postpone(timer.id, self._store.clock() + PAUSE_AFTER_FAILURE, error)

    def _audit(self) -> None:
        """Now and then, look for what should have a timer and has none."""
        now = self._store.steady()
        if self._audited is not None and now - self._audited < AUDIT_EVERY:
            return
        self._audited = now
        try:
            with self._store.unit_of_work() as uow:
                forgotten = uow.escalations.without_timer()
        except Exception as failure:
            log.exception("audit_failed", exc_info=failure)
            return
        for escalation in forgotten:
            self._rearm(escalation)

    def _rearm(self, escalation: Escalation) -> None:
        log.warning("escalation_without_timer", ticket=escalation.ticket)
        try:
            change = plan_rearming(escalation, self._desk)
            with self._store.unit_of_work() as uow:
                change(uow)
        except Exception as failure:
            log.exception("rearming_failed", ticket=escalation.ticket, exc_info=failure)
