"""iCalendar to shifts: what PagerDuty, Opsgenie, Google and Grafana OnCall export."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import recurring_ical_events
import structlog
from icalendar import Calendar, vDDDTypes, vRecur
from icalendar.prop import vBroken

from bot.desk.oncall import Shift
from bot.desk.promises import instant
from bot.rota.blocks import blocks_of, changes_later, may_touch, nearer
from bot.rota.clocks import Clocks
from bot.rota.errors import MOST_BYTES, CalendarError
from bot.rota.names import is_nobody

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from bot.desk.ids import UserId
    from bot.rota.blocks import Block
    from bot.rota.names import Names

log = structlog.get_logger(__name__)

Event = Any
"""A component of icalendar's; its typed form knows too many kinds of values to be of use."""

MOST_EVENTS = 20_000
MOST_SHIFTS = 10_000
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
MOST_PER_HOUR = 4
AT_ONCE = 500
CANCELLED = "cancelled"
CALLED_OFF = re.compile(
    r"(?<!\s)\s*(?:cancell?ed|abgesagt|annul\u00e9e?|cancelad[oa]|annullat[oa]|geannuleerd|odwo\u0142ane|"
    r"inst\u00e4llt|avlyst|aflyst|peruttu)\s?:",
    re.IGNORECASE,
)
LEFT_OUT = frozenset({"EXDATE", "RDATE", "DURATION"})
NOT_PEOPLE = frozenset({"RESOURCE", "ROOM"})


@dataclass(frozen=True)
class CalendarShifts:
    """The shifts of a calendar in a stretch of time, and the titles that name nobody known."""

    shifts: tuple[Shift, ...]
    strangers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """What could not be read, in words, each part of a sentence."""


class CalendarFile:
    """A calendar that was read; its recurring events are unfolded for a stretch of time."""

    def __init__(self, data: bytes, zone: ZoneInfo) -> None:
        """Read a calendar; events without a zone are in its own, or else in `zone`.

        Raises:
            CalendarError: it is no calendar, or a giant one.
        """
        if len(data) > MOST_BYTES:
            raise CalendarError(
                f"The calendar has more than {MOST_BYTES // 1_000_000} MB; "
                "export the on-call schedule alone."
            )
        if not data.lstrip(b"\xef\xbb\xbf \r\n\t").upper().startswith(b"BEGIN:VCALENDAR"):
            raise CalendarError("This is no iCalendar file; does its address need a login?")
        if not data.rstrip().upper().endswith(b"END:VCALENDAR"):
            raise CalendarError("The calendar breaks off before its end.")
        if data.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
            raise CalendarError(
                f"The calendar has more than {MOST_EVENTS} events; "
                "export the on-call schedule alone."
            )
        self._blocks = blocks_of(data)
        if self._blocks.broken and not self._blocks.events:
            raise CalendarError(f"The calendar cannot be read ({self._blocks.broken[0]}).")
        self._zone = zone

    def shifts(self, since: datetime, until: datetime, names: Names, source: str) -> CalendarShifts:
        """Unfold the shifts that touch a stretch of time, earliest first.

        Raises:
            CalendarError: there are too many of them.
        """
        clocks = Clocks(self._blocks, self._zone)
        reading = Reading(clocks, since, until)
        found: list[Shift] = []
        strangers: list[str] = []
        vacant = 0
        for event in reading.turns(self._blocks.events):
            start, end = (_instant(event[each].dt, clocks.default) for each in ("DTSTART", "DTEND"))
            if start >= end or end <= since or start >= until or _is_cancelled(event):
                continue
            title = str(event.get("SUMMARY") or "")
            members, unknown = _members(event, names)
            if members:
                found.append(Shift(start, end, members, source))
            elif is_nobody(title):
                vacant += 1
            else:
                unknown = unknown or (title or "(no title)",)
            strangers += unknown
            if len(found) > MOST_SHIFTS:
                raise CalendarError("The calendar has too many events to be a rota.")
        found.sort(key=lambda shift: (shift.start, shift.end))
        problems = (*map(_unreadable, self._blocks.broken), *clocks.problems, *reading.problems)
        if vacant:
            problems += (f"{vacant} of its turns are nobody's",)
        return CalendarShifts(
            tuple(found), tuple(dict.fromkeys(strangers)), tuple(dict.fromkeys(problems))
        )


class Reading:
    """Parses and unfolds the events that can touch a stretch of time, and notes what it cannot."""

    def __init__(self, clocks: Clocks, since: datetime, until: datetime) -> None:
        """Prepare for a stretch of time."""
        # A day more on each side: all-day events are compared without a zone.
        self._asked = (since, until)
        self._stretch = (since - timedelta(days=1), until + timedelta(days=1))
        self._clocks = clocks
        self.problems: list[str] = []

    def turns(self, blocks: tuple[Block, ...]) -> Iterator[Event]:
        """Give each turn as an event of its own."""
        series: dict[str, list[Block]] = {}
        for number, block in enumerate(blocks):
            if may_touch(block, *self._asked):
                named = block.value("UID") or f"without an id, {number}"
                series.setdefault(named, []).append(block)
        if sum(len(each) for each in series.values()) > MOST_SHIFTS:
            raise CalendarError("The calendar has too many events to be a rota.")
        every = [self._brought(each) for each in series.values()]
        for first in range(0, len(every), AT_ONCE):
            yield from self._unfolded(every[first : first + AT_ONCE])

    def _brought(self, series: list[Block]) -> list[Block]:
        # A change of all later turns counts from the series' own beginning.
        if not any(changes_later(each) for each in series):
            series = [nearer(each, self._stretch[0], self._clocks.own) for each in series]
        return [self._clocks.set(each) for each in series]

    def _unfolded(self, series: list[list[Block]]) -> list[Event]:
        """Unfold many series at once; where that fails, halves, down to the one that is broken."""
        if not series:
            return []
        try:
            return self._at_once(series)
        except Exception as failure:  # noqa: BLE001 - whatever one broken event raises, the others count
            if len(series) == 1:
                log.warning("event_unreadable", error=f"{type(failure).__name__}: {failure}")
                self.problems.append(_unreadable(series[0][0].value("SUMMARY") or "(no title)"))
                return []
        middle = len(series) // 2
        return self._unfolded(series[:middle]) + self._unfolded(series[middle:])

    def _at_once(self, series: list[list[Block]]) -> list[Event]:
        text = "".join(block.text for each in series for block in each)
        calendar: Event = Calendar.from_ical(
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{self._clocks.zones}{text}END:VCALENDAR\r\n"
        )
        usable, noted = [], []
        for each in calendar.subcomponents:
            why = _unusable(each)
            usable += [] if why else [each]
            noted += [why] if why and why != CANCELLED else []
            noted += [] if why else _mended(each)
        calendar.subcomponents = usable
        found: list[Event] = recurring_ical_events.of(calendar).between(*self._stretch)
        self.problems += noted
        return found


def _instant(at: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return instant(at, time(0), zone)
    if at.tzinfo is None:
        return instant(at.date(), at.time(), zone)
    return at.astimezone(UTC)


def _unreadable(title: str) -> str:
    return f"“{title}” cannot be read and is left out"


def _title(event: Event) -> str:
    return f"“{event.get('SUMMARY') or '(no title)'}”"


def _is_cancelled(event: Event) -> bool:
    # Outlook publishes a meeting that was called off without a status: its title alone says so.
    title = str(event.get("SUMMARY") or "")
    return (
        str(event.get("STATUS") or "").upper() == "CANCELLED" or CALLED_OFF.match(title) is not None
    )


def _unusable(component: Event) -> str:
    """Why an event can be no shift; what recurs by the minute is an attack or a mistake."""
    if component.name != "VEVENT":
        return ""
    times = (component.get("DTSTART"), component.get("DTEND", component.get("DTSTART")))
    if not all(isinstance(each, vDDDTypes) for each in times):
        return f"{_title(component)} cannot be read and is left out: its times are none"
    if _is_cancelled(component):
        # A cancelled single turn of a series has to stay: it replaces the turn.
        return "" if component.get("RECURRENCE-ID") is not None else CANCELLED
    if any(name == "RRULE" for name, _ in getattr(component, "errors", ())):
        return f"{_title(component)} cannot be read and is left out: its rule is none"
    if any(_too_often(rule) for rule in _listed(component.get("RRULE"))):
        return f"{_title(component)} recurs too often and is left out"
    return ""


def _mended(event: Event) -> list[str]:
    """Take out of an event what cannot be read and can be done without; gives what it was."""
    said = []
    for name in {name for name, _ in getattr(event, "errors", ())} & LEFT_OUT:
        good = [each for each in _listed(event.pop(name)) if not isinstance(each, vBroken)]
        if good:
            event[name] = good
        said.append(f"{_title(event)} has an {name} that cannot be read")
    return said


def _too_often(rule: Any) -> bool:
    if not isinstance(rule, vRecur):
        return True
    often = {str(each).upper() for each in _listed(rule.get("FREQ"))} & TOO_OFTEN
    crowded = any(len(_listed(rule.get(part))) > MOST_PER_HOUR for part in ("BYMINUTE", "BYSECOND"))
    return bool(often) or crowded


def _members(event: Event, names: Names) -> tuple[tuple[UserId, ...], tuple[str, ...]]:
    """Whom an event puts on call: those whom its title names, else those who are invited.

    Gives the names as well that are somebody's, and nobody knows whose.
    """
    titled = names.read(str(event.get("SUMMARY") or ""))
    if titled.people:
        return titled.people, titled.unclear
    invited = (_invited(each, names) for each in _listed(event.get("ATTENDEE")))
    found = tuple(dict.fromkeys(each for each in invited if each is not None))
    return found, () if found else titled.unclear


def _invited(attendee: Any, names: Names) -> UserId | None:
    given = getattr(attendee, "params", {})
    if str(given.get("CUTYPE") or "").upper() in NOT_PEOPLE:
        return None
    if str(given.get("PARTSTAT") or "").upper() == "DECLINED":
        return None
    address = re.sub(r"^mailto:", "", str(attendee), flags=re.IGNORECASE)
    return names.person(address) or names.person(str(given.get("CN") or ""))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
