"""A series is left out without being unfolded only where it has no turn in the time asked."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.desk.ids import UserId
from bot.rota.errors import CalendarError
from bot.rota.ical import CalendarFile, CalendarShifts
from bot.rota.names import Names
from bot.rota.recurring import WEEKDAYS, may_recur

MEI = UserId("U0MEI00001")
ASKED = datetime(2026, 11, 29, tzinfo=UTC)
A_DAY = timedelta(days=1)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule of a kind that calendars write."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    end = draw(st.sampled_from(["", "", f"COUNT={draw(st.integers(1, 400))}",
                                f"UNTIL=202{draw(st.integers(0, 9))}0701T000000Z"]))  # fmt: skip
    parts += [end] if end else []
    if frequency == "WEEKLY" and draw(st.booleans()):
        days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True))
        parts.append(f"BYDAY={','.join(days)}")
        parts += [f"WKST={draw(st.sampled_from(WEEKDAYS))}"] if draw(st.booleans()) else []
    if frequency == "MONTHLY" and draw(st.booleans()):
        nth = draw(st.sampled_from(["1", "2", "3", "4", "5", "-1", "-2"]))
        parts.append(draw(st.sampled_from(
            [f"BYDAY={nth}{draw(st.sampled_from(WEEKDAYS))}",
             f"BYMONTHDAY={draw(st.integers(1, 31))}"]
        )))  # fmt: skip
    return ";".join(parts)


@settings(max_examples=100, deadline=None)
@given(
    rule=rules(),
    begin=st.datetimes(datetime(2012, 1, 1), datetime(2027, 2, 1)),  # noqa: DTZ001 - in UTC
    hours=st.integers(1, 200),
    span=st.integers(1, 60),
)
@example("FREQ=WEEKLY;BYDAY=MO,TU;INTERVAL=2", datetime(2025, 1, 5, 9), 1, 1)  # noqa: DTZ001
@example("FREQ=MONTHLY;BYMONTHDAY=31", datetime(2026, 1, 31, 9), 24, 3)  # noqa: DTZ001
@example("FREQ=YEARLY", datetime(2020, 2, 29, 9), 24, 30)  # noqa: DTZ001
def test_no_series_with_a_turn_in_the_time_asked_is_left_out(
    rule: str, begin: datetime, hours: int, span: int
) -> None:
    """Compared with a library that unfolds it; what is kept needlessly is few."""
    begin = begin.replace(minute=0, second=0, microsecond=0)
    lasts, until = timedelta(hours=hours), ASKED + span * A_DAY
    kept = may_recur(
        rule, f"DTSTART:{begin:%Y%m%dT%H%M%SZ}", f"DTEND:{begin + lasts:%Y%m%dT%H%M%SZ}",
        ASKED, until,
    )  # fmt: skip
    turns = rrulestr(rule, dtstart=begin.replace(tzinfo=UTC))
    found = turns.between(ASKED - lasts, until - timedelta(seconds=1), inc=False)
    assert kept or not found
    if kept and not found and "COUNT" not in rule and "UNTIL" not in rule and begin.day < 29:
        near = turns.between(ASKED - lasts - timedelta(hours=3), until + timedelta(hours=3))
        assert near


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Nowhere/X"])
def test_a_zone_is_looked_up_or_allowed_for(zone: str) -> None:
    """A turn at the edge of the time asked, on the zone's own clock."""
    clock = ZoneInfo(zone) if zone != "Nowhere/X" else ZoneInfo("Pacific/Kiritimati")
    last = (ASKED + A_DAY - timedelta(minutes=30)).astimezone(clock)
    first = last - timedelta(weeks=100)
    line = f"DTSTART;TZID={zone}:{first:%Y%m%dT%H%M%S}"
    assert may_recur("FREQ=WEEKLY", line, None, ASKED, ASKED + A_DAY)


def large(rule: str, event: str = "DTSTART:201501{day:02d}T090000Z") -> bytes:
    """A calendar of 20,000 series, and one that has a turn now."""
    out = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number in range(19_999):
        start = event.format(day=1 + number % 28)
        out += ["BEGIN:VEVENT", f"UID:{number}@x", start]
        out += [start.replace("DTSTART", "DTEND").replace("T09", "T10"), f"RRULE:{rule}",
                f"SUMMARY:mei {number}", "END:VEVENT"]  # fmt: skip
    out += ["BEGIN:VEVENT", "UID:now", "DTSTART:20200101T000000Z", "DTEND:20200101T230000Z",
            "RRULE:FREQ=DAILY", "SUMMARY:mei", "END:VEVENT", "END:VCALENDAR"]  # fmt: skip
    return "\r\n".join(out).encode()


def timed(data: bytes) -> tuple[float, CalendarShifts]:
    """Read a calendar; give the processor's seconds, and the shifts of a day."""
    began = time.thread_time()
    calendar = CalendarFile(data, ZoneInfo("UTC"))
    found = calendar.shifts(ASKED, ASKED + A_DAY, Names({"mei": MEI}, lambda _: None), "x")
    return time.thread_time() - began, found


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY",
        *(
            pytest.param(rule, marks=pytest.mark.rare)
            for rule in (
                "FREQ=WEEKLY;UNTIL=20260701T000000Z",
                "FREQ=DAILY;COUNT=3000",
                "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=2000",
                "FREQ=MONTHLY;COUNT=100",
                "FREQ=MONTHLY;INTERVAL=12;BYDAY=1MO",
            )
        ),
    ],
)
def test_twenty_thousand_series_answer_quickly(rule: str) -> None:
    """Only what has a turn in the time asked is unfolded."""
    plain, _ = timed(large("FREQ=YEARLY;COUNT=1"))
    took, found = timed(large(rule))
    assert took < plain * 5
    assert [shift.members for shift in found.shifts] == [(MEI,)]


@pytest.mark.rare
def test_more_series_at_once_than_a_rota_has_are_refused_in_a_line() -> None:
    """Before they are unfolded."""
    calendar = CalendarFile(large("FREQ=DAILY"), ZoneInfo("UTC"))
    with pytest.raises(CalendarError, match="too many events to be a rota"):
        calendar.shifts(ASKED, ASKED + A_DAY, Names({"mei": MEI}, lambda _: None), "x")
