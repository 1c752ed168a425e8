"""Sends what was written down, in order within a ticket and a thread, and effectively once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.desk.beyond import Outgoing
from bot.desk.errors import (
    DeliveryError,
    RetryableDeliveryError,
    ShutOutError,
    UncertainDeliveryError,
)
from bot.desk.ids import UserId
from bot.desk.ports.delivery import Address, Urgency, Way
from bot.desk.ports.stages import Unmeasured
from bot.service.undeliverable import find_another_way, say_that_it_is_lacking
from bot.worker.pacing import Pacer, Rests
from bot.worker.pauses import pause_after
from bot.worker.relay import Relay
from bot.worker.standstill import Outage, Standstill

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.ports.delivery import Postman, Receipt
    from bot.desk.ports.stages import Stages
    from bot.store.aside import UnreadableNotice
    from bot.store.outbox import OutboxRow
    from bot.store.unit_of_work import Store
    from bot.worker.relay import Work

log = structlog.get_logger(__name__)

PEOPLE = ("U", "W", "B")
LATE_AFTER = timedelta(minutes=5)
"""What waited so long for Slack says so."""


class OutboxRelay(Relay):
    """Takes in hand what is due, and sends it; several calls may be under way at once.

    What Slack could not take is tried again for as long as it takes; what it refuses for good
    is set aside; where it refuses Frontline itself, everything waits.
    """

    def __init__(
        self,
        store: Store,
        postman: Postman,
        pacer: Pacer | None = None,
        is_app: Callable[[UserId], bool] = lambda _: False,
        stages: Stages | None = None,
    ) -> None:
        """Join the store and the way to Slack; `is_app` tells requesters that are no people.

        `stages` hears how long what Slack took had waited.
        """
        self._stages = stages or Unmeasured()
        self._is_app = is_app
        super().__init__(store, pacer or Pacer())
        self._postman = postman
        self._standstill = Standstill(store, postman)
        self._outage = Outage()

    def take(self, least: Urgency = Urgency.WHENEVER) -> Work | None:
        """Take something in hand that is as urgent as this at least; it is done when called."""
        self._besides, self._rests = None, Rests()
        look = self._standstill.due()
        if look is not None:
            return partial(self._standstill.look, look)
        now = self._store.steady()
        if self._standstill.is_whole or self._outage.rests(now):
            return None
        work = self._claimed(now, least)
        if work is not None:
            self._outage.trying(now)
        return work

    def next_due(self) -> str | None:
        """Tell when there will be something to do that there is not now."""
        now = self._store.steady()
        times = [self._rests.next_turn, self._standstill.next_look()]
        if self._outage.rests(now):
            times.append(self._outage.next_try())
        elif not self._standstill.is_whole:
            times.append(self._next_waiting())
        return min((at.isoformat() for at in times if at is not None), default=None)

    def _carry_out(self, row: OutboxRow) -> bool:
        held = self._standstill.holds(row.way)
        if held is not None:
            self._store.outbox.hold(row, held)
            return False
        if row.parent_lost:
            self._give_up(row, "The message that it belongs to was never sent.")
            return False
        alone = row.to.only_for or (row.channel if row.channel.startswith(PEOPLE) else None)
        if alone is not None and self._is_app(UserId(alone)):
            self._give_up(row, "It was for an app alone, which reads no such messages.")
            return False
        now = self._store.steady()
        wait = self._pacer.wait_for(row.channel, now, row.way)
        if wait == 0 and row.uncertain:
            wait = self._pacer.wait_for(row.channel, now, Way.LOOK)
        if wait > 0:
            self._store.outbox.postpone(row, now + timedelta(seconds=wait))
            return False
        return self._send(row)

    def _send(self, row: OutboxRow) -> bool:
        if isinstance(row.notice, Outgoing):
            self._give_up(row, "It goes beyond Slack, where this sends nothing.")
            return False
        to = Address(
            row.channel, row.thread_ts, row.edit_ts, row.to.only_for, language=row.language
        )
        began = self._store.steady()
        try:
            receipt = self._found(row, to) if row.uncertain else None
            if receipt is None:
                receipt = self._postman.deliver(row.notice, to, row.id, self._late_since(row))
        except ShutOutError as failure:
            self._outage.over()
            self._stopped(row, failure)
        except RetryableDeliveryError as failure:
            self._later(row, failure)
        except DeliveryError as failure:
            self._outage.over()
            self._give_up(row, str(failure))
        except Exception as failure:
            log.exception("sending_failed", notice=row.id, exc_info=failure)
            self._give_up(row, type(failure).__name__)
        else:
            self._outage.over()
            waited = began - datetime.fromisoformat(row.created_at)
            self._stages.sent(row.id, waited.total_seconds(), self._store.steady())
            return self._record(row, receipt)
        return False

    def _late_since(self, row: OutboxRow) -> datetime | None:
        """Tell since when a row waits, if a reader would wonder about it."""
        since = datetime.fromisoformat(row.created_at)
        return since if self._store.steady() - since >= LATE_AFTER else None

    def _found(self, row: OutboxRow, to: Address) -> Receipt | None:
        """Look for what may have arrived; while that is not possible, nothing is sent."""
        try:
            return self._postman.find(to, row.id, datetime.fromisoformat(row.created_at))
        except RetryableDeliveryError as failure:
            if isinstance(failure, ShutOutError) and failure.whole:
                raise
            if failure.retry_after is not None:
                now = self._store.steady()
                self._pacer.rest(row.channel, Way.LOOK, now, failure.retry_after)
            raise RetryableDeliveryError(str(failure)) from failure

    def _record(self, row: OutboxRow, receipt: Receipt) -> bool:
        self._pacer.known_as(row.channel, receipt.channel)
        try:
            self._store.outbox.sent(row, receipt.channel, receipt.ts)
        except Exception as failure:
            # It stands in Slack: it is looked for, not sent again, once the store can write.
            log.exception("sent_but_not_recorded", notice=row.id, exc_info=failure)
            again = self._store.steady() + pause_after(row.attempts)
            self._store.outbox.retry(row, type(failure).__name__, again, uncertain=True)
            return False
        return True

    def _stopped(self, row: OutboxRow, failure: ShutOutError) -> None:
        """It was refused, not lost: it waits where it was, and counts as no attempt."""
        self._standstill.stop(row.way, failure)
        if failure.whole:
            self._store.outbox.postpone(row, self._store.steady(), str(failure))
        else:
            self._store.outbox.hold(row, str(failure))

    def _later(self, row: OutboxRow, failure: RetryableDeliveryError) -> None:
        now = self._store.steady()
        if failure.retry_after is not None:
            # Slack named its wish: it is obeyed by all that it concerns, and costs no attempt.
            self._outage.over()
            log.warning("asked_to_wait", channel=row.channel, way=row.way, why=str(failure))
            self._pacer.rest(row.channel, row.way, now, failure.retry_after)
            again = now + timedelta(seconds=failure.retry_after)
            self._store.outbox.postpone(row, again, str(failure))
            return
        self._outage.failed(row.channel, now)
        pause = pause_after(row.attempts)
        log.warning("sending_later", notice=row.id, seconds=pause.total_seconds(), why=str(failure))
        uncertain = isinstance(failure, UncertainDeliveryError)
        self._store.outbox.retry(row, str(failure), now + pause, uncertain=uncertain)

    def _give_up(self, row: OutboxRow, error: str) -> None:
        log.error("undeliverable", notice=row.id, ticket=row.ticket, error=error)
        try:
            by_app = self._asked_by_app(row)
            with self._store.unit_of_work() as uow:
                uow.dead_letters.bury(row, error)
                if not row.parent_lost and not isinstance(row.notice, Outgoing):
                    find_another_way(uow, row.notice, row.to, row.ticket, asked_by_app=by_app)
        except Exception as failure:
            log.exception("no_other_way", notice=row.id, exc_info=failure)
            with self._store.unit_of_work() as uow:
                uow.dead_letters.bury(row, f"{error} No other way: {type(failure).__name__}.")

    def _asked_by_app(self, row: OutboxRow) -> bool:
        if row.ticket is None:
            return False
        with self._store.look() as uow:
            ticket = uow.tickets.get(row.ticket)
        return ticket is not None and self._is_app(ticket.requester)

    def _set_aside(self, row: UnreadableNotice) -> None:
        log.error("notice_unreadable", notice=row.id, ticket=row.ticket, error=row.reason)
        try:
            with self._store.unit_of_work() as uow:
                uow.aside.notice(row)
                if not row.follows:
                    say_that_it_is_lacking(uow, row.to, row.ticket)
        except Exception as failure:
            log.exception("not_told", notice=row.id, exc_info=failure)
            with self._store.unit_of_work() as uow:
                uow.aside.notice(row)
