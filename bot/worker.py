"""The worker: drains the inbox, relays the outbox; what fails is tried again, then said aloud."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.desk.errors import (
    DeliveryError,
    FrontlineError,
    RetryableDeliveryError,
    UncertainDeliveryError,
)
from bot.desk.ports import Address
from bot.pacing import Pacer
from bot.service.handling import plan, plan_failure
from bot.service.undeliverable import find_another_way

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.commands import Command
    from bot.desk.ports import Postman
    from bot.service.context import Desk
    from bot.store.inbox import InboxRow
    from bot.store.outbox import OutboxRow
    from bot.store.unit_of_work import Store
    from bot.store.wakeup import Wakeup

log = structlog.get_logger(__name__)

HANDLING_TRIES = 2
SENDING_TRIES = 8
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
LONGEST_SLEEP_S = 1.0


def pause_after(attempts: int) -> timedelta:
    """Give the pause before the next attempt: doubling, up to five minutes."""
    return timedelta(seconds=min(FIRST_PAUSE_S * 2 ** (attempts - 1), LONGEST_PAUSE_S))


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
            change = plan(command, self._desk) if command is not None else None
            with self._store.unit_of_work() as uow:
                if change is not None:
                    change(uow)
                uow.inbox.finish(row.id)
        except Exception as failure:  # noqa: BLE001 - whatever failed, nobody is left in silence
            self._failed(row, command, failure)

    def _failed(self, row: InboxRow, command: Command | None, failure: Exception) -> None:
        error = str(failure) if isinstance(failure, FrontlineError) else type(failure).__name__
        log.error("handling_failed", row=row.id, attempt=row.attempts, exc_info=failure)
        again = self._store.clock() + pause_after(row.attempts)
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
        wait = self._pacer.wait_for(row.channel, self._store.clock()) if self._posts(row) else 0.0
        if wait > 0:
            self._store.outbox.postpone(row, self._store.clock() + timedelta(seconds=wait))
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
            self._store.outbox.sent(row, receipt.channel, receipt.ts)
        except RetryableDeliveryError as failure:
            self._later(row, failure)
        except DeliveryError as failure:
            self._give_up(row, str(failure))
        except Exception as failure:
            log.exception("sending_failed", notice=row.id, exc_info=failure)
            self._give_up(row, type(failure).__name__)

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
            row, str(failure), self._store.clock() + pause, uncertain=uncertain
        )

    def _give_up(self, row: OutboxRow, error: str) -> None:
        log.error("undeliverable", notice=row.id, ticket=row.ticket, error=error)
        with self._store.unit_of_work() as uow:
            uow.dead_letters.bury(row, error)
            if not row.parent_lost:
                find_another_way(uow, row.notice, row.to, row.ticket)


class Worker:
    """The threads that step through inbox and outbox."""

    def __init__(
        self, store: Store, inbox: InboxWorker, outbox: OutboxRelay, *, threads: int = 4
    ) -> None:
        """Prepare the threads; nothing runs yet."""
        self._store = store
        self._stopping = threading.Event()
        loops = [(inbox.step, store.inbox_wakeup, store.inbox.next_due)] * threads
        loops.append((outbox.step, store.outbox_wakeup, store.outbox.next_due))
        self._threads = [
            threading.Thread(target=self._loop, args=loop, name=f"worker-{n}", daemon=True)
            for n, loop in enumerate(loops)
        ]

    def start(self) -> None:
        """Take up what a killed process left behind, then begin."""
        self._store.inbox.recover()
        self._store.outbox.recover()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        self._stopping.set()
        for thread in self._threads:
            self._store.inbox_wakeup.set()
            self._store.outbox_wakeup.set()
            thread.join(timeout=LONGEST_SLEEP_S * 5)

    def _loop(
        self, step: Callable[[], bool], wakeup: Wakeup, next_due: Callable[[], str | None]
    ) -> None:
        while not self._stopping.is_set():
            try:
                if step():
                    continue
                wakeup.wait(self._sleep(next_due()))
            except Exception as failure:
                log.exception("worker_failed", exc_info=failure)
                self._stopping.wait(LONGEST_SLEEP_S)

    def _sleep(self, due: str | None) -> float:
        if due is None:
            return LONGEST_SLEEP_S
        left = (datetime.fromisoformat(due) - self._store.clock()).total_seconds()
        return min(max(left, 0.01), LONGEST_SLEEP_S)
