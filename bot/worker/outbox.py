"""Sends what was written down, in order within a ticket, and effectively once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import DeliveryError, RetryableDeliveryError, UncertainDeliveryError
from bot.desk.ports.delivery import Address
from bot.service.undeliverable import find_another_way
from bot.worker.pacing import Pacer
from bot.worker.pauses import pause_after

if TYPE_CHECKING:
    from bot.desk.ports.delivery import Postman, Receipt
    from bot.store.outbox import OutboxRow
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

SENDING_TRIES = 20
"""With pauses that double up to five minutes: more than an hour of trying."""


class OutboxRelay:
    """Sends what was written down, in order within a ticket, and effectively once."""

    def __init__(self, store: Store, postman: Postman, pacer: Pacer | None = None) -> None:
        """Join the store and the way to Slack."""
        self._store = store
        self._postman = postman
        self._pacer = pacer or Pacer()

    def step(self) -> bool:
        """Send one row; False where there is nothing to do now."""
        row = self._store.outbox.claim()
        if row is None:
            return False
        wait = self._pacer.wait_for(row.channel, self._store.steady()) if self._posts(row) else 0.0
        if wait > 0:
            self._store.outbox.postpone(row, self._store.steady() + timedelta(seconds=wait))
        elif row.parent_lost:
            self._give_up(row, "The message that it belongs to was never sent.")
        else:
            self._send(row)
        return True

    @staticmethod
    def _posts(row: OutboxRow) -> bool:
        return row.edit_ts is None and row.to.only_for is None

    def _send(self, row: OutboxRow) -> None:
        to = Address(row.channel, row.thread_ts, row.edit_ts, row.to.only_for)
        try:
            receipt = None
            if row.uncertain:
                receipt = self._postman.find(to, row.id, datetime.fromisoformat(row.created_at))
            if receipt is None:
                receipt = self._postman.deliver(row.notice, to, row.id)
        except RetryableDeliveryError as failure:
            self._later(row, failure)
        except DeliveryError as failure:
            self._give_up(row, str(failure))
        except Exception as failure:
            log.exception("sending_failed", notice=row.id, exc_info=failure)
            self._give_up(row, type(failure).__name__)
        else:
            self._record(row, receipt)

    def _record(self, row: OutboxRow, receipt: Receipt) -> None:
        try:
            self._store.outbox.sent(row, receipt.channel, receipt.ts)
        except Exception as failure:
            # It stands in Slack: it is looked for, not sent again, once the store can write.
            log.exception("sent_but_not_recorded", notice=row.id, exc_info=failure)
            again = self._store.steady() + pause_after(row.attempts)
            self._store.outbox.retry(row, type(failure).__name__, again, uncertain=True)

    def _later(self, row: OutboxRow, failure: RetryableDeliveryError) -> None:
        uncertain = isinstance(failure, UncertainDeliveryError)
        if row.attempts >= SENDING_TRIES:
            self._give_up(row, str(failure))
            return
        pause = pause_after(row.attempts)
        if failure.retry_after is not None:
            pause = timedelta(seconds=failure.retry_after)
        log.warning("sending_later", notice=row.id, seconds=pause.total_seconds(), why=str(failure))
        self._store.outbox.retry(
            row, str(failure), self._store.steady() + pause, uncertain=uncertain
        )

    def _give_up(self, row: OutboxRow, error: str) -> None:
        log.error("undeliverable", notice=row.id, ticket=row.ticket, error=error)
        with self._store.unit_of_work() as uow:
            uow.dead_letters.bury(row, error)
            if not row.parent_lost:
                find_another_way(uow, row.notice, row.to, row.ticket)
