"""Learning at night: once a night, never twice at once, and ended with the bot."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Self, cast

import pytest

from bot.worker.slowly.night import Night, night_before

if TYPE_CHECKING:
    from bot.service.context import Desk

AT = time(2)


class Process:
    """A run that ends when it is told to."""

    def __init__(self) -> None:
        """Begin."""
        self.ended: int | None = None
        self.terminated = False

    def poll(self) -> int | None:
        """Give how it ended."""
        return self.ended

    def terminate(self) -> None:
        """End it."""
        self.terminated = True


class Rig:
    """A clock, what was noted, and the runs that were begun."""

    def __init__(self) -> None:
        """At noon, with nothing noted."""
        self.now = datetime(2026, 3, 2, 12).astimezone(UTC)
        self.last: datetime | None = None
        self.begun: list[Process] = []
        self.gaps = self
        self.put_back = 0
        self.night = Night(cast("Desk", self), AT, self.begin, self.putting_back)

    def clock(self) -> datetime:
        """As the desk's."""
        return self.now

    def look(self) -> Rig:
        """As the desk's."""
        return self

    unit_of_work = look

    def __enter__(self) -> Self:
        """As a unit of work."""
        return self

    def __exit__(self, *_: object) -> None:
        """As a unit of work."""

    def last_run(self, what: str) -> datetime | None:
        """As the store's."""
        assert what == "learn"
        return self.last

    def ran(self, what: str) -> None:
        """As the store's."""
        assert what == "learn"
        self.last = self.now

    def putting_back(self) -> None:
        """Put back what a killed run left."""
        self.put_back += 1

    def begin(self) -> Process:
        """Begin a run."""
        self.begun.append(Process())
        return self.begun[-1]


def test_it_learns_once_a_night() -> None:
    """Whatever it is asked every five minutes of three days."""
    rig = Rig()
    rig.last = rig.now
    for _ in range(3 * 24 * 12):
        rig.now += timedelta(minutes=5)
        rig.night.step()
        if rig.begun:
            rig.begun[-1].ended = 0
    assert len(rig.begun) == 3
    assert rig.put_back == 0


def test_a_run_that_takes_long_is_not_begun_twice() -> None:
    """The next night waits for it."""
    rig = Rig()
    rig.night.step()
    rig.now += timedelta(days=2)
    rig.night.step()
    assert len(rig.begun) == 1
    rig.begun[0].ended = -9
    rig.night.step()
    assert len(rig.begun) == 2
    assert rig.put_back == 1


def test_a_bot_that_stops_ends_the_run() -> None:
    """And leaves alone what has ended."""
    rig = Rig()
    rig.night.stop()
    rig.night.step()
    rig.night.stop()
    assert rig.begun[0].terminated


@pytest.mark.parametrize(
    ("hour", "day"), [(1, 1), (2, 2), (3, 2), (23, 2)],
)  # fmt: skip
def test_the_last_night_is_todays_or_yesterdays(hour: int, day: int) -> None:
    """By the clock of this machine."""
    now = datetime(2026, 3, 2, hour, 30 if hour != 2 else 0).astimezone()
    assert night_before(now.astimezone(UTC), AT).astimezone().day == day
