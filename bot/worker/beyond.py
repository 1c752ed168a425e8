"""Carries what leaves Slack: the same outbox, at a pace of its own, each target for itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.beyond import OUT, Happening, Outgoing, PageState
from bot.desk.errors import (
    DeliveryError,
    MisdirectedError,
    RetryableDeliveryError,
)
from bot.desk.ids import ChannelId, Ts
from bot.desk.ports.delivery import Urgency, Way
from bot.worker.pacing import Pacer
from bot.worker.pauses import pause_after
from bot.worker.relay import Relay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.ports.delivery import Courier
    from bot.store.outbox import OutboxRow
    from bot.store.unit_of_work import Store
    from bot.worker.relay import Work

log = structlog.get_logger(__name__)

CALLS_AT_ONCE = 16
BURST = 20
A_SECOND = 5.0
"""Calls to one target, at once and then a second; four of them at most are under way."""

GIVEN_UP_AFTER = timedelta(days=3)
"""What a target has not taken in so long is set aside: `frontline outbox resend` sends it."""

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)
"""Between two looks whether a target that refuses Frontline was mended."""


class BeyondRelay(Relay):
    """Takes in hand what goes to targets, and carries it; a target that is slow delays no other.

    What a target could not take is tried again, what it refuses for good is set aside; where it
    refuses Frontline itself all that goes there waits, and the admin is alarmed.
    """

    calls_at_once = CALLS_AT_ONCE

    def __init__(
        self, store: Store, couriers: Mapping[str, Courier], pacer: Pacer | None = None
    ) -> None:
        """Join the store and the ways to the targets."""
        super().__init__(store, pacer or Pacer(burst=BURST, rate=A_SECOND))
        self._couriers = couriers
        self._failures: dict[str, int] = {}
        self._stopped: set[str] = set()

    def take(self, least: Urgency = Urgency.NEWS) -> Work | None:
        """Take something in hand; it is done when called."""
        least = max(least, Urgency.PAGE)
        return self._claimed(self._store.steady(), least, Urgency.PAGE)

    def next_due(self) -> str | None:
        """Tell when there will be something to do that there is not now."""
        times = [self._rests.next_turn, self._next_waiting()]
        return min((at.isoformat() for at in times if at is not None), default=None)

    def _way(self, row: OutboxRow) -> Way:  # noqa: ARG002 - to a target there is but one
        return Way.POST

    def _carry_out(self, row: OutboxRow) -> bool:
        now = self._store.steady()
        wait = self._pacer.wait_for(row.channel, now)
        if wait > 0:
            self._store.outbox.postpone(row, now + timedelta(seconds=wait))
            return False
        return self._send(row)

    def _send(self, row: OutboxRow) -> bool:
        courier = self._couriers.get(row.channel.removeprefix(OUT))
        outgoing = row.notice
        if courier is None or not isinstance(outgoing, Outgoing):
            name = row.channel.removeprefix(OUT)
            self._give_up(row, f"There is no target {name}; add [targets.{name}] and resend it.")
            return False
        if self._is_moot(outgoing):
            self._record(row, "moot")
            return True
        try:
            said = courier.carry(outgoing)
        except MisdirectedError as failure:
            self._misdirected(row, failure)
        except RetryableDeliveryError as failure:
            self._later(row, failure)
        except DeliveryError as failure:
            self._give_up(row, str(failure))
        except Exception as failure:
            log.exception("carrying_failed", notice=row.id, exc_info=failure)
            self._give_up(row, type(failure).__name__)
        else:
            self._record(row, said)
            return True
        return False

    def _is_moot(self, outgoing: Outgoing) -> bool:
        """Whether nobody has to be called any more: a page that waited is not raised at night."""
        if outgoing.what is not Happening.PAGE or outgoing.page is None:
            return False
        with self._store.look() as uow:
            page = uow.beyond.find(outgoing.page)
        return page is not None and page.state is not PageState.RAISED

    def _record(self, row: OutboxRow, said: str) -> None:
        self._failures.pop(row.channel, None)
        if row.channel in self._stopped:
            self._stopped.discard(row.channel)
            self._store.stops.resume(row.channel)
        self._store.outbox.sent(row, ChannelId(row.channel), Ts(said))

    def _misdirected(self, row: OutboxRow, failure: MisdirectedError) -> None:
        """All that goes there waits, and counts as no attempt."""
        if row.channel not in self._stopped:
            self._stopped.add(row.channel)
            self._store.stops.stop(row.channel, str(failure))
        pause = min(FIRST_REST * 2 ** min(self._failed(row.channel), 10), LONGEST_REST)
        self._rest(row, pause, str(failure))

    def _later(self, row: OutboxRow, failure: RetryableDeliveryError) -> None:
        if failure.retry_after is not None:
            self._rest(row, timedelta(seconds=failure.retry_after), str(failure))
            return
        now = self._store.steady()
        if now - datetime.fromisoformat(row.created_at) > GIVEN_UP_AFTER:
            self._give_up(row, str(failure))
            return
        # One that fails now would fail for the next row as well: it is left alone for a while.
        self._pacer.rest(
            row.channel,
            Way.POST,
            now,
            pause_after(self._failed(row.channel)).total_seconds(),
        )
        pause = pause_after(row.attempts)
        log.warning("told_later", target=row.channel, notice=row.id, why=str(failure))
        self._store.outbox.retry(row, str(failure), now + pause, uncertain=True)

    def _rest(self, row: OutboxRow, pause: timedelta, why: str) -> None:
        now = self._store.steady()
        log.warning("target_rests", target=row.channel, seconds=pause.total_seconds(), why=why)
        self._pacer.rest(row.channel, Way.POST, now, pause.total_seconds())
        self._store.outbox.postpone(row, now + pause, why)

    def _failed(self, channel: str) -> int:
        count = self._failures[channel] = self._failures.get(channel, 0) + 1
        return count

    def _give_up(self, row: OutboxRow, error: str) -> None:
        log.error("not_taken_beyond", notice=row.id, target=row.channel, error=error)
        with self._store.unit_of_work() as uow:
            uow.dead_letters.bury(row, error)
            if isinstance(row.notice, Outgoing) and row.notice.what is Happening.PAGE:
                about = row.notice.about.name if row.notice.about else "A case"
                name = row.channel.removeprefix(OUT)
                says = (
                    f"{about} pages nobody: the target {name} does not take its page. {error} "
                    "Call somebody by another way."
                )
                uow.alarms.sound(f"page:{row.id}", says)
