"""What every relay does: takes a row in hand, and carries it, counted from the first moment on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import ExitStack, nullcontext
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.desk.ports.delivery import Urgency, Way
from bot.store.aside import LeftToOthers, UnreadableNotice
from bot.store.outbox import Resting
from bot.worker.pacing import Rests
from bot.worker.pauses import pause_after

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bot.store.outbox import OutboxRow
    from bot.store.serving.in_hand import Besides
    from bot.store.unit_of_work import Store
    from bot.worker.pacing import Pacer

    Work = Callable[[], bool | None]
    """What was taken in hand; gives whether it was sent, so that nothing of it is to be done."""

log = structlog.get_logger(__name__)


class Relay(ABC):
    """Sends rows of the outbox; several calls may be under way at once."""

    def __init__(self, store: Store, pacer: Pacer) -> None:
        """Take from the store, at this pace."""
        self._store = store
        self._pacer = pacer
        self._left = LeftToOthers(store.has_other_readers, store.steady)
        self._besides: Besides | None = None
        """What waits besides what was taken last; None where nobody looked."""
        self._is_followed = False
        """Whether anything waits behind what was taken last."""
        self._rests = Rests()
        """Who had no turn then: a turn that has come since is still to be looked for."""

    def step(self) -> bool:
        """Send one row; False where there is nothing to do now."""
        work = self.take()
        if work is None:
            return False
        work()
        return True

    @abstractmethod
    def take(self, least: Urgency = Urgency.NEWS) -> Work | None:
        """Take something in hand that is as urgent as this at least; it is done when called."""

    @abstractmethod
    def next_due(self) -> str | None:
        """Tell when there will be something to do that there is not now."""

    def is_held_up(self) -> bool:
        """Tell whether anything waits for what is in hand to be over, and not for its time.

        As it was when something was taken last, or looked for.
        """
        return self._rests.is_full or self._is_followed or self.may_take_more

    @property
    def may_take_more(self) -> bool:
        """Whether anything was due that waits for nothing that was taken last."""
        return self._besides is None or self._besides.is_any_due

    def _next_waiting(self) -> datetime | None:
        """Tell when the next row falls due, as it was then; at once where nobody looked."""
        if self._besides is None:
            return self._store.steady()
        due = self._besides.next_due
        return datetime.fromisoformat(due) if due else None

    @abstractmethod
    def _carry_out(self, row: OutboxRow) -> bool:
        """Send a row, put it off, or give it up; gives whether it was sent."""

    def _claimed(self, now: datetime, least: Urgency, most: Urgency = Urgency.SIGN) -> Work | None:
        self._besides, self._rests, self._is_followed = None, self._pacer.resting(now), False
        wanted = Resting(self._rests.channels, self._rests.ways, least, most)
        row = self._store.outbox.claim(wanted)
        self._besides = self._store.outbox.in_hand.besides()
        if row is None:
            return None
        if isinstance(row, UnreadableNotice):
            again = self._left.until(row.id) if row.is_anothers else None
            return partial(self._carry, row, nullcontext(), partial(self._pass_over, row, again))
        # Counted from here on, or the next would be taken before this one's thread begins.
        self._is_followed = row.is_followed
        counted = ExitStack()
        counted.enter_context(self._pacer.in_hand(row.channel, self._way(row)))
        return partial(self._carry, row, counted, partial(self._carry_safely, row))

    def _way(self, row: OutboxRow) -> Way:
        return row.way

    def _carry(
        self,
        row: OutboxRow | UnreadableNotice,
        counted: AbstractContextManager[object],
        do: Callable[[], bool],
    ) -> bool:
        """Do what is to be done with a row; whatever becomes of it, it is in hand no more."""
        with counted, structlog.contextvars.bound_contextvars(notice=row.id, ticket=row.ticket):
            try:
                return do()
            except Exception:
                # What became of it could not be written down; it is looked for.
                self._store.outbox.in_hand.let_fall((row.id, row.lease))
                raise
            finally:
                self._store.outbox.in_hand.done(row.id, row.lease)

    def _carry_safely(self, row: OutboxRow) -> bool:
        try:
            # What led to it, and that it is in hand, survives a power cut before it is sent.
            self._store.make_lasting()
        except OSError as failure:
            log.exception("disk_failed", notice=row.id, exc_info=failure)
            again = self._store.steady() + pause_after(row.attempts)
            self._store.outbox.postpone(row, again, type(failure).__name__)
            return False
        return self._carry_out(row)

    def _pass_over(self, row: UnreadableNotice, again: datetime | None) -> bool:
        """Leave it where it was to whoever wrote it, and nothing overtakes it; or set it aside."""
        if again is None:
            self._set_aside(row)
        else:
            log.info("left_to_another_version", notice=row.id, ticket=row.ticket, why=row.reason)
            self._store.outbox.postpone(row, again)
        return False

    def _set_aside(self, row: UnreadableNotice) -> None:
        log.error("notice_unreadable", notice=row.id, error=row.reason)
        with self._store.unit_of_work() as uow:
            uow.aside.notice(row)
