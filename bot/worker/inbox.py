"""Handles what Slack delivered; what fails is tried again, then said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from bot.desk.errors import FrontlineError, StaleStateError
from bot.service.handling import plan, plan_failure
from bot.worker.pauses import pause_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.commands import Command
    from bot.service.context import Desk
    from bot.store.inbox import InboxRow
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

HANDLING_TRIES = 2
LOOKS = 20
"""Each look in vain means that another thread got on, so that few are enough."""


class InboxWorker:
    """Handles what Slack delivered: in order within a ticket, side by side across tickets."""

    def __init__(
        self, store: Store, desk: Desk, parse: Callable[[dict[str, Any]], Command | None]
    ) -> None:
        """Join the store, the use cases and the reading of payloads."""
        self._store = store
        self._desk = desk
        self._parse = parse

    def step(self) -> bool:
        """Handle one row; False where there is nothing to do now."""
        row = self._store.inbox.claim()
        if row is None:
            return False
        # Another thread may find work in another lane.
        self._store.inbox_wakeup.set()
        self._handle(row)
        return True

    def _handle(self, row: InboxRow) -> None:
        command: Command | None = None
        try:
            command = self._parse(row.payload)
            self._carry_out(row, command)
        except Exception as failure:  # noqa: BLE001 - whatever failed, nobody is left in silence
            self._failed(row, command, failure)

    def _carry_out(self, row: InboxRow, command: Command | None) -> None:
        """Plan and write; what another thread changed in between is planned anew."""
        for look in range(1, LOOKS + 1):
            change = plan(command, self._desk) if command is not None else None
            try:
                with self._store.unit_of_work() as uow:
                    if change is not None:
                        change(uow)
                    uow.inbox.finish(row.id)
            except StaleStateError:
                if look == LOOKS:
                    raise
            else:
                return

    def _failed(self, row: InboxRow, command: Command | None, failure: Exception) -> None:
        error = str(failure) if isinstance(failure, FrontlineError) else type(failure).__name__
        log.error("handling_failed", row=row.id, attempt=row.attempts, exc_info=failure)
        again = self._store.steady() + pause_after(row.attempts)
        if command is not None and row.attempts < HANDLING_TRIES:
            self._store.inbox.retry(row, error, again)
            return
        try:
            apology = plan_failure(command, self._desk, error) if command is not None else None
            with self._store.unit_of_work() as uow:
                if apology is not None:
                    apology(uow)
                uow.inbox.finish(row.id, error)
        except Exception as worse:
            log.exception("apology_failed", row=row.id, exc_info=worse)
            self._store.inbox.retry(row, error, again)
