"""Keeps the Homes that people have opened true: at once of their own, soon of colleagues'."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.service.views.homes import plan_home

if TYPE_CHECKING:
    from bot.service.context import Desk
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)


class HomeKeeper:
    """Builds the Homes that are out of date; what changes meanwhile is built once more."""

    def __init__(self, store: Store, desk: Desk) -> None:
        """Join the store and the use cases."""
        self._store = store
        self._desk = desk

    def step(self) -> bool:
        """Build one Home; False where all are true."""
        stale = self._store.homes.next()
        if stale is None:
            return False
        try:
            change = plan_home(stale.user, stale.mark, self._desk, stale.seen)
            with self._store.unit_of_work() as uow:
                change(uow)
        except Exception as failure:
            log.exception("home_failed", user=stale.user, exc_info=failure)
            with self._store.unit_of_work() as uow:
                uow.homes.published(stale.user, stale.mark, seen=stale.seen)
        return True

    def next_due(self) -> str | None:
        """Tell when the next Home that is behind may be built; all else rings."""
        return self._store.homes.next_due()
