"""Names of time zones as calendars write them: Olson's, Windows', offsets, and made-up ones."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

OFFSET = re.compile(
    r"\(?(?:UTC|GMT|Z)?\s{0,3}(?P<sign>[+\u2212-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?\)?(?P<rest>.*)",
    re.IGNORECASE,
)
AT_ZERO = re.compile(r"\(?(?:UTC|GMT|Z|Zulu)\)?(?P<rest>.*)", re.IGNORECASE)
FARTHEST = 14
OFTEN_MEANT = {
    "CET": "Europe/Berlin",
    "CEST": "Europe/Berlin",
    "EDT": "America/New_York",
    "CDT": "America/Chicago",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
}
WINDOWS = {name.casefold(): olson for name, olson in WINDOWS_TO_OLSON.items()}


@cache
def zone_named(name: str) -> str | None:
    """Give the Olson name of a zone, or an offset as `+05:30`; None where nobody knows it."""
    name = name.strip().strip('"').strip()
    if not name:
        return None
    known = OFTEN_MEANT.get(name.upper()) or _olson(name) or WINDOWS.get(name.casefold())
    if known is not None:
        return known
    parts = name.strip("/").split("/")
    # `/freeassociation.sourceforge.net/Europe/Berlin`, `/citadel.org/20250101_1/Europe/Berlin`
    for start in range(1, len(parts)):
        known = _olson("/".join(parts[start:])) if start < len(parts) - 1 else None
        if known is not None:
            return known
    return _by_offset(name)


def _olson(name: str) -> str | None:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _in_other_letters().get(name.casefold())


def _by_offset(name: str) -> str | None:
    """Read `GMT+2`, `(UTC+01:00) Amsterdam, Berlin`: a city that is known has its own summers."""
    found = OFFSET.fullmatch(name)
    if found is None:
        at_zero = AT_ZERO.fullmatch(name)
        if at_zero is None:
            return None
        rest = at_zero["rest"].strip()
        return _city(rest) or (None if rest and "," not in rest else "UTC")
    city = _city(found["rest"])
    if city is not None:
        return city
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    if hours > FARTHEST or minutes > 59:  # noqa: PLR2004 - minutes of an hour
        return None
    sign = "+" if found["sign"] == "+" else "-"
    return f"{sign}{hours:02}:{minutes:02}"


def _city(text: str) -> str | None:
    for each in re.split(r"[,;/()]", text):
        known = _cities().get("_".join(each.split()).casefold())
        if known is not None:
            return known
    return None


@cache
def _cities() -> dict[str, str]:
    continents = ("Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/")
    every = sorted(each for each in available_timezones() if each.startswith(continents))
    return {each.rsplit("/", 1)[1].casefold(): each for each in every}


@cache
def _in_other_letters() -> dict[str, str]:
    return {each.casefold(): each for each in available_timezones()}
