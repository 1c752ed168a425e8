"""The thread that reads calendars again and looks who is on call."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.service.incidents.leaderless import leaderless, plan_owner_left
from bot.service.oncall.watch import plan_rota_check
from bot.service.tickets.reassigning import left_behind, plan_left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.service.context import Desk
    from bot.service.oncall.watch import RotaDuty
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 30.0
LOOK_WHO_LEFT_EVERY_S = 300.0


class Refreshing(Protocol):
    """A rota whose source has to be read again now and then."""

    def refresh(self) -> None:
        """Read the source again; never fails."""


class RotaKeeper:
    """Keeps rotas fresh; what it does is not urgent, so it has a slow thread of its own."""

    def __init__(  # noqa: PLR0913 - what it looks after, and by what
        self,
        store: Store,
        desk: Desk,
        duty: RotaDuty,
        calendars: Sequence[Refreshing],
        *,
        refresh_every_s: float,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare; nothing runs yet. Of several replicas, the one that leads says who changed."""
        self._leads = leads
        self._store = store
        self._desk = desk
        self._duty = duty
        self._calendars = calendars
        self._refresh_every_s = refresh_every_s
        self._refreshed_at: float | None = None
        self._looked_who_left_at: float | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="rotas", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def stop(self) -> None:
        """End; a calendar that is being fetched is not waited for."""
        self._stopping.set()
        self._thread.join(timeout=1.0)

    def step(self) -> None:
        """Read what is due to be read, then look at every group."""
        now = self._store.steady().timestamp()
        first = self._refreshed_at is None
        due = self._refreshed_at is None or now - self._refreshed_at >= self._refresh_every_s
        if due:
            self._refreshed_at = now
            for calendar in self._calendars:
                calendar.refresh()
        if not self._leads():
            return
        for group in self._desk.groups.groups:
            # A group that has no rota but Slack's user group is looked at with less haste.
            if group.name not in self._duty.planned and (first or not due):
                continue
            change = plan_rota_check(group, self._desk, self._duty)
            with self._store.unit_of_work() as uow:
                change(uow)

        self._look_who_left(now)

    def _look_who_left(self, now: float) -> None:
        """What somebody has who was deactivated goes back to its group, and is led by nobody."""
        looked_at = self._looked_who_left_at
        if looked_at is not None and now - looked_at < LOOK_WHO_LEFT_EVERY_S:
            return
        self._looked_who_left_at = now
        for escalation in left_behind(self._desk):
            change = plan_left(escalation, self._desk)
            with self._store.unit_of_work() as uow:
                change(uow)
        for incident in leaderless(self._desk):
            with self._store.unit_of_work() as uow:
                plan_owner_left(incident)(uow)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self.step()
            except Exception as failure:
                log.exception("rotas_failed", exc_info=failure)
            self._stopping.wait(LOOK_EVERY_S)
