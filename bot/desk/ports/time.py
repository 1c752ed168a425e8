"""The clock, and what happens if nobody does anything until then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.desk.ids import (
        EscalationId,
        TicketId,
    )
    from bot.desk.promises import DueRung, Promise, Timer, TimerId, TimerKind


Clock = Callable[[], datetime]
"""Gives the time, aware and in UTC."""

Monotonic = Callable[[], float]
"""Gives seconds that only ever grow, however the time is set; for durations."""


class TimerRows(Protocol):
    """What happens if nobody does anything until then."""

    def set(
        self,
        ticket: TicketId,
        escalation: EscalationId | None,
        kind: TimerKind,
        due: datetime,
        *,
        promise: Promise | None = None,
        always: bool = False,
    ) -> None:
        """Set a timer; `always` where the night counts."""

    def climb(
        self, ticket: TicketId, escalation: EscalationId, rungs: Iterable[DueRung], *, always: bool
    ) -> None:
        """Set the timers of a ladder, all at once."""

    def get(self, timer: TimerId) -> Timer | None:
        """Find a timer that is still set; None where it fired or was cancelled."""

    def of(self, ticket: TicketId) -> tuple[Timer, ...]:
        """Give the timers of a ticket that are still set, the next first."""

    def fired(self, timer: TimerId) -> None:
        """Record that a timer has done its work."""

    def postpone(self, timer: TimerId, due: datetime) -> None:
        """Try a timer again later."""

    def pause(self, timer: TimerId, left: timedelta) -> None:
        """Stop a timer with so much time left on it."""

    def paused(self, ticket: TicketId) -> tuple[tuple[Timer, timedelta], ...]:
        """Give a ticket's timers that stand, each with the time left on it."""

    def resume(self, timer: TimerId, due: datetime) -> None:
        """Let a timer that stands run on."""

    def cancel(self, timer: TimerId) -> None:
        """Cancel a timer, set or standing."""

    def cancel_all(
        self,
        ticket: TicketId,
        kinds: Collection[TimerKind],
        promises: Collection[Promise] | None = None,
    ) -> None:
        """Cancel a ticket's timers of these kinds, of these promises where any are given."""
