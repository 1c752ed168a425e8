"""What people say to `/oncall`: who, take, override, swap, cancel; and how they write times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.desk.promises import DAYS, instant

if TYPE_CHECKING:
    from collections.abc import Collection
    from zoneinfo import ZoneInfo

CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DURATION = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m(?:in)?)?", re.IGNORECASE)
KEYWORDS = frozenset({"from", "to", "until", "till", "for", "with", "instead"})
SAYS_UNTIL = frozenset({"to", "until", "till"})
LONGEST = timedelta(days=35)


@dataclass(frozen=True)
class Who:
    """Who is on call now and next; of one group, or of all."""

    group: str | None = None


@dataclass(frozen=True)
class TakeShift:
    """I am on call from now on."""

    group: str | None = None
    until: str = ""


@dataclass(frozen=True)
class StandIn:
    """Somebody stands in for a time, for one person or for whoever is on call."""

    group: str | None
    member: str
    start: str
    until: str
    replaces: str = ""


@dataclass(frozen=True)
class SwapWith:
    """My next shift for somebody else's next shift."""

    group: str | None
    other: str


@dataclass(frozen=True)
class CancelOverride:
    """An override is taken back."""

    number: int


@dataclass(frozen=True)
class Unclear:
    """What was said cannot be read, or asks for help; `problem` says what is missing."""

    problem: str = ""


Request = Who | TakeShift | StandIn | SwapWith | CancelOverride | Unclear


def read_request(text: str, groups: Collection[str]) -> Request:
    """Read what was written behind `/oncall`."""
    words = text.split()
    verb = words[0].casefold() if words else "who"
    rest, group = _without_group(words[1:], groups)
    match verb:
        case "who" | "now" | "next" | "list":
            return _end(rest, Who(group))
        case "take":
            return _take(rest, group)
        case "override":
            return _override(rest, group)
        case "swap":
            return _swap(rest, group)
        case "cancel":
            return _cancel(rest)
        case "help":
            return Unclear()
    rest, group = _without_group(words, groups)
    if group is not None:
        return _end(rest, Who(group))
    return Unclear(f"I do not know “{words[0]}”.")


def _without_group(words: list[str], groups: Collection[str]) -> tuple[list[str], str | None]:
    known = {name.casefold(): name for name in groups}
    for place, word in enumerate(words):
        name = known.get(word.casefold().lstrip("#"))
        if name is not None:
            return words[:place] + words[place + 1 :], name
    return words, None


def _end(rest: list[str], request: Request) -> Request:
    return Unclear(f"I do not know “{' '.join(rest)}” here.") if rest else request


def _take(rest: list[str], group: str | None) -> Request:
    parts = _parts(rest)
    until = parts.pop("until", "") or _length(parts.pop("for", ""))
    if parts.pop("", "") or parts:
        return Unclear("Say until when, as in “take until 18:00” or “take for 4h”.")
    return TakeShift(group, until)


def _override(rest: list[str], group: str | None) -> Request:
    parts = _parts(rest)
    lasts = parts.pop("for", "")
    replaces = parts.pop("instead", "").removeprefix("of ").strip()
    if lasts and duration_of(lasts) is None:
        replaces, lasts = lasts, ""
    member, start = parts.pop("", ""), parts.pop("from", "")
    until = parts.pop("until", "") or _length(lasts)
    if not member or not until or parts:
        return Unclear("Say who and until when, as in “override @jane from mon 9:00 to 17:00”.")
    return StandIn(group, member, start, until, replaces)


def _swap(rest: list[str], group: str | None) -> Request:
    other = " ".join(word for word in rest if word.casefold() != "with")
    if not other:
        return Unclear("Say with whom, as in “swap with @jane”.")
    return SwapWith(group, other)


def _cancel(rest: list[str]) -> Request:
    number = " ".join(rest).lstrip("#")
    if not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - more digits than any number has
        return Unclear("Say which, as in “cancel 3”; `/oncall l2` shows the numbers.")
    return CancelOverride(int(number))


def _parts(words: list[str]) -> dict[str, str]:
    """Split at the key words: what stands before the first, and behind each."""
    parts: dict[str, list[str]] = {}
    key = ""
    for word in words:
        if word.casefold() in KEYWORDS:
            key = "until" if word.casefold() in SAYS_UNTIL else word.casefold()
            parts.setdefault(key, [])
        else:
            parts.setdefault(key, []).append(word)
    return {key: " ".join(said) for key, said in parts.items()}


def _length(said: str) -> str:
    return f"+{said}" if said else ""


def duration_of(text: str) -> timedelta | None:
    """Read `4h`, `30m`, `2d` or `1h30m`; None where it is no length of time."""
    plain = "".join(text.split())
    found = DURATION.fullmatch(plain)
    if not plain or found is None:
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def moment_of(text: str, after: datetime, zone: ZoneInfo) -> datetime | None:
    """Read a time on the group's clock, the first after `after`; None where it is none.

    `18:00`, `mon 9:00`, `tomorrow 9:00`, `2026-11-24 18:00`, `2026-11-24`, `now`, `+4h`.
    """
    said = text.casefold().replace(",", " ").split()
    if said == ["now"]:
        return after.astimezone(UTC)
    if text.startswith("+"):
        lasts = duration_of(text[1:])
        return after.astimezone(UTC) + lasts if lasts else None
    clock = _clock(said[-1]) if said else None
    days = said[:-1] if clock is not None else said
    at = clock or time(0)
    today = after.astimezone(zone).date()
    match days:
        case []:
            return _first(today, at, after, zone, step=1) if clock else None
        case ["today"]:
            return instant(today, at, zone) if clock else None
        case ["tomorrow"]:
            return instant(today + timedelta(days=1), at, zone)
        case [day] if day[:3] in DAYS:
            ahead = (DAYS.index(day[:3]) - today.weekday()) % 7
            return _first(today + timedelta(days=ahead), at, after, zone, step=7)
        case [day] if (written := _date(day)) is not None:
            return instant(written, at, zone)
    return None


def _first(day: date, at: time, after: datetime, zone: ZoneInfo, *, step: int) -> datetime:
    found = instant(day, at, zone)
    return found if found > after else instant(day + timedelta(days=step), at, zone)


def _clock(word: str) -> time | None:
    found = CLOCK.fullmatch(word)
    try:
        return time(int(found.group(1)), int(found.group(2))) if found else None
    except ValueError:
        return None


def _date(word: str) -> date | None:
    found = DAY.fullmatch(word)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
