"""Alarms by every way but Slack: the log always, and by the targets that are named for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import FrontlineError
from bot.worker.pauses import pause_after

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desk.ports.delivery import AlarmWay
    from bot.store.outbox import AlarmRow
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

PATIENCE = timedelta(seconds=30)
"""So long a card of the first priority may wait for Slack; then it is said by another way."""

LOOK_EVERY = timedelta(seconds=10)


class AlarmTeller:
    """Watches for cards that Slack does not take, and tells what alarms there are."""

    def __init__(self, store: Store, ways: Sequence[AlarmWay] = ()) -> None:
        """Join the store and the ways besides the log."""
        self._store = store
        self._ways = ways
        self._looked: datetime | None = None

    def step(self) -> bool:
        """Tell one alarm; False where there is none to tell now."""
        self._watch()
        alarm = self._store.alarms.next()
        if alarm is None:
            return False
        if alarm.attempts == 0:
            log.error("alarm", says=alarm.says)
        self._tell(alarm)
        return True

    def next_due(self) -> str | None:
        """Tell when an alarm is told again, or the cards are looked at."""
        looks = (self._looked + LOOK_EVERY).isoformat() if self._looked else None
        return min((at for at in (looks, self._store.alarms.next_due()) if at), default=None)

    def _watch(self) -> None:
        now = self._store.steady()
        if self._looked is not None and timedelta(0) <= now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        self._store.alarms.watch_cards(PATIENCE)

    def _tell(self, alarm: AlarmRow) -> None:
        told = not self._ways
        for way in self._ways:
            try:
                way.tell(alarm.says)
            except FrontlineError as failure:
                log.warning("alarm_not_told", way=type(way).__name__, why=str(failure))
            else:
                told = True
        if told:
            self._store.alarms.heard(alarm)
        else:
            again = self._store.steady() + pause_after(alarm.attempts + 1)
            self._store.alarms.later(alarm, again)
