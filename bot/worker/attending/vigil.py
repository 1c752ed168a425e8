"""While a start waits for Slack: what waits for other targets goes out, and admins are alarmed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.worker.senders import Senders

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.store.unit_of_work import Store
    from bot.worker.alarms import AlarmTeller
    from bot.worker.beyond import BeyondRelay

PATIENCE = timedelta(seconds=30)
"""So long Slack may keep a start waiting without an alarm."""

ENDS_WITHIN_S = 5.0


class Vigil:
    """Stands between a start and its waiting; costs nothing where Slack answers at once."""

    def __init__(
        self,
        store: Store,
        beyond: BeyondRelay | None,
        alarms: AlarmTeller,
        wait: Callable[[float], bool],
        say: Callable[[str], None],
    ) -> None:
        """Take the way in which a start waits, and says why."""
        self._store = store
        self._beyond = beyond
        self._alarms = alarms
        self._wait = wait
        self._say = say
        self._why = ""
        self._since: datetime | None = None
        self._senders: Senders | None = None
        self._is_over = False

    def say(self, line: str) -> None:
        """Say why it waits, and keep it in mind."""
        self._why = line
        self._say(line)

    def wait(self, seconds: float) -> bool:
        """Wait, and meanwhile do what needs no Slack; tells whether to stop trying."""
        if not self._is_over:
            self._begin()
            self._alarm()
        return self._wait(seconds)

    def end(self) -> None:
        """Leave the rest to those who work from now on."""
        self._is_over = True
        if self._senders is not None:
            self._senders.stop(ENDS_WITHIN_S)

    def _begin(self) -> None:
        if self._since is not None:
            return
        self._since = self._store.steady()
        if self._beyond is not None:
            self._store.outbox.recover()
            wakeup = self._store.beyond_wakeup
            calls = self._beyond.calls_at_once
            self._senders = Senders(self._store, self._beyond, calls_at_once=calls, wakeup=wakeup)
            self._senders.start()

    def _alarm(self) -> None:
        if self._since is None or self._store.steady() - self._since < PATIENCE:
            return
        with self._store.unit_of_work() as uow:
            since = self._since.isoformat()
            says = f"Frontline starts, and cannot work yet since {since[:16]} UTC. {self._why}"
            uow.alarms.sound(f"start:{since}", says)
        while self._alarms.step():
            continue
