"""Support hours: opening times on the group's own clock, through clock changes and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.errors import ConfigurationError
from bot.desk.promises import WHOLE_DAY, Span, SupportHours, instant

BERLIN = ZoneInfo("Europe/Berlin")
TORONTO = ZoneInfo("America/Toronto")
OFFICE = SupportHours.weekdays(BERLIN, Span(time(9), time(17)))


def berlin(*parts: int) -> datetime:
    """Give a time on Berlin's clock."""
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


def utc(*parts: int) -> datetime:
    """Give a time in UTC."""
    return datetime(*parts, tzinfo=UTC)


def hours(count: float) -> timedelta:
    """Give a length of time in hours."""
    return timedelta(hours=count)


def on_sundays(zone: ZoneInfo, *spans: str) -> SupportHours:
    """Give hours that are open on Sundays alone."""
    return SupportHours(zone, ((),) * 6 + (tuple(Span.parse(each) for each in spans),))


def test_the_first_minute_is_open_and_the_closing_minute_is_not() -> None:
    """The first minute is open and the closing minute is not."""
    assert OFFICE.is_open(berlin(2026, 11, 23, 9, 0))
    assert not OFFICE.is_open(berlin(2026, 11, 23, 8, 59))
    assert not OFFICE.is_open(berlin(2026, 11, 23, 17, 0))


def test_friday_evening_leads_to_monday_morning() -> None:
    """Friday evening leads to monday morning."""
    assert OFFICE.next_opening(berlin(2026, 11, 20, 18)) == berlin(2026, 11, 23, 9)


def test_an_open_desk_opens_now() -> None:
    """An open desk opens now."""
    now = berlin(2026, 11, 23, 10, 30)
    assert OFFICE.next_opening(now) == now


def test_a_holiday_is_skipped() -> None:
    """A holiday is skipped."""
    closed = SupportHours(
        BERLIN, OFFICE.week, frozenset({date(2026, 11, 23)}), frozenset({(12, 25)})
    )
    assert closed.next_opening(berlin(2026, 11, 20, 18)) == berlin(2026, 11, 24, 9)
    assert closed.next_opening(berlin(2026, 12, 24, 18)) == berlin(2026, 12, 28, 9)
    assert closed.next_opening(berlin(2030, 12, 24, 18)) == berlin(2030, 12, 26, 9)


def test_support_time_jumps_over_the_weekend() -> None:
    """Support time jumps over the weekend."""
    assert OFFICE.add_support_time(berlin(2026, 11, 20, 16), hours(2)) == berlin(2026, 11, 23, 10)
    assert OFFICE.add_support_time(berlin(2026, 11, 20, 16), hours(1)) == berlin(2026, 11, 20, 17)
    assert OFFICE.support_time_between(berlin(2026, 11, 20, 16), berlin(2026, 11, 23, 10)) == hours(
        2
    )


def test_support_time_backwards_is_negative() -> None:
    """Support time backwards is negative."""
    late, early = berlin(2026, 11, 23, 10), berlin(2026, 11, 20, 16)
    assert OFFICE.support_time_between(late, early) == -hours(2)


def test_the_spring_jump_makes_a_night_shift_an_hour_shorter() -> None:
    """The spring jump makes a night shift an hour shorter."""
    sunday = on_sundays(BERLIN, "00:00-06:00")
    assert sunday.support_time_between(utc(2026, 3, 28), utc(2026, 3, 30)) == hours(5)
    assert sunday.add_support_time(utc(2026, 3, 28), hours(5)) == berlin(2026, 3, 29, 6)


def test_the_autumn_repetition_makes_a_night_shift_an_hour_longer() -> None:
    """The autumn repetition makes a night shift an hour longer."""
    sunday = on_sundays(TORONTO, "00:00-06:00")
    assert sunday.support_time_between(utc(2026, 10, 31), utc(2026, 11, 2)) == hours(7)


@pytest.mark.parametrize("zone", [BERLIN, TORONTO])
def test_a_time_that_spring_skips_is_the_moment_of_the_jump(zone: ZoneInfo) -> None:
    """A time that spring skips is the moment of the jump."""
    day = date(2026, 3, 29) if zone is BERLIN else date(2026, 3, 8)
    jump = utc(2026, 3, 29, 1) if zone is BERLIN else utc(2026, 3, 8, 7)
    assert instant(day, time(2, 30), zone) == jump
    assert instant(day, time(2, 0), zone) == jump
    assert instant(day, time(3, 0), zone) == jump


def test_an_opening_in_the_skipped_hour_opens_at_the_jump() -> None:
    """An opening in the skipped hour opens at the jump."""
    sunday = on_sundays(BERLIN, "02:30-04:00")
    assert sunday.next_opening(utc(2026, 3, 29)) == utc(2026, 3, 29, 1)
    assert sunday.support_time_between(utc(2026, 3, 29), utc(2026, 3, 30)) == hours(1)


def test_a_span_that_lies_in_the_skipped_hour_does_not_open() -> None:
    """A span that lies in the skipped hour does not open."""
    sunday = on_sundays(BERLIN, "02:15-02:45")
    assert sunday.next_opening(utc(2026, 3, 29)) == berlin(2026, 4, 5, 2, 15)


def test_a_span_that_touches_the_repeated_hour_covers_both_passes() -> None:
    """A span that touches the repeated hour covers both passes."""
    sunday = on_sundays(BERLIN, "02:15-02:45")
    assert sunday.support_time_between(utc(2026, 10, 25), utc(2026, 10, 26)) == hours(1.5)


def test_adjoining_spans_count_the_repeated_hour_once() -> None:
    """Adjoining spans count the repeated hour once."""
    whole, split = (
        on_sundays(BERLIN, "00:00-06:00"),
        on_sundays(BERLIN, "00:00-02:30", "02:30-06:00"),
    )
    for each in (whole, split):
        assert each.support_time_between(utc(2026, 10, 24), utc(2026, 10, 27)) == hours(7)


def test_a_weekend_over_the_clock_change_keeps_the_opening_time_on_the_wall() -> None:
    """A weekend over the clock change keeps the opening time on the wall."""
    assert OFFICE.next_opening(berlin(2026, 3, 27, 18)) == utc(2026, 3, 30, 7)
    assert OFFICE.next_opening(berlin(2026, 10, 23, 18)) == utc(2026, 10, 26, 8)


def test_a_night_span_ends_the_next_day_and_falls_with_the_holiday_of_its_first() -> None:
    """A night span ends the next day and falls with the holiday of its first."""
    nights = SupportHours(
        BERLIN, ((Span.parse("22:00-06:00"),),) * 7, frozenset({date(2026, 12, 24)})
    )
    assert nights.is_open(berlin(2026, 12, 24, 5))
    assert not nights.is_open(berlin(2026, 12, 25, 5))
    assert nights.is_open(berlin(2026, 12, 25, 23))


def test_a_desk_that_never_closes_has_no_closing_time() -> None:
    """A desk that never closes has no closing time."""
    always = SupportHours.always()
    assert always.is_open(utc(2026, 1, 1))
    assert always.next_closing(utc(2026, 1, 1)) is None
    assert always.add_support_time(utc(2026, 1, 1), hours(100)) == utc(2026, 1, 1) + hours(100)


def test_the_closing_time_follows_from_adjoining_spans() -> None:
    """The closing time follows from adjoining spans."""
    day = SupportHours(BERLIN, ((Span.parse("09:00-12:00"), Span.parse("12:00-17:00")),) * 7)
    assert day.next_closing(berlin(2026, 11, 23, 10)) == berlin(2026, 11, 23, 17)


@pytest.mark.parametrize("text", ["9-17", "09:00", "25:00-26:00", "09:60-10:00", "", "24:30-25:00"])
def test_a_span_that_cannot_be_read_is_refused_by_its_text(text: str) -> None:
    """A span that cannot be read is refused by its text."""
    with pytest.raises(ValueError, match="no span of time"):
        Span.parse(text)


def test_spans_are_read_with_either_dash_and_with_the_end_of_the_day() -> None:
    """Spans are read with either dash and with the end of the day."""
    assert Span.parse("09:00-17:30") == Span.parse("9:00 – 17:30") == Span(time(9), time(17, 30))  # noqa: RUF001 - people type it
    assert Span.parse("00:00-24:00") == WHOLE_DAY


def test_hours_that_never_open_are_refused() -> None:
    """Hours that never open are refused."""
    with pytest.raises(ConfigurationError, match="never open"):
        SupportHours(BERLIN, ((),) * 7)
    every_day = frozenset((month, day) for month in range(1, 13) for day in range(1, 32))
    with pytest.raises(ConfigurationError, match="never open again"):
        SupportHours(BERLIN, OFFICE.week, yearly=every_day).next_opening(utc(2026, 1, 1))


def test_a_time_without_a_zone_is_refused() -> None:
    """A time without a zone is refused."""
    with pytest.raises(ValueError, match="without a zone"):
        OFFICE.is_open(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake under test


times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
spans = st.builds(Span, times, times)
weeks = st.lists(st.lists(spans, max_size=3).map(tuple), min_size=7, max_size=7).filter(any)
calendars = st.builds(
    SupportHours,
    st.sampled_from([BERLIN, TORONTO, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]),
    weeks.map(tuple),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=10),
)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001 - zone follows
    lambda at: at.replace(tzinfo=UTC)
)
durations = st.timedeltas(timedelta(0), timedelta(days=10))


@given(calendars, instants, durations)
def test_support_time_that_was_added_is_found_between(
    calendar: SupportHours, start: datetime, duration: timedelta
) -> None:
    """Support time that was added is found between."""
    end = calendar.add_support_time(start, duration)
    assert calendar.support_time_between(start, end) == duration
    assert end - start >= duration


@given(calendars, instants, instants, instants)
def test_support_time_adds_up(
    calendar: SupportHours, one: datetime, two: datetime, three: datetime
) -> None:
    """Support time adds up."""
    one, two, three = sorted((one, two, three))
    whole = calendar.support_time_between(one, three)
    assert whole == calendar.support_time_between(one, two) + calendar.support_time_between(
        two, three
    )
    assert timedelta(0) <= whole <= three - one


@given(calendars, instants)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    calendar: SupportHours, at: datetime
) -> None:
    """The next opening is open and nothing before it is."""
    opening = calendar.next_opening(at)
    assert calendar.is_open(opening)
    assert calendar.support_time_between(at, opening) == timedelta(0)
    assert calendar.is_open(at) == (opening == at)
