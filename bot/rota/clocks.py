"""Every time of a calendar gets a clock that is known: its own, or else the calendar's."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.rota.blocks import TIME, TIMES, Block, parts_of
from bot.rota.zones import zone_named

if TYPE_CHECKING:
    from bot.rota.blocks import Blocks

TZID = re.compile(r';TZID=("[^"]*"|[^;]*)', re.IGNORECASE)
UNTIL = re.compile(r"(?i)(UNTIL=\d{8})(?:T(\d{6})(Z?))?")
OFFSET = re.compile(r"[+-]\d\d:\d\d")


class Clocks:
    """The time zones of one calendar; those that nobody knows are noted, and the default used."""

    def __init__(self, blocks: Blocks, default: ZoneInfo) -> None:
        """Read the calendar's own zone from its head, and the zones that it describes."""
        self.problems: list[str] = []
        self.own: ZoneInfo | None = None
        self.default = default
        self._made: dict[str, str] = {}
        self._described = {_plain(each.value("TZID") or ""): each for each in blocks.zones}
        self._read_head(blocks.head)
        self._ids: dict[str, str] = {}

    @property
    def zones(self) -> str:
        """The descriptions of all zones in use that are none of Olson's."""
        return "".join(self._made.values())

    def _read_head(self, head: tuple[str, ...]) -> None:
        for line in head:
            name, _, value = parts_of(line)
            if name == "X-WR-TIMEZONE" and value.strip():
                found = zone_named(value)
                if found is None or OFFSET.fullmatch(found):
                    self._note(value)
                else:
                    self.own = self.default = ZoneInfo(found)
                return

    def set(self, block: Block) -> Block:
        """Give an event whose times all say on which clock they are."""
        days = {
            name: value
            for name, _, value in map(parts_of, block.lines)
            if name in ("DTSTART", "DTEND")
        }
        is_mixed = len({"T" in each for each in days.values()}) > 1
        has_time = "T" in days.get("DTSTART", "") or is_mixed
        return Block(tuple(self._line(each, is_mixed, has_time) for each in block.lines))

    def _line(self, line: str, is_mixed: bool, has_time: bool) -> str:  # noqa: FBT001 - two facts of the event
        name, given, value = parts_of(line)
        if name == "RRULE" and has_time:
            return f"{name}{given}:{UNTIL.sub(_until, value)}"
        if name not in TIMES:
            return line
        found = TIME.match(value)
        if found is None or "PERIOD" in given.upper():
            return line
        if found[2] is None:
            if is_mixed and name in ("DTSTART", "DTEND"):
                return f"{name};TZID={self.default.key}:{value[:8]}T000000"
            return line
        others = TZID.sub("", given)
        if found[3]:
            return f"{name}{others}:{value}"
        named = TZID.search(given)
        zone = self._zone(named[1].strip('"')) if named else self.default.key
        return f"{name}{others};TZID={zone}:{value}"

    def _zone(self, name: str) -> str:
        if name not in self._ids:
            self._ids[name] = self._id_of(name)
        return self._ids[name]

    def _id_of(self, name: str) -> str:
        known = zone_named(name)
        if known is not None and not OFFSET.fullmatch(known):
            return known
        described = self._described.get(_plain(name))
        if described is not None:
            place = zone_named(described.value("X-LIC-LOCATION") or "")
            if place is not None and not OFFSET.fullmatch(place):
                return place
            made = self._keep(described)
            if made is not None:
                return made
        if known is not None:
            made = self._keep(_at_offset(known))
            if made is not None:
                return made
        self._note(name)
        return self.default.key

    def _keep(self, zone: Block) -> str | None:
        """Take a described zone in by a name of its own: icalendar remembers zones by name."""
        name = "zone-" + hashlib.sha256(zone.text.encode()).hexdigest()[:16]
        text = "".join(
            f"TZID:{name}\r\n" if parts_of(line)[0] == "TZID" else f"{line}\r\n"
            for line in zone.lines
        )
        try:
            read = Calendar.from_ical(f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n")
            for each in read.timezones:
                each.to_tz()
        except Exception:  # noqa: BLE001 - however a zone is broken, its name is noted by the caller
            return None
        self._made[name] = text
        return name

    def _note(self, name: str) -> None:
        self.problems.append(
            f"the time zone “{name.strip()}” is unknown, {self.default.key} is taken for it"
        )


def _at_offset(offset: str) -> Block:
    plain = offset.replace(":", "")
    return Block((
        "BEGIN:VTIMEZONE", f"TZID:{offset}", "BEGIN:STANDARD", "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{plain}", f"TZOFFSETTO:{plain}", "END:STANDARD", "END:VTIMEZONE",
    ))  # fmt: skip


def _until(found: re.Match[str]) -> str:
    """An end without a time is the end of that day; an end without a clock is taken as UTC."""
    return f"{found[1]}T{found[2] or '235959'}Z"


def _plain(name: str) -> str:
    return name.strip().strip('"').casefold()
