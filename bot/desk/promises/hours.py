"""Support hours: when people are at their desks, and arithmetic in that time alone.

All answers are instants in UTC; only the opening times are read on the group's own clock. A
time that the clock skips in spring is the moment of the jump; a span that touches the hour
which comes twice in autumn covers both of its passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.desk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})")
LAST_HOUR = 24
HORIZON_DAYS = 4_000
CONTIGUOUS_DAYS = 8


def instant(day: date, at: time, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """Give the instant, in UTC, at which a clock on the wall shows a time on a day.

    Where the clock shows it twice, the first is meant, or the `last`; where the clock jumps
    over it, the moment of the jump.
    """
    wall = datetime.combine(day, at, tzinfo=zone)
    first = wall.replace(fold=0).astimezone(UTC)
    second = wall.replace(fold=1).astimezone(UTC)
    if first <= second:
        return second if last else first
    return _jump(second, first, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    # Clocks are only ever changed on a whole second.
    return after.replace(microsecond=0)


@dataclass(frozen=True, order=True)
class Span:
    """Opening hours of one day; an end at or before the start is on the day after."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read `09:00-17:30`; `24:00` is the end of the day.

        Raises:
            ValueError: the text is no such span.
        """
        found = SPAN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no span of time; write it as 09:00-17:30")
        start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
        if end_hour == LAST_HOUR and end_minute == 0:
            end_hour = 0
        try:
            return cls(time(start_hour, start_minute), time(end_hour, end_minute))
        except ValueError as failure:
            raise ValueError(f"{text!r} is no span of time: {failure}") from failure


@dataclass(frozen=True)
class Window:
    """A stretch of time, from `start` up to but without `end`."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


WHOLE_DAY = Span(time(0), time(0))


@dataclass(frozen=True)
class SupportHours:
    """A group's week, on its own clock, without its holidays.

    `week` has the spans of each day from Monday on. A night span belongs to the day on which
    it begins, and so falls away with that day's holiday alone. `yearly` are holidays of every
    year, as (month, day).
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a week that never opens: no deadline could ever be reached in it."""
        if len(self.week) != len(DAYS):
            raise ConfigurationError(f"A week has 7 days; {len(self.week)} were given.")
        if not any(self.week):
            raise ConfigurationError("Support hours without a single span never open.")

    @classmethod
    def always(cls) -> SupportHours:
        """Give the hours of a desk that never closes."""
        return cls(ZoneInfo("UTC"), ((WHOLE_DAY,),) * 7)

    @classmethod
    def weekdays(cls, zone: ZoneInfo, span: Span) -> SupportHours:
        """Give the same span from Monday to Friday."""
        return cls(zone, ((span,),) * 5 + ((),) * 2)

    def is_holiday(self, day: date) -> bool:
        """Whether a day of the group's own calendar is a holiday."""
        return day in self.holidays or (day.month, day.day) in self.yearly

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is at their desk."""
        return next(self.windows(at)).start <= at

    def next_opening(self, at: datetime) -> datetime:
        """Give the first open instant from `at` on: `at` itself while open."""
        return max(next(self.windows(at)).start, _utc(at))

    def next_closing(self, at: datetime) -> datetime | None:
        """Give the end of the stretch that is open at `at` or comes next; None if it never ends."""
        windows = self.windows(at)
        end = next(windows).end
        for window in windows:
            if window.start > end:
                return end
            end = window.end
            if end - _utc(at) > timedelta(days=CONTIGUOUS_DAYS):
                return None
        return end

    def windows(self, since: datetime) -> Iterator[Window]:
        """Give the open stretches that end after `since`, in order and apart from each other.

        Raises:
            ConfigurationError: holidays cover everything for years.
        """
        since = _utc(since)
        day = since.astimezone(self.zone).date() - timedelta(days=1)
        end = datetime.min.replace(tzinfo=UTC)
        quiet = 0
        while quiet < HORIZON_DAYS:
            quiet += 1
            for window in self._windows_of(day):
                start, end = max(window.start, end), max(window.end, end)
                if end > since and start < end:
                    quiet = 0
                    yield Window(start, end)
            day += timedelta(days=1)
        raise ConfigurationError("Support hours never open again: holidays cover every day.")

    def _windows_of(self, day: date) -> Iterator[Window]:
        if self.is_holiday(day):
            return
        for span in sorted(self.week[day.weekday()]):
            until = day if span.end > span.start else day + timedelta(days=1)
            start = instant(day, span.start, self.zone)
            # Midnight ends the day when it first comes; any other end covers both passes.
            yield Window(start, instant(until, span.end, self.zone, last=span.end != time(0)))

    def add_support_time(self, start: datetime, duration: timedelta) -> datetime:
        """Give the earliest instant by which so much support time has passed since `start`."""
        if duration < timedelta(0):
            raise ValueError("Support time is added forwards only.")
        at = _utc(start)
        if not duration:
            return at
        for window in self.windows(at):
            begun = max(window.start, at)
            if window.end - begun >= duration:
                return begun + duration
            duration -= window.end - begun
        raise AssertionError("windows are endless")

    def support_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Give how much support time lies between two instants; negative if `end` is earlier."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.support_time_between(end, start)
        passed = timedelta(0)
        for window in self.windows(start):
            if window.start >= end:
                break
            passed += min(window.end, end) - max(window.start, start)
        return passed


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A time without a zone reached the support hours.")
    return at.astimezone(UTC)
