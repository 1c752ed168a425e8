"""A database that takes nothing: what slips meanwhile is read up, and the admin hears of it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.desk.errors import FrontlineError
from bot.worker import Slips, StorageAlarm

if TYPE_CHECKING:
    from tests.fakes import TurnableClock


class Way:
    """Is told, or fails for a while."""

    def __init__(self, fails: int = 0) -> None:
        """Fail so many times first."""
        self.fails = fails
        self.heard: list[str] = []

    def tell(self, says: str) -> None:
        """Hear an alarm."""
        if self.fails:
            self.fails -= 1
            raise FrontlineError("not reached")
        self.heard.append(says)


def rounds(alarm: StorageAlarm, clock: TurnableClock, seconds: int) -> None:
    """Let the attendant do its rounds for so long."""
    for _ in range(seconds // 2):
        alarm.step()
        clock.turn(2)


@pytest.mark.parametrize("fails", [0, 1, 3])
def test_the_admin_is_told_once_and_told_when_it_is_over(clock: TurnableClock, fails: int) -> None:
    """A way that fails is tried again each minute."""
    slips, way = Slips(clock.monotonic), Way(fails)
    alarm = StorageAlarm(slips, clock.monotonic, (way,))
    slips.note("database or disk is full")
    rounds(alarm, clock, 28)
    assert way.heard == []
    rounds(alarm, clock, 300)
    (told,) = way.heard
    assert "database or disk is full" in told
    slips.made_good(clock.monotonic())
    rounds(alarm, clock, 60)
    assert len(way.heard) == 2
    assert "again" in way.heard[1]


def test_a_lock_of_a_moment_alarms_nobody(clock: TurnableClock) -> None:
    """Slack brings again what did not come in."""
    slips, way = Slips(clock.monotonic), Way()
    alarm = StorageAlarm(slips, clock.monotonic, (way,))
    for _ in range(5):
        slips.note(str(sqlite3.OperationalError("database is locked")))
        rounds(alarm, clock, 10)
        slips.made_good(clock.monotonic())
    rounds(alarm, clock, 60)
    assert way.heard == []


def test_what_slips_while_it_is_read_up_stays_to_be_read(clock: TurnableClock) -> None:
    """Only what had slipped before the reading began was in it."""
    slips = Slips(clock.monotonic)
    slips.note("full")
    begun = clock.monotonic()
    clock.turn(1)
    slips.note("full again")
    slips.made_good(begun)
    assert slips.since == begun
    slips.made_good(clock.monotonic())
    assert slips.since is None
