"""Calendars to shifts, as the usual programs export them and as nobody should."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk.ids import UserId
from bot.rota.errors import CalendarError
from bot.rota.ical import CalendarFile, CalendarShifts
from bot.rota.names import Names
from tests.rota.calendars import GOOGLE, GRAFANA, OPSGENIE, PAGERDUTY, calendar, exported

BERLIN = ZoneInfo("Europe/Berlin")
TORONTO = ZoneInfo("America/Toronto")
MEI, JONAS = UserId("U0MEI00001"), UserId("U0JONAS001")
WORKSPACE = {
    "mei tanaka": MEI,
    "mei": MEI,
    "mei.tanaka@larkfield.example": MEI,
    "jonas": JONAS,
    "jonas@larkfield.example": JONAS,
    JONAS.casefold(): JONAS,
}
NAMES = Names({}, lambda name: WORKSPACE.get(name.casefold()))


def utc(*parts: int) -> datetime:
    """Give a time in UTC."""
    return datetime(*parts, tzinfo=UTC)


def read(data: bytes, since: datetime, until: datetime, zone: ZoneInfo = BERLIN) -> CalendarShifts:
    """Read a calendar's shifts."""
    return CalendarFile(data, zone).shifts(since, until, NAMES, "calendar")


def spans(found: CalendarShifts) -> list[tuple[datetime, datetime, tuple[UserId, ...]]]:
    """Give shifts as plain tuples."""
    return [(each.start, each.end, each.members) for each in found.shifts]


def test_pagerduty_names_the_person_in_the_title_or_as_attendee() -> None:
    """Its addresses come with and without `mailto:`, its titles with and without a person."""
    found = read(exported(PAGERDUTY), utc(2026, 11, 20), utc(2026, 12, 20))
    assert spans(found) == [
        (utc(2026, 11, 23, 8), utc(2026, 11, 30, 8), (MEI,)),
        (utc(2026, 11, 30, 8), utc(2026, 12, 7, 8), (JONAS,)),
    ]


def test_opsgenie_names_the_person_by_address_in_the_title() -> None:
    """One event for each turn."""
    found = read(exported(OPSGENIE), utc(2026, 11, 20), utc(2026, 12, 20))
    assert [each.members for each in found.shifts] == [(MEI,), (JONAS,)]


def test_google_recurs_on_the_wall_clock_over_the_autumn_change() -> None:
    """A weekly turn begins at 9:00 before and after the change; an excluded one falls away."""
    found = read(exported(GOOGLE), utc(2026, 10, 1), utc(2026, 12, 10))
    assert spans(found) == [
        (utc(2026, 10, 5, 7), utc(2026, 10, 12, 7), (MEI,)),
        (utc(2026, 10, 19, 7), utc(2026, 10, 26, 8), (MEI,)),
        (utc(2026, 11, 2, 8), utc(2026, 11, 9, 8), (MEI,)),
        (utc(2026, 11, 30, 8), utc(2026, 12, 7, 8), (MEI,)),
    ]


def test_an_all_day_event_lasts_from_midnight_to_midnight_of_its_calendar() -> None:
    """Google's three days of Christmas overlap nobody and belong to Jonas."""
    found = read(exported(GOOGLE), utc(2026, 12, 24, 12), utc(2026, 12, 25), TORONTO)
    assert (utc(2026, 12, 23, 23), utc(2026, 12, 26, 23), (JONAS,)) in spans(found)


def test_grafana_names_several_people_behind_a_level() -> None:
    """Day and night recur daily; at night two are on call."""
    found = read(exported(GRAFANA), utc(2026, 11, 25, 8), utc(2026, 11, 26, 8))
    assert spans(found) == [
        (utc(2026, 11, 25, 8), utc(2026, 11, 25, 20), (MEI,)),
        (utc(2026, 11, 25, 20), utc(2026, 11, 26, 8), (JONAS, MEI)),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"), [(BERLIN, "20260329", 23), (TORONTO, "20261101", 25)]
)
def test_an_all_day_event_is_as_long_as_its_day(zone: ZoneInfo, day: str, hours: int) -> None:
    """The day of a clock change has 23 or 25 hours; without an end, it is one day."""
    found = read(
        calendar(f"DTSTART;VALUE=DATE:{day}\nSUMMARY:mei"), utc(2026, 1, 1), utc(2027, 1, 1), zone
    )
    assert [each.end - each.start for each in found.shifts] == [timedelta(hours=hours)]


def test_a_time_without_a_zone_is_on_the_groups_clock() -> None:
    """Unless the calendar names a zone for all its events."""
    event = "DTSTART:20261123T090000\nDTEND:20261123T170000\nSUMMARY:mei"
    toronto = read(calendar(event), utc(2026, 11, 1), utc(2026, 12, 1), TORONTO)
    berlin = read(
        calendar(event, head="X-WR-TIMEZONE:Europe/Berlin"),
        utc(2026, 11, 1),
        utc(2026, 12, 1),
        TORONTO,
    )
    assert toronto.shifts[0].start == utc(2026, 11, 23, 14)
    assert berlin.shifts[0].start == utc(2026, 11, 23, 8)


def test_overlapping_events_are_both_shifts() -> None:
    """Who overlaps is on call together."""
    found = read(
        calendar(
            "DTSTART:20261123T080000Z\nDTEND:20261123T160000Z\nSUMMARY:mei",
            "DTSTART:20261123T120000Z\nDTEND:20261123T200000Z\nSUMMARY:jonas",
        ),
        utc(2026, 11, 23),
        utc(2026, 11, 24),
    )
    assert [each.members for each in found.shifts] == [(MEI,), (JONAS,)]


def test_events_that_name_nobody_known_are_told_by_their_title() -> None:
    """The admin is told whom to add; the others count."""
    found = read(
        calendar(
            "DTSTART:20261123T080000Z\nDTEND:20261123T160000Z\nSUMMARY:Zed",
            "DTSTART:20261123T160000Z\nDTEND:20261123T200000Z\nSUMMARY:jonas",
        ),
        utc(2026, 11, 23),
        utc(2026, 11, 24),
    )
    assert found.strangers == ("Zed",)
    assert [each.members for each in found.shifts] == [(JONAS,)]


@pytest.mark.parametrize(
    "broken",
    [
        "SUMMARY:mei",
        "DTSTART:nonsense\nSUMMARY:mei",
        "DTSTART:20261123T080000Z\nDTEND:20261122T080000Z\nSUMMARY:mei",
        "DTSTART:20261123T080000Z\nDTEND:20261123T090000Z\nRRULE:FREQ=NEVER\nSUMMARY:mei",
        "DTSTART:20261123T080000Z\nDTEND:20261123T080001Z\nRRULE:FREQ=SECONDLY\nSUMMARY:mei",
        "DTSTART:20261123T080000Z\nDTEND:20261123T080100Z\nRRULE:FREQ=HOURLY;BYMINUTE="
        + ",".join(map(str, range(60)))
        + "\nSUMMARY:mei",
    ],
)
def test_one_broken_event_does_not_spoil_the_others(broken: str) -> None:
    """Nor does one that would recur every second."""
    good = "DTSTART:20261124T080000Z\nDTEND:20261124T160000Z\nSUMMARY:jonas"
    began = time.monotonic()
    found = read(calendar(broken, good), utc(2026, 11, 24), utc(2026, 11, 25))
    assert (utc(2026, 11, 24, 8), utc(2026, 11, 24, 16), (JONAS,)) in spans(found)
    assert time.monotonic() - began < 5.0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no iCalendar file"),
        (b"<!doctype html><title>Sign in</title>", "need a login"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "breaks off"),
        (b"BEGIN:VCALENDAR\r\n\xff;\r\nEND:VEVENT\r\nEND:VCALENDAR", "cannot be read"),
        (b"BEGIN:VCALENDAR\r\n" + b"X" * 5_000_001, "more than 5 MB"),
        (
            b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 20_001 + b"END:VCALENDAR",
            "20000 events",
        ),
    ],
)
def test_what_is_no_calendar_or_a_giant_one_is_refused_in_words(data: bytes, says: str) -> None:
    """The message says what is wrong with it."""
    with pytest.raises(CalendarError, match=says):
        read(data, utc(2026, 11, 1), utc(2026, 12, 1))


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("On Call - Mei Tanaka - Network", (MEI,)),
        ("Mei Tanaka on call", (MEI,)),
        ("[L2] jonas", (JONAS,)),
        ("mei & jonas", (MEI, JONAS)),
        ("<@U0JONAS001>", (JONAS,)),
        ("U0JONAS001", (JONAS,)),
        ("jonas@larkfield.example (primary)", (JONAS,)),
        ("Team lunch", ()),
        ("", ()),
    ],
)
def test_people_are_found_in_titles_as_they_are_written(
    title: str, people: tuple[UserId, ...]
) -> None:
    """By name, address or id; never by a part of a name."""
    assert NAMES.people(title) == people


def test_the_configuration_names_people_first() -> None:
    """A nickname that Slack does not know is in the configuration."""
    names = Names({"The Boss": MEI}, lambda _: None)
    assert names.people("On call: the  boss") == (MEI,)
