"""Whether a series has a turn in a stretch of time, told from its rule without unfolding it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLAIN = frozenset({"FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"})
ORDINAL = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?$")
ZONE = re.compile(r"TZID=\"?([A-Za-z]+/[A-Za-z_/+-]+)", re.IGNORECASE)
ANYWHERE = timedelta(hours=15)
"""So far apart are two places' clocks at most: for times whose zone is told elsewhere."""
CLOCK_CHANGE = timedelta(hours=2)
SAFE_DAY = 28
"""Every month has a day of this number."""


@dataclass(frozen=True)
class Series:
    """A series as its lines give it, and the stretch in which a turn would have to begin.

    All are times of one clock: the series' own, where its zone is known.
    """

    rule: Mapping[str, str]
    begin: datetime
    earliest: datetime
    latest: datetime

    @property
    def interval(self) -> int:
        """Every how many days, weeks, months or years."""
        return max(int(self.rule.get("INTERVAL", "1")), 1)

    @property
    def count(self) -> int | None:
        """How many turns it has at most; Confluence writes -1 where nothing counts them."""
        given = int(self.rule.get("COUNT", "-1"))
        return given if given > 0 else None

    def days(self) -> Iterator[date]:
        """Give the days on which a turn would have to begin."""
        day = max(self.begin, self.earliest).date()
        while day <= self.latest.date():
            yield day
            day += timedelta(days=1)

    def begins_on(self, day: date) -> bool:
        """Whether a turn that begins on that day begins in the stretch."""
        at = datetime.combine(day, self.begin.time())
        return self.earliest <= at <= self.latest and at >= self.begin


def may_recur(rule: str, start: str, end: str | None, since: datetime, until: datetime) -> bool:
    """Whether a series may have a turn in a stretch of time; what is not plain may.

    `start` and `end` are the lines of its first turn.
    """
    parts = dict(part.upper().partition("=")[::2] for part in rule.split(";") if "=" in part)
    sure = RULES.get(parts.get("FREQ", ""))
    if sure is None or not set(parts) <= PLAIN:
        return True
    try:
        series = _series(parts, start, end, since, until)
        return series is None or sure(series)
    except (ValueError, OverflowError):
        return True


def _series(
    parts: Mapping[str, str], start: str, end: str | None, since: datetime, until: datetime
) -> Series | None:
    begin, is_utc = _moment(start)
    over = _moment(end)[0] if end else None
    if begin is None or (end and over is None):
        return None
    lasts = (over - begin) if over else timedelta(days=1)
    zone = ZONE.search(start)
    slack = ANYWHERE
    if is_utc:
        # A calendar's own zone may have it recur on another clock.
        slack = CLOCK_CHANGE
    elif zone is not None:
        try:
            own = ZoneInfo(zone[1])
        except (KeyError, OSError, ValueError):
            own = None
        if own is not None:
            since, until, slack = since.astimezone(own), until.astimezone(own), CLOCK_CHANGE
    if is_utc or slack is ANYWHERE:
        since, until = since.astimezone(UTC), until.astimezone(UTC)
    earliest = since.replace(tzinfo=None) - lasts - slack
    return Series(parts, begin, earliest, until.replace(tzinfo=None) + slack)


def _moment(line: str) -> tuple[datetime | None, bool]:
    found = MOMENT.search(line)
    if found is None:
        return None, False
    day, at = found[1], found[2] or "000000"
    parts = (day[:4], day[4:6], day[6:], at[:2], at[2:4], at[4:])
    return datetime(*map(int, parts)), bool(found[3])  # type: ignore[arg-type] # noqa: DTZ001 - its own clock


def _daily(series: Series) -> bool:
    if {"BYDAY", "BYMONTH", "BYMONTHDAY"} & set(series.rule):
        return True
    step = timedelta(days=series.interval)
    rounds = max(-((series.begin - series.earliest) // step), 0)
    if series.begin + rounds * step < series.earliest:
        rounds += 1
    if series.count is not None and rounds >= series.count:
        return False
    return series.begin + rounds * step <= series.latest


def _weekly(series: Series) -> bool:
    if {"BYMONTH", "BYMONTHDAY"} & set(series.rule):
        return True
    given = series.rule.get("BYDAY")
    names = given.split(",") if given else [WEEKDAYS[series.begin.weekday()]]
    if not set(names) <= set(WEEKDAYS):
        return True
    first = WEEKDAYS.index(series.rule.get("WKST", "MO"))
    origin = _week(series.begin.date(), first)
    for day in series.days():
        if WEEKDAYS[day.weekday()] not in names or not series.begins_on(day):
            continue
        rounds, rest = divmod((_week(day, first) - origin).days // 7, series.interval)
        # The first week may have begun in its middle; every later one has a turn a day named.
        if rest == 0 and not _is_over(series, (rounds - 1) * len(names)):
            return True
    return False


def _monthly(series: Series) -> bool:
    if "BYMONTH" in series.rule or {"BYDAY", "BYMONTHDAY"} <= set(series.rule):
        return True
    fits = _day_of_month(series)
    if fits is None:
        return True
    plain = "BYDAY" not in series.rule and series.begin.day <= SAFE_DAY
    for day in series.days():
        months = (day.year - series.begin.year) * 12 + day.month - series.begin.month
        if months % series.interval == 0 and fits(day) and series.begins_on(day):
            return not (plain and _is_over(series, months // series.interval - 1))
    return False


def _day_of_month(series: Series) -> Callable[[date], bool] | None:
    if "BYDAY" in series.rule:
        found = ORDINAL.fullmatch(series.rule["BYDAY"])
        if found is None or found[1] is None:
            return None
        wanted, name = int(found[1]), found[2]
        return lambda day: WEEKDAYS[day.weekday()] == name and wanted in {_nth(day), _nth_last(day)}
    given = series.rule.get("BYMONTHDAY")
    number = int(given) if given else series.begin.day
    return (lambda day: day.day == number) if number > 0 else None


def _yearly(series: Series) -> bool:
    begin, rule = series.begin, series.rule
    if (
        "BYDAY" in rule
        or int(rule.get("BYMONTH", begin.month)) != begin.month
        or int(rule.get("BYMONTHDAY", begin.day)) != begin.day
    ):
        return True
    for year in range(max(begin.year, series.earliest.year), series.latest.year + 1):
        rounds, rest = divmod(year - begin.year, series.interval)
        if rest == 0 and (begin.month, begin.day) != (2, 29):
            if series.begins_on(date(year, begin.month, begin.day)):
                return not _is_over(series, rounds - 1)
        elif rest == 0:
            return True
    return False


def _is_over(series: Series, turns_before: int) -> bool:
    return series.count is not None and turns_before >= series.count


def _week(day: date, first: int) -> date:
    return day - timedelta(days=(day.weekday() - first) % 7)


def _nth(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _nth_last(day: date) -> int:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return -(((following - day).days - 1) // 7 + 1)


RULES: dict[str, Callable[[Series], bool]] = {
    "DAILY": _daily,
    "WEEKLY": _weekly,
    "MONTHLY": _monthly,
    "YEARLY": _yearly,
}
