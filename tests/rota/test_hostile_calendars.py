"""One bad value never empties a calendar: zones, events, names as they really come."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.ids import UserId
from bot.rota.ical import CalendarFile, CalendarShifts
from bot.rota.names import Names
from bot.rota.zones import zone_named
from tests.rota.calendars import calendar

BERLIN = ZoneInfo("Europe/Berlin")
MEI, JONAS, OTHER = UserId("U0MEI00001"), UserId("U0JONAS001"), UserId("U0OTHER001")
WORKSPACE = {"mei": MEI, "mei tanaka": MEI, "jonas berg": JONAS, "jonas": OTHER}
NAMES = Names(
    {},
    lambda name: WORKSPACE.get(name.casefold().strip()),
    lambda name: 2 if name == "Kim Lee" else 0,
)
SINCE, UNTIL = datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)
GOOD = "DTSTART:20261124T080000Z\nDTEND:20261124T160000Z\nSUMMARY:mei"


def read(data: bytes) -> CalendarShifts:
    """Read a calendar over some weeks."""
    return CalendarFile(data, BERLIN).shifts(SINCE, UNTIL, NAMES, "calendar")


def begins(found: CalendarShifts) -> list[str]:
    """Give when shifts begin, in UTC."""
    return [f"{each.start:%m-%d %H:%M}" for each in found.shifts]


@pytest.mark.parametrize(
    ("named", "hour"),
    [
        ("W. Europe Standard Time", "08"),
        ("Eastern Standard Time", "14"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "08"),
        ("GMT+2", "07"),
        ("UTC-05:00", "14"),
        ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rome"', "08"),
        ("europe/berlin", "08"),
        ("UTC", "09"),
        ("PST", "17"),
    ],
)
def test_a_zone_by_another_name_is_understood(named: str, hour: str) -> None:
    """Windows', Evolution's, offsets, Outlook's own words."""
    event = f"DTSTART;TZID={named}:20261124T090000\nDTEND;TZID={named}:20261124T230000\nSUMMARY:mei"
    found = read(calendar(event))
    assert begins(found) == [f"11-24 {hour}:00"]
    assert found.problems == ()


@pytest.mark.parametrize(
    "named", ["tzone://Microsoft/Custom", "Customized Time Zone", "Mars/Olympus", "x", "GMT+99"]
)
def test_a_zone_that_nobody_knows_is_the_groups_and_named(named: str) -> None:
    """The turn stays."""
    event = f"DTSTART;TZID={named}:20261124T090000\nDTEND;TZID={named}:20261124T170000\nSUMMARY:mei"
    found = read(calendar(event))
    assert begins(found) == ["11-24 08:00"]
    assert named in found.problems[0]


@pytest.mark.parametrize(("offset", "hour"), [("+0300", "06"), ("-0330", "12"), ("+0000", "09")])
def test_a_zone_that_a_calendar_describes_is_its_own(offset: str, hour: str) -> None:
    """The same made-up name means another zone in another calendar."""
    zone = (
        f"BEGIN:VTIMEZONE\nTZID:tzone://Microsoft/Custom\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
        f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE"
    )
    event = (
        "DTSTART;TZID=tzone://Microsoft/Custom:20261124T090000\n"
        "DTEND;TZID=tzone://Microsoft/Custom:20261124T170000\nSUMMARY:mei"
    )
    assert begins(read(calendar(event, head=zone)))[0][:8] == f"11-24 {hour}"


@pytest.mark.parametrize("named", ["Eastern Standard Time", "", "Nowhere/Land", "tzone://X", "%"])
def test_a_calendar_whose_own_zone_is_odd_keeps_its_events(named: str) -> None:
    """What says its zone itself stays where it is."""
    data = calendar(GOOD).replace(b"PRODID", f"X-WR-TIMEZONE:{named}\r\nPRODID".encode())
    assert begins(read(data)) == ["11-24 08:00"]


@pytest.mark.parametrize(
    "odd",
    [
        "DTSTART:20261125T090000\nDTEND:20261125T100000Z",
        "DTSTART;VALUE=DATE:20261125\nDTEND:20261125T120000Z",
        "DTSTART:20261125T090000\nDTEND:20261125T100000\nRRULE:FREQ=DAILY;UNTIL=20261125T230000Z",
        "DTSTART:20261125T080000Z\nDTEND:20261125T100000Z\nRRULE:FREQ=DAILY;UNTIL=20261125",
        (
            "DTSTART;TZID=Europe/Berlin:20261125T090000\nDTEND:20261125T100000Z\n"
            "RRULE:FREQ=DAILY;UNTIL=20261125T220000"
        ),
        "DTSTART;VALUE=DATE:20261125\nRRULE:FREQ=DAILY;UNTIL=20261125T225959Z",
        "DTSTART:20261125T080000Z\nDURATION:PT2H\nEXDATE:nonsense",
    ],
)
def test_floating_and_fixed_times_together_are_read(odd: str) -> None:
    """Each is one turn on the 25th, beside the good one."""
    found = read(calendar(f"{odd}\nSUMMARY:jonas berg", GOOD))
    assert [each.members for each in found.shifts] == [(MEI,), (JONAS,)]


@pytest.mark.parametrize(
    "broken",
    [
        "SUMMARY:Broken",
        "DTSTART:nonsense\nSUMMARY:Broken",
        "DTSTART:20261399T080000Z\nSUMMARY:Broken",
        "DTSTART:20261123T080000Z\nDTEND:20261123T090000Z\nRRULE:FREQ=NEVER\nSUMMARY:Broken",
        "DTSTART:20261123T080000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:Broken",
        (
            "DTSTART:20261123T080000Z\nSUMMARY:Broken\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Broken\n"
            "BEGIN:VEVENT\nDTSTART:20261124T090000Z\nSUMMARY:jonas berg"
        ),
    ],
)
def test_an_event_that_cannot_be_read_is_named_and_the_others_count(broken: str) -> None:
    """No exception is swallowed without a note."""
    found = read(calendar(broken, GOOD))
    assert any(each.members == (MEI,) for each in found.shifts)
    assert any("Broken" in each for each in found.problems)


def test_a_cancelled_turn_is_a_gap_and_no_stranger() -> None:
    """The other turns of its series stay."""
    data = calendar(
        "DTSTART:20261116T080000Z\nDTEND:20261116T160000Z\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:mei",
        "RECURRENCE-ID:20261117T080000Z\nDTSTART:20261117T080000Z\nSTATUS:CANCELLED\nSUMMARY:Zed",
    ).replace(b"UID:1@test", b"UID:0@test")
    found = read(data)
    assert begins(found) == ["11-16 08:00", "11-18 08:00"]
    assert found.strangers == ()


def test_a_change_of_all_later_turns_holds_for_them() -> None:
    """From its turn on, the series begins two hours later."""
    data = calendar(
        "DTSTART:20261110T080000Z\nDTEND:20261110T160000Z\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:mei",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261117T080000Z\nDTSTART:20261117T100000Z\n"
        "DTEND:20261117T180000Z\nSUMMARY:mei",
    ).replace(b"UID:1@test", b"UID:0@test")
    assert begins(read(data)) == ["11-10 08:00", "11-17 10:00", "11-24 10:00"]


@pytest.mark.parametrize(
    "title", ["UNASSIGNED", "WEEKENDS", "On Call - Nobody - Network", "vacant", "tbd"]
)
def test_a_turn_of_nobody_is_a_gap_that_is_told(title: str) -> None:
    """And no id."""
    found = read(calendar(GOOD.replace("mei", title)))
    assert (found.shifts, found.strangers) == ((), ())
    assert "nobody's" in found.problems[0]


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("On Call - Berg\\, Jonas - Network", (JONAS,)),
        ("Berg\\, Jonas", (JONAS,)),
        ("Smith\\, Jonas", ()),
        ("jonas\\, mei", (OTHER, MEI)),
        ("Jonas Berg\\, Mei Tanaka", (JONAS, MEI)),
        ("Kim Lee", ()),
        ("U0GONE0001", ()),
        ("<@UNASSIGNED1>", ()),
    ],
)
def test_the_whole_name_comes_before_its_parts(title: str, people: tuple[UserId, ...]) -> None:
    """Who is not known is named, never guessed; ids are looked up."""
    found = read(calendar(GOOD.replace("mei", title)))
    assert [each.members for each in found.shifts] == ([people] if people else [])
    assert bool(found.strangers) == (not people)


def test_two_of_one_name_are_asked_about() -> None:
    """The admin is told which name it is."""
    assert read(calendar(GOOD.replace("mei", "Kim Lee"))).strangers == (
        "Kim Lee (several have that name)",
    )


@pytest.mark.parametrize("ending", ["", "\nRRULE:FREQ=YEARLY;COUNT=2"])
def test_twenty_thousand_events_answer_quickly(ending: str) -> None:
    """Only what can touch the time asked is parsed; one broken event does not slow it."""
    first = datetime(2000, 1, 1)  # noqa: DTZ001 - written with a Z
    turns = [first + timedelta(hours=12 * each) for each in range(19_998)]
    events = [
        f"DTSTART:{each:%Y%m%dT%H%M%SZ}\nDTEND:{each + timedelta(hours=12):%Y%m%dT%H%M%SZ}\n"
        "SUMMARY:mei"
        for each in turns
    ]
    odd = f"DTSTART:20261124T080000Z\nRRULE:FREQ=NEVER\nSUMMARY:Broken{ending}"
    data = calendar(*events, odd, GOOD.replace("mei", "jonas berg"))
    began = time.process_time()
    found = read(data)
    assert time.process_time() - began < 2.0
    assert found.shifts
    assert found.shifts[-1].members in {(MEI,), (JONAS,)}


@st.composite
def series(draw: st.DrawFn) -> tuple[str, list[datetime]]:
    """A series as iCalendar writes it, and its turns by plain counting."""
    zone = draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata"]))
    begin = draw(
        st.datetimes(datetime(2015, 1, 1), datetime(2026, 12, 31))  # noqa: DTZ001 - on the zone's clock
    ).replace(minute=0, second=0, microsecond=0)
    begin = begin.replace(hour=draw(st.sampled_from([0, 4, 9, 17, 23])))
    length = draw(st.integers(1, 30))
    step = draw(st.integers(1, 3))
    weekly = draw(st.booleans())
    days = step * (7 if weekly else 1)
    count = draw(st.sampled_from([None, 3, 5_000]))
    skipped = draw(st.integers(0, 40))
    at = [begin + timedelta(days=days * each) for each in range(5_000 if count is None else count)]
    gone = at[skipped % len(at)]
    end = begin + timedelta(hours=length)
    rule = f"FREQ={'WEEKLY' if weekly else 'DAILY'};INTERVAL={step}"
    lines = [
        f"DTSTART;TZID={zone}:{begin:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}",
        f"RRULE:{rule}{f';COUNT={count}' if count else ''}",
        f"EXDATE;TZID={zone}:{gone:%Y%m%dT%H%M%S}",
        "SUMMARY:mei",
    ]
    there = ZoneInfo(zone)
    turns = [each.replace(tzinfo=there).astimezone(UTC) for each in at if each != gone]
    return "\n".join(lines), turns


@settings(max_examples=40, deadline=None)
@given(series())
def test_a_series_of_years_has_the_turns_that_counting_gives(
    made: tuple[str, list[datetime]],
) -> None:
    """However long ago it began, over each change of clocks; an excluded turn stays out."""
    text, turns = made
    since, until = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    found = CalendarFile(calendar(text), BERLIN).shifts(since, until, NAMES, "calendar")
    inside = [each for each in turns if since <= each < until]
    assert [each.start for each in found.shifts if each.start >= since] == inside
    assert found.problems == ()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_name_of_a_zone_is_answered(name: str) -> None:
    """With a name, an offset, or nothing."""
    found = zone_named(name)
    assert found is None or found[0] in "+-" or ZoneInfo(found)
