"""Clocks that jump: what really passed, and what of it was the clock's doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

NOTICEABLE = timedelta(minutes=1)
"""A clock that is corrected by less has not jumped: timers are not that exact."""

AWAY = timedelta(minutes=3)
"""Who was away for longer may have missed somebody's word."""

GRACE = timedelta(minutes=10)
"""So long after being away nothing is closed: what was missed is read first."""


@dataclass(frozen=True)
class Jump:
    """What a clock shows apart from what passed.

    `wrong` is what the clock moved by without that time passing; `away` is time that passed
    while the process stood still: it was stopped, or the machine slept.
    """

    wrong: timedelta = timedelta()
    away: timedelta = timedelta()

    @property
    def shift(self) -> timedelta:
        """What every timer is moved by, so that the time left on it stays."""
        return self.wrong if abs(self.wrong) >= NOTICEABLE else timedelta()

    @property
    def patience(self) -> timedelta:
        """What is added for people of whom a word is awaited, and could not be heard."""
        return self.away + GRACE if self.away >= AWAY else timedelta()

    @property
    def is_one(self) -> bool:
        """Whether there is anything to do about it."""
        return bool(self.shift or self.patience)


def judge(own: timedelta, steady: timedelta, true: timedelta | None) -> Jump:
    """Say what happened between two looks.

    Args:
        own: what passed by the wall clock.
        steady: what passed by the monotonic clock, which stands still while a machine sleeps.
        true: what passed by somebody else's clock; None where nobody could be asked, and what
            does not agree is then taken for the wall clock's fault.
    """
    passed = true if true is not None and true > steady else steady
    return Jump(wrong=own - passed, away=passed - steady)


def is_steady(own: datetime, expected: datetime) -> bool:
    """Whether a clock shows what is to be expected of it."""
    return abs(own - expected) < NOTICEABLE
