"""iCalendar to shifts: what PagerDuty, Opsgenie, Google and Grafana OnCall export."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import recurring_ical_events
from icalendar import Calendar, vDDDTypes, vRecur

from bot.desk.errors import FrontlineError
from bot.desk.oncall import Shift
from bot.desk.promises import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.ids import UserId
    from bot.rota.names import Names

Event = Any
"""A component of icalendar's; its typed form knows too many kinds of values to be of use."""

MOST_BYTES = 5_000_000
MOST_EVENTS = 20_000
MOST_SHIFTS = 10_000
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
MOST_PER_HOUR = 4
NOT_PEOPLE = frozenset({"RESOURCE", "ROOM"})


class CalendarError(FrontlineError):
    """A calendar cannot be read, or is not fit to be a rota."""


@dataclass(frozen=True)
class CalendarShifts:
    """The shifts of a calendar in a stretch of time, and the titles that name nobody known."""

    shifts: tuple[Shift, ...]
    strangers: tuple[str, ...] = ()


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
        try:
            self._calendars: list[Event] = Calendar.from_ical(
                data.lstrip(b"\xef\xbb\xbf \r\n\t"), multiple=True
            )
        except (ValueError, KeyError, IndexError, AttributeError) as failure:
            raise CalendarError(f"The calendar cannot be read ({failure}).") from failure
        self._zone = _zone_of(self._calendars, zone)
        for calendar in self._calendars:
            calendar.subcomponents = [each for each in calendar.subcomponents if _usable(each)]

    def shifts(self, since: datetime, until: datetime, names: Names, source: str) -> CalendarShifts:
        """Unfold the shifts that touch a stretch of time, earliest first.

        Raises:
            CalendarError: there are too many of them.
        """
        found: list[Shift] = []
        strangers: list[str] = []
        for event in self._events(since, until):
            start, end = self._instant(event["DTSTART"].dt), self._instant(event["DTEND"].dt)
            if start >= end or end <= since or start >= until:
                continue
            members = _members(event, names)
            if members:
                found.append(Shift(start, end, members, source))
            else:
                strangers.append(str(event.get("SUMMARY") or "(no title)"))
            if len(found) > MOST_SHIFTS:
                raise CalendarError("The calendar has too many events to be a rota.")
        found.sort(key=lambda shift: (shift.start, shift.end))
        return CalendarShifts(tuple(found), tuple(dict.fromkeys(strangers)))

    def _events(self, since: datetime, until: datetime) -> Iterator[Event]:
        # A day more on each side: all-day events and floating times are compared without a zone.
        stretch = (since - timedelta(days=1), until + timedelta(days=1))
        for calendar in self._calendars:
            try:
                yield from recurring_ical_events.of(calendar).between(*stretch)
            except Exception:  # noqa: BLE001 - whatever one broken event raises, the others count
                yield from _one_by_one(calendar, stretch)

    def _instant(self, at: date | datetime) -> datetime:
        if not isinstance(at, datetime):
            return instant(at, time(0), self._zone)
        if at.tzinfo is None:
            return instant(at.date(), at.time(), self._zone)
        return at.astimezone(UTC)


def _one_by_one(calendar: Event, stretch: tuple[datetime, datetime]) -> Iterator[Event]:
    by_id: dict[str, list[Event]] = {}
    rest: list[Event] = []
    for each in calendar.subcomponents:
        if each.name == "VEVENT":
            by_id.setdefault(str(each.get("UID")), []).append(each)
        else:
            rest.append(each)
    for events in by_id.values():
        alone: Event = Calendar()
        alone.update(calendar)
        alone.subcomponents = [*rest, *events]
        try:
            yield from recurring_ical_events.of(alone).between(*stretch)
        except Exception:  # noqa: BLE001, S112 - this is the broken one
            continue


def _zone_of(calendars: list[Any], default: ZoneInfo) -> ZoneInfo:
    for calendar in calendars:
        named = calendar.get("X-WR-TIMEZONE")
        try:
            return ZoneInfo(str(named)) if named else default
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return default


def _usable(component: Event) -> bool:
    """Whether an event can be a shift; what recurs by the minute is an attack or a mistake."""
    if component.name != "VEVENT":
        return True
    times = (component.get("DTSTART"), component.get("DTEND", component.get("DTSTART")))
    if not all(isinstance(each, vDDDTypes) for each in times):
        return False
    if str(component.get("STATUS") or "").upper() == "CANCELLED":
        # A cancelled single turn of a series has to stay: it replaces the turn.
        return component.get("RECURRENCE-ID") is not None
    return not any(_too_often(rule) for rule in _listed(component.get("RRULE")))


def _too_often(rule: Any) -> bool:
    if not isinstance(rule, vRecur):
        return True
    often = {str(each).upper() for each in _listed(rule.get("FREQ"))} & TOO_OFTEN
    crowded = any(len(_listed(rule.get(part))) > MOST_PER_HOUR for part in ("BYMINUTE", "BYSECOND"))
    return bool(often) or crowded


def _members(event: Event, names: Names) -> tuple[UserId, ...]:
    """Whom an event puts on call: those whom its title names, else those who are invited."""
    if str(event.get("STATUS") or "").upper() == "CANCELLED":
        return ()
    titled = names.people(str(event.get("SUMMARY") or ""))
    if titled:
        return titled
    invited = (_invited(each, names) for each in _listed(event.get("ATTENDEE")))
    return tuple(dict.fromkeys(each for each in invited if each is not None))


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
