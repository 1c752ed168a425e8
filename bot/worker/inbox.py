"""Handles what Slack delivered; what fails is tried again, then said aloud."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from bot.desk.asking import Message
from bot.desk.beyond import ActedBeyond
from bot.desk.errors import FrontlineError, StaleStateError
from bot.desk.ports.stages import Unmeasured
from bot.service.asking.intake import may_be_early
from bot.service.handling import plan, plan_failure, plan_last_word, plan_unread
from bot.service.privacy.limiting import with_limits_told
from bot.store.database import is_passing, is_refused
from bot.store.serving.in_hand import TakenUpError
from bot.worker.pauses import pause_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.addresses import Spot
    from bot.desk.commands import Delivered
    from bot.desk.ports.stages import Stages
    from bot.desk.ports.work import Change
    from bot.service.context import Desk
    from bot.store.inbox import InboxRow
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

HANDLING_TRIES = 2
APOLOGY_TRIES = 6
"""So often a person is called for what cannot be handled; then it is said in the plainest way."""
LOOKS = 20
"""Each look in vain means that another thread got on, so that few are enough."""


class SetAsideError(FrontlineError):
    """A delivery was set aside at the door; the message is the reason."""


class InboxWorker:
    """Handles what Slack delivered: in order within a ticket, side by side across tickets."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        parse: Callable[[dict[str, Any]], Delivered | None],
        sender: Callable[[dict[str, Any]], Spot | None] = lambda _: None,
        stages: Stages | None = None,
    ) -> None:
        """Join the store, the use cases and the reading of payloads.

        `sender` finds who is to be told of a payload that cannot be read, and where. `stages`
        hears how long it took.
        """
        self._stages = stages or Unmeasured()
        self._store = store
        self._desk = desk
        self._parse = parse
        self._sender = sender

    def step(self) -> bool:
        """Handle one row; False where there is nothing to do now."""
        row = self._store.inbox.claim()
        if row is None:
            return False
        began = self._store.steady()
        # Every line of the log that this leads to says from what; no line says what it read.
        with structlog.contextvars.bound_contextvars(
            delivery=row.id, event_id=row.payload.get("event_id")
        ):
            try:
                self._handle(row)
            except TakenUpError as failure:
                log.warning("taken_up_meanwhile", why=str(failure))
            except Exception:
                self._store.inbox.in_hand.let_fall((row.id, row.lease))
                raise
            finally:
                self._store.inbox.in_hand.done(row.id, row.lease)
        if row.attempts == 1:
            waited = began - datetime.fromisoformat(row.received_at)
            took = self._store.steady() - began
            self._stages.handled(waited.total_seconds(), took.total_seconds())
        return True

    def _handle(self, row: InboxRow) -> None:
        command: Delivered | None = None
        try:
            command = self._read(row)
            if not self._waits(row, command):
                self._carry_out(row, command)
        except TakenUpError:
            raise
        except Exception as failure:  # noqa: BLE001 - whatever failed, nobody is left in silence
            self._failed(row, command, failure)

    def _read(self, row: InboxRow) -> Delivered | None:
        command = self._parse(row.payload)
        if command is None and row.trouble is not None:
            raise SetAsideError(row.trouble)
        return command

    def _waits(self, row: InboxRow, command: Delivered | None) -> bool:
        """Whether it came before the message that it is under, and waits for that."""
        if not isinstance(command, Message):
            return False
        patience = may_be_early(command, self._desk)
        return patience is not None and self._store.inbox.keep_for(row, command.thread, patience)

    def _carry_out(self, row: InboxRow, command: Delivered | None) -> None:
        """Plan and write; what another thread changed in between is planned anew."""
        for look in range(1, LOOKS + 1):
            with self._store.one_look():
                change = self._planned(row, command) if command is not None else None
            try:
                with self._store.repeatable() as uow:
                    # First: whether it is still ours has arrived with what is read meanwhile.
                    uow.inbox.finish(row.id)
                    if change is not None:
                        change(uow)
                    # Before it is committed: another thread may send it at once.
                    self._stages.led_to(
                        uow.outbox.put_here, datetime.fromisoformat(row.received_at)
                    )
            except StaleStateError:
                if look == LOOKS:
                    raise
            else:
                return

    def _planned(self, row: InboxRow, command: Delivered) -> Change:
        change = plan(command, self._desk)
        if isinstance(command, ActedBeyond):
            return change
        return with_limits_told(command, change, self._desk, slowed=row.slowed, cut=row.overlong)

    def _failed(self, row: InboxRow, command: Delivered | None, failure: Exception) -> None:
        error = str(failure) if isinstance(failure, FrontlineError) else type(failure).__name__
        log.error("handling_failed", row=row.id, attempt=row.attempts, exc_info=failure)
        again = self._store.steady() + pause_after(row.attempts)
        if command is not None and row.attempts < _tries(failure):
            self._store.inbox.retry(row, error, again)
            return
        try:
            if command is not None:
                self._finish(row, error, plan_failure(command, self._desk, error))
            else:
                self._finish(row, error, self._unread(row))
        except TakenUpError:
            raise
        except Exception as worse:
            log.exception("apology_failed", row=row.id, exc_info=worse)
            passes = isinstance(worse, FrontlineError) or is_passing(worse)
            if (is_refused(worse) or not passes) and row.attempts >= APOLOGY_TRIES:
                self._set_aside(row, command, error)
            else:
                self._store.inbox.retry(row, error, again)

    def _unread(self, row: InboxRow) -> Change | None:
        at = self._sender(row.payload)
        return plan_unread(at) if at is not None else None

    def _set_aside(self, row: InboxRow, command: Delivered | None, error: str) -> None:
        """Say it without looking anything up; where even that fails, only doctor says it."""
        try:
            self._finish(row, error, plan_last_word(command) if command is not None else None)
        except Exception as worst:
            log.exception("last_word_failed", row=row.id, exc_info=worst)
            self._finish(row, error, None)

    def _finish(self, row: InboxRow, error: str, change: Change | None) -> None:
        with self._store.unit_of_work() as uow:
            if change is not None:
                change(uow)
            uow.inbox.finish(row.id, error)


def _tries(failure: Exception) -> int:
    """Say how often it is tried before somebody is called: more where it is of the moment."""
    of_the_store = isinstance(failure, FrontlineError) and is_passing(failure)
    if of_the_store or isinstance(failure, StaleStateError):
        return APOLOGY_TRIES
    return HANDLING_TRIES
