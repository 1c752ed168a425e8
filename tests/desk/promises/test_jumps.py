"""Clocks that jump, and machines that sleep: what is made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.promises import Jump, is_steady, judge
from bot.desk.promises.jumps import GRACE

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = timedelta()


@pytest.mark.parametrize("by", [-HOUR, 3 * MINUTE, 30 * DAY, -30 * DAY])
def test_a_clock_that_was_set_shifts_every_timer_by_as_much(by: timedelta) -> None:
    """Ten seconds passed; the rest was the clock's doing, whether Slack can be asked or not."""
    passed = timedelta(seconds=10)
    for true in (passed, None):
        jump = judge(passed + by, passed, true)
        assert jump.shift == by
        assert jump.patience == NOTHING


def test_a_machine_that_slept_keeps_its_deadlines_and_has_patience_with_people() -> None:
    """Eight hours passed for everybody: promises ran on, silence did not count."""
    jump = judge(8 * HOUR, 10 * MINUTE, 8 * HOUR)
    assert jump.shift == NOTHING
    assert jump.patience == 8 * HOUR - 10 * MINUTE + GRACE


def test_a_sleep_whose_clock_woke_up_wrong_is_both() -> None:
    """Slack says that two hours passed; our clock says five."""
    jump = judge(5 * HOUR, NOTHING, 2 * HOUR)
    assert jump == Jump(wrong=3 * HOUR, away=2 * HOUR)


@pytest.mark.parametrize("seconds", [-59, -1, 0, 30, 59])
def test_small_corrections_are_no_jump(seconds: int) -> None:
    """NTP corrects by seconds; the answer of Slack is rounded to one."""
    hour = HOUR + timedelta(seconds=seconds)
    assert not judge(hour, HOUR, HOUR - timedelta(seconds=1)).is_one
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert is_steady(noon + timedelta(seconds=seconds), noon)


def test_slack_saying_less_than_passed_here_is_not_believed() -> None:
    """A monotonic clock does not run ahead: somebody's answer was old."""
    assert not judge(HOUR, HOUR, 5 * MINUTE).is_one
