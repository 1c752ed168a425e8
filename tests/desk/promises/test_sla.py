"""Priorities, deadlines in support time, and the clock that waits for the requester."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.promises import (
    DEFAULT_LADDER,
    DEFAULT_TARGETS,
    Countdown,
    Impact,
    Priority,
    Promise,
    RungKind,
    SlaPolicy,
    SlaTargets,
    Span,
    SupportHours,
    Urgency,
    climb,
    deadline,
    deadlines,
    priority_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = SupportHours.weekdays(BERLIN, Span(time(9), time(17)))
FRIDAY = datetime(2026, 11, 20, 16, 45, tzinfo=BERLIN)


def berlin(*parts: int) -> datetime:
    """Give a time on Berlin's clock."""
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


def minutes(count: int) -> timedelta:
    """Give a length of time in minutes."""
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        (Impact.MANY, Urgency.STOPPED, Priority.P1),
        (Impact.SEVERAL, Urgency.STOPPED, Priority.P2),
        (Impact.ONE, Urgency.STOPPED, Priority.P3),
        (Impact.ONE, Urgency.CAN_WAIT, Priority.P4),
    ],
)
def test_priority_comes_from_impact_and_urgency(
    impact: Impact, urgency: Urgency, priority: Priority
) -> None:
    """Priority comes from impact and urgency."""
    assert priority_of(impact, urgency) is priority


def test_more_impact_or_more_urgency_never_lowers_a_priority() -> None:
    """More impact or more urgency never lowers a priority."""
    for urgency in Urgency:
        ranks = [priority_of(impact, urgency).rank for impact in Impact]
        assert ranks == sorted(ranks)
    for impact in Impact:
        ranks = [priority_of(impact, urgency).rank for urgency in Urgency]
        assert ranks == sorted(ranks)


def test_a_higher_priority_is_promised_more() -> None:
    """A higher priority is promised more."""
    for higher, lower in pairwise(DEFAULT_TARGETS[each] for each in Priority):
        assert higher.acknowledge < lower.acknowledge
        assert higher.first_response < lower.first_response
        assert higher.resolve < lower.resolve


def test_p1_runs_through_the_night_and_p2_waits_for_monday() -> None:
    """P1 runs through the night and P2 waits for monday."""
    policy = SlaPolicy()
    urgent = deadlines(policy, Priority.P1, FRIDAY, OFFICE)
    normal = deadlines(policy, Priority.P2, FRIDAY, OFFICE)
    assert urgent[Promise.ACKNOWLEDGE] == berlin(2026, 11, 20, 16, 55)
    assert urgent[Promise.RESOLVE] == berlin(2026, 11, 20, 20, 45)
    assert normal[Promise.ACKNOWLEDGE] == berlin(2026, 11, 23, 9, 15)
    assert normal[Promise.RESOLVE] == berlin(2026, 11, 23, 16, 45)


def test_a_deadline_skips_weekend_and_holiday_over_the_clock_change() -> None:
    """A deadline skips weekend and holiday over the clock change."""
    closed = SupportHours(BERLIN, OFFICE.week, frozenset({date(2026, 10, 26)}))
    start = berlin(2026, 10, 23, 16, 30)
    assert deadline(start, minutes(60), closed, always=False) == berlin(2026, 10, 27, 9, 30)
    assert deadline(start, minutes(60), closed, always=True) == berlin(2026, 10, 23, 17, 30)


def test_a_group_without_targets_of_its_own_has_the_defaults() -> None:
    """A group without targets of its own has the defaults."""
    own = SlaTargets(minutes(1), minutes(2), minutes(3))
    policy = SlaPolicy({Priority.P2: own})
    assert policy.of(Priority.P2) is own
    assert policy.of(Priority.P3) == DEFAULT_TARGETS[Priority.P3]


def test_waiting_for_the_requester_stops_the_clock() -> None:
    """Waiting for the requester stops the clock."""
    clock = Countdown.begin(berlin(2026, 11, 23, 9), minutes(120), OFFICE, always=False)
    assert clock.due == berlin(2026, 11, 23, 11)
    waiting = clock.paused(berlin(2026, 11, 23, 10), OFFICE)
    assert waiting.is_paused
    assert not waiting.is_overdue(berlin(2026, 11, 25, 12))
    assert waiting.remaining(berlin(2026, 11, 25, 12), OFFICE) == minutes(60)
    resumed = waiting.resumed(berlin(2026, 11, 24, 16, 30), OFFICE)
    assert resumed.due == berlin(2026, 11, 25, 9, 30)


def test_what_was_overdue_before_the_pause_stays_overdue() -> None:
    """What was overdue before the pause stays overdue."""
    clock = Countdown.begin(berlin(2026, 11, 23, 9), minutes(30), OFFICE, always=False)
    late = berlin(2026, 11, 23, 10)
    back = clock.paused(late, OFFICE).resumed(berlin(2026, 11, 23, 15), OFFICE)
    assert back == clock
    assert back.is_overdue(late)
    assert clock.remaining(late, OFFICE) == -minutes(30)


def test_pausing_or_resuming_twice_changes_nothing() -> None:
    """Pausing or resuming twice changes nothing."""
    clock = Countdown.begin(berlin(2026, 11, 23, 9), minutes(60), OFFICE, always=True)
    once = clock.paused(berlin(2026, 11, 23, 9, 20), OFFICE)
    assert once.paused(berlin(2026, 11, 23, 9, 40), OFFICE) == once
    assert clock.resumed(berlin(2026, 11, 23, 9, 40), OFFICE) == clock


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001 - zone follows
    lambda at: at.replace(tzinfo=UTC)
)
lengths = st.timedeltas(minutes(1), timedelta(days=20))


@given(start=instants, target=lengths, worked=lengths, waited=lengths, always=st.booleans())
def test_a_pause_neither_gives_nor_takes_time(
    *, start: datetime, target: timedelta, worked: timedelta, waited: timedelta, always: bool
) -> None:
    """A pause neither gives nor takes time."""
    clock = Countdown.begin(start, target, OFFICE, always=always)
    pause_at = start + worked
    left = clock.remaining(pause_at, OFFICE)
    back_at = pause_at + waited
    resumed = clock.paused(pause_at, OFFICE).resumed(back_at, OFFICE)
    if left > timedelta(0):
        assert resumed.remaining(back_at, OFFICE) == left
    else:
        assert resumed.due == clock.due


def test_the_ladder_is_frozen_with_its_instants_in_order() -> None:
    """The ladder is frozen with its instants in order."""
    rungs = climb(
        DEFAULT_LADDER, DEFAULT_TARGETS[Priority.P2], berlin(2026, 11, 20, 16, 45), OFFICE
    )
    assert [rung.at for rung in rungs] == sorted(rung.at for rung in rungs)
    acknowledge = [each for each in rungs if each.rung.promise is Promise.ACKNOWLEDGE]
    assert [(each.rung.what, each.at) for each in acknowledge] == [
        (RungKind.REMIND_GROUP, berlin(2026, 11, 20, 17)),
        (RungKind.CALL_NEXT, berlin(2026, 11, 23, 9, 15)),
        (RungKind.CALL_LEAD, berlin(2026, 11, 23, 9, 45)),
        (RungKind.MOVE_UP, berlin(2026, 11, 23, 10, 15)),
    ]
