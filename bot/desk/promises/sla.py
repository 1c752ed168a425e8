"""Priorities, what is promised for each, and the arithmetic of deadlines.

Acknowledging is a promise between tiers (OLA); first response and resolution are promises to
the requester (SLA). A promise runs round the clock (`always`) or in support time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.promises.hours import SupportHours


class Impact(StrEnum):
    """How many people are affected."""

    MANY = "many"
    SEVERAL = "several"
    ONE = "one"


class Urgency(StrEnum):
    """What it does to their work."""

    STOPPED = "stopped"
    HINDERED = "hindered"
    CAN_WAIT = "can wait"


class Priority(StrEnum):
    """What comes first; P1 before all."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"

    @property
    def rank(self) -> int:
        """The place in the order, 1 before all."""
        return int(self.value[1])


_MATRIX: dict[tuple[Impact, Urgency], Priority] = {
    (Impact.MANY, Urgency.STOPPED): Priority.P1,
    (Impact.MANY, Urgency.HINDERED): Priority.P2,
    (Impact.MANY, Urgency.CAN_WAIT): Priority.P3,
    (Impact.SEVERAL, Urgency.STOPPED): Priority.P2,
    (Impact.SEVERAL, Urgency.HINDERED): Priority.P3,
    (Impact.SEVERAL, Urgency.CAN_WAIT): Priority.P4,
    (Impact.ONE, Urgency.STOPPED): Priority.P3,
    (Impact.ONE, Urgency.HINDERED): Priority.P4,
    (Impact.ONE, Urgency.CAN_WAIT): Priority.P4,
}


def priority_of(impact: Impact, urgency: Urgency) -> Priority:
    """Read the priority off the matrix of impact and urgency."""
    return _MATRIX[impact, urgency]


class Promise(StrEnum):
    """What is promised; each has a deadline of its own."""

    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    RESOLVE = "resolve"


@dataclass(frozen=True)
class SlaTargets:
    """What is promised for a priority, and whether the night counts (`always`)."""

    acknowledge: timedelta
    first_response: timedelta
    resolve: timedelta
    always: bool = False

    def target(self, promise: Promise) -> timedelta:
        """Give the time that a promise allows."""
        return {
            Promise.ACKNOWLEDGE: self.acknowledge,
            Promise.FIRST_RESPONSE: self.first_response,
            Promise.RESOLVE: self.resolve,
        }[promise]


SUPPORT_DAY = timedelta(hours=8)
"""A day of support time: targets in days are meant in working days."""

DEFAULT_TARGETS: Mapping[Priority, SlaTargets] = {
    Priority.P1: SlaTargets(
        timedelta(minutes=10), timedelta(minutes=15), timedelta(hours=4), always=True
    ),
    Priority.P2: SlaTargets(timedelta(minutes=30), timedelta(hours=1), timedelta(hours=8)),
    Priority.P3: SlaTargets(timedelta(hours=2), timedelta(hours=4), 3 * SUPPORT_DAY),
    Priority.P4: SlaTargets(timedelta(hours=8), SUPPORT_DAY, 10 * SUPPORT_DAY),
}


@dataclass(frozen=True)
class SlaPolicy:
    """The promises of a group, by priority."""

    targets: Mapping[Priority, SlaTargets] = field(default_factory=lambda: dict(DEFAULT_TARGETS))

    def of(self, priority: Priority) -> SlaTargets:
        """Give the promises for a priority; the defaults where the group names none."""
        return self.targets.get(priority, DEFAULT_TARGETS[priority])


def deadline(start: datetime, target: timedelta, hours: SupportHours, always: bool) -> datetime:  # noqa: FBT001 - the last word of the sentence "target in hours, or always"
    """Give the instant at which a promise made at `start` falls due, in UTC."""
    if always:
        return start.astimezone(UTC) + target
    return hours.add_support_time(start, target)


def remaining(at: datetime, due: datetime, hours: SupportHours, always: bool) -> timedelta:  # noqa: FBT001 - as `deadline`
    """Give the time that is left on a promise's own clock; negative once it is overdue."""
    if always:
        return due - at
    return hours.support_time_between(at, due)


@dataclass(frozen=True)
class Countdown:
    """One promise's clock: it runs towards `due`, or stands with `left` on it."""

    due: datetime
    always: bool
    left: timedelta | None = None

    @classmethod
    def begin(
        cls, at: datetime, target: timedelta, hours: SupportHours, *, always: bool
    ) -> Countdown:
        """Start the clock of a promise."""
        return cls(deadline(at, target, hours, always), always)

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self.left is not None

    def remaining(self, at: datetime, hours: SupportHours) -> timedelta:
        """Give what is left on the clock; negative once it is overdue."""
        if self.left is not None:
            return self.left
        return remaining(at, self.due, hours, self.always)

    def is_overdue(self, at: datetime) -> bool:
        """Whether the promise was broken; a clock that stands cannot run out."""
        if self.left is not None:
            return self.left < timedelta(0)
        return at > self.due

    def paused(self, at: datetime, hours: SupportHours) -> Countdown:
        """Stop the clock: it waits for the requester. A clock that stands keeps what it shows."""
        if self.left is not None:
            return self
        return replace(self, left=self.remaining(at, hours))

    def resumed(self, at: datetime, hours: SupportHours) -> Countdown:
        """Let the clock run on with what was left; what was overdue stays due when it was."""
        if self.left is None:
            return self
        if self.left <= timedelta(0):
            return replace(self, left=None)
        return replace(self, due=deadline(at, self.left, hours, self.always), left=None)


def deadlines(
    policy: SlaPolicy, priority: Priority, opened_at: datetime, hours: SupportHours
) -> dict[Promise, datetime]:
    """Give the deadline of every promise for a request that came at `opened_at`."""
    targets = policy.of(priority)
    return {
        promise: deadline(opened_at, targets.target(promise), hours, targets.always)
        for promise in Promise
    }


class RungKind(StrEnum):
    """Whom a rung of the ladder turns to."""

    REMIND_ASSIGNEE = "remind assignee"
    REMIND_GROUP = "remind group"
    CALL_NEXT = "call next"
    CALL_LEAD = "call lead"
    MOVE_UP = "move up"


@dataclass(frozen=True)
class Rung:
    """What to do once a share of a promise's time is used up (1.0: at the deadline)."""

    promise: Promise
    share: float
    what: RungKind


@dataclass(frozen=True)
class DueRung:
    """A rung with its instant, frozen when the escalation was opened."""

    rung: Rung
    at: datetime


DEFAULT_LADDER: tuple[Rung, ...] = (
    Rung(Promise.ACKNOWLEDGE, 0.5, RungKind.REMIND_GROUP),
    Rung(Promise.ACKNOWLEDGE, 1.0, RungKind.CALL_NEXT),
    Rung(Promise.ACKNOWLEDGE, 2.0, RungKind.CALL_LEAD),
    Rung(Promise.ACKNOWLEDGE, 3.0, RungKind.MOVE_UP),
    Rung(Promise.FIRST_RESPONSE, 0.75, RungKind.REMIND_ASSIGNEE),
    Rung(Promise.FIRST_RESPONSE, 1.0, RungKind.REMIND_GROUP),
    Rung(Promise.RESOLVE, 0.75, RungKind.REMIND_ASSIGNEE),
    Rung(Promise.RESOLVE, 1.0, RungKind.REMIND_GROUP),
    Rung(Promise.RESOLVE, 1.25, RungKind.CALL_LEAD),
)


def climb(
    rungs: tuple[Rung, ...], targets: SlaTargets, opened_at: datetime, hours: SupportHours
) -> tuple[DueRung, ...]:
    """Freeze a ladder for an escalation: each rung with its instant, earliest first."""
    dated = (
        DueRung(
            rung,
            deadline(opened_at, targets.target(rung.promise) * rung.share, hours, targets.always),
        )
        for rung in rungs
    )
    return tuple(sorted(dated, key=lambda each: each.at))
