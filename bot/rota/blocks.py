"""The text of a calendar, event by event: what cannot touch the time asked is never parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.rota.recurring import WEEKDAYS, may_recur

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

FOLD = re.compile(rb"\r?\n[ \t]")
TIME = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
COUNT = re.compile(r"COUNT=(\d{1,6})", re.IGNORECASE)
UNTIL = re.compile(r"UNTIL=(\d{8})", re.IGNORECASE)
TIMES = frozenset({"DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID"})
NAME = re.compile(r"[A-Za-z0-9-]+")
MARGIN = timedelta(days=2)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Block:
    """One component of a calendar, by its unfolded lines, without its alarms."""

    lines: tuple[str, ...]

    def line(self, name: str) -> str | None:
        """Give a property's line, the first where it stands twice."""
        for line in self.lines:
            if line[: len(name)].upper() == name and line[len(name) : len(name) + 1] in (":", ";"):
                return line
        return None

    def value(self, name: str) -> str | None:
        """Give what stands behind a property's parameters, the first where it stands twice."""
        line = self.line(name)
        return None if line is None else parts_of(line)[2]

    @property
    def text(self) -> str:
        """The component as iCalendar writes it."""
        return "\r\n".join(self.lines) + "\r\n"


@dataclass(frozen=True)
class Blocks:
    """A calendar's own lines, its zones, its events, and what could not be made out."""

    head: tuple[str, ...]
    zones: tuple[Block, ...]
    events: tuple[Block, ...]
    broken: tuple[str, ...] = ()


def parts_of(line: str) -> tuple[str, str, str]:
    """Take a line apart: its name, its parameters, its value; quotes hide colons."""
    found = NAME.match(line)
    end = found.end() if found else 0
    if line[:end].upper() in TIMES:
        # `DTSTART;TZID=tzone://Microsoft/Custom:2026…`: a time has no colon, its zone may.
        before, _, value = line.rpartition(":")
        return line[:end].upper(), before[end:], value
    quoted = False
    for at in range(end, len(line)):
        if line[at] == '"':
            quoted = not quoted
        elif line[at] == ":" and not quoted:
            return line[:end].upper(), line[end:at], line[at + 1 :]
    return line[:end].upper(), line[end:], ""


def blocks_of(data: bytes) -> Blocks:
    """Split a calendar into its components; one that does not end takes no other with it."""
    raw = FOLD.sub(b"", data)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    split = _Splitting()
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        upper = line[:40].strip().upper()
        if upper.startswith("BEGIN:"):
            split.begin(line, upper[6:])
        elif upper.startswith("END:"):
            split.end(line, upper[4:])
        elif line:
            split.take(line)
    done = split.done
    return Blocks(
        tuple(split.head), tuple(done["VTIMEZONE"]), tuple(done["VEVENT"]), tuple(split.broken)
    )


class _Splitting:
    def __init__(self) -> None:
        self.head: list[str] = []
        self.done: dict[str, list[Block]] = {"VEVENT": [], "VTIMEZONE": []}
        self.broken: list[str] = []
        self._taken: list[str] = []
        self._inside: list[str] = []

    def begin(self, line: str, what: str) -> None:
        if what == "VCALENDAR" or (what == "VEVENT" and "VEVENT" in self._inside):
            self._give_up()
        if what != "VCALENDAR":
            self._inside.append(what)
            if _is_kept(self._inside):
                self._taken.append(line)

    def end(self, line: str, what: str) -> None:
        if what == "VCALENDAR":
            self._give_up()
        elif what not in self._inside:
            self.broken.append(f"{line.strip()} without its beginning")
        else:
            if _is_kept(self._inside):
                self._taken.append(line)
            while self._inside.pop() != what:
                pass
            if not self._inside:
                self.done.setdefault(what, []).append(Block(tuple(self._taken)))
                self._taken = []

    def take(self, line: str) -> None:
        if not self._inside:
            self.head.append(line)
        elif _is_kept(self._inside):
            self._taken.append(line)

    def _give_up(self) -> None:
        if self._inside:
            self.broken.append(_title(self._taken))
        self._inside, self._taken = [], []


def _is_kept(inside: list[str]) -> bool:
    return inside[0] == "VTIMEZONE" or inside == ["VEVENT"]


def _title(lines: Iterable[str]) -> str:
    found = Block(tuple(lines)).value("SUMMARY")
    return found or "(no title)"


def may_touch(block: Block, since: datetime, until: datetime) -> bool:
    """Whether an event can have a turn in a stretch of time; what is not clear may."""
    begin, end = _day(block.value("DTSTART")), _day(block.value("DTEND"))
    moved = block.value("RECURRENCE-ID")
    if begin is None or block.value("DURATION") is not None or block.value("RDATE") is not None:
        return True
    if changes_later(block):
        return True
    first, last = (since - MARGIN).date(), (until + MARGIN).date()
    end = end or begin + DAY
    if moved is not None:
        place = _day(moved)
        if place is None or first - (end - begin) <= place <= last:
            return True
    rule = block.value("RRULE")
    if begin > last:
        return False
    if rule is None:
        return end >= first
    ends = UNTIL.search(rule)
    stop = _day(ends[1]) if ends else None
    if stop is not None and stop + (end - begin) + DAY < first:
        return False
    return moved is not None or may_recur(
        rule, block.line("DTSTART") or "", block.line("DTEND"), since, until
    )


def changes_later(block: Block) -> bool:
    """Whether an event changes all later turns of its series."""
    return any(
        line[:13].upper() == "RECURRENCE-ID" and "RANGE" in line.upper() for line in block.lines
    )


def _day(text: str | None) -> date | None:
    found = TIME.match(text or "")
    if found is None:
        return None
    try:
        return date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:]))
    except ValueError:
        return None


def nearer(block: Block, since: datetime, zone: ZoneInfo | None) -> Block:
    """Let a series that has run for years begin shortly before the time that is asked.

    With `zone`, a series in UTC recurs on that zone's clock, as calendars show it.
    """
    rule = block.value("RRULE")
    if rule is None:
        return block
    if zone is not None:
        block = Block(tuple(_on_clock(line, zone) for line in block.lines))
    begin, end = _day(block.value("DTSTART")), _day(block.value("DTEND"))
    step = _step(rule, begin)
    if begin is None or step is None:
        return block
    longest = (end - begin if end else DAY) + MARGIN + DAY
    rounds = ((since - MARGIN).date() - longest - begin).days // step
    if rounds <= 0:
        return block
    by = timedelta(days=rounds * step)
    left = COUNT.search(rule)
    if left is not None and int(left[1]) <= rounds:
        return block
    lines = tuple(_later(line, by) for line in block.lines)
    return Block(tuple(_fewer(line, rounds) for line in lines) if left else lines)


def _step(rule: str, begin: date | None) -> int | None:
    """After how many days a plain series repeats; None where it is not plain."""
    parts = dict(part.upper().partition("=")[::2] for part in rule.split(";") if "=" in part)
    if begin is None or not set(parts) <= {"FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST", "BYDAY"}:
        return None
    days = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
    if "COUNT" in parts and len(days) > 1:
        return None
    if days and WEEKDAYS[begin.weekday()] not in days:
        return None
    try:
        interval = int(parts.get("INTERVAL", "1"))
    except ValueError:
        return None
    unit = {"DAILY": 0 if days else 1, "WEEKLY": 7}.get(parts.get("FREQ", ""), 0)
    return unit * interval if unit * interval > 0 else None


def _fewer(line: str, rounds: int) -> str:
    """A rule that counts, after so many of its turns."""
    if parts_of(line)[0] != "RRULE":
        return line
    return COUNT.sub(lambda found: f"COUNT={int(found[1]) - rounds}", line)


def _on_clock(line: str, zone: ZoneInfo) -> str:
    name, _, value = parts_of(line)
    found = TIME.fullmatch(value)
    if name not in ("DTSTART", "DTEND") or found is None or not found[3]:
        return line
    try:
        at = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone)
    except ValueError:
        return line
    return f"{name};TZID={zone.key}:{at:%Y%m%dT%H%M%S}"


def _later(line: str, by: timedelta) -> str:
    name, given, value = parts_of(line)
    if name not in ("DTSTART", "DTEND"):
        return line
    day = _day(value)
    return line if day is None else f"{name}{given}:{day + by:%Y%m%d}{value[8:]}"
