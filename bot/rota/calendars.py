"""A rota from a calendar: read now and then, kept on disk, and the last known when it fails."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.oncall import LOOK_AHEAD, LOOK_BACK, Roster
from bot.rota.errors import CalendarError
from bot.rota.ical import CalendarFile, CalendarShifts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from bot.desk.ports.time import Clock
    from bot.rota.names import Names

log = structlog.get_logger(__name__)

MARGIN = timedelta(days=2)
NAMED_STRANGERS = 3


@dataclass(frozen=True)
class CalendarSource:
    """Where a calendar comes from, what it is called, and where the last good one is kept."""

    read: Callable[[], bytes]
    keep: Path
    name: str = "calendar"


class CalendarRota:
    """Answers from what was last read; `refresh` reads again, and is called from a thread."""

    def __init__(self, source: CalendarSource, names: Names, zone: ZoneInfo, clock: Clock) -> None:
        """Prepare; nothing is read until `recall` or `refresh`."""
        self._read = source.read
        self._keep = source.keep
        self._source = source.name
        self._names = names
        self._zone = zone
        self._clock = clock
        self._lock = threading.Lock()
        self._known = CalendarShifts(())
        self._note = "The calendar has not been read yet."
        self._is_old = True

    def roster(self, since: datetime, until: datetime) -> Roster:
        """Give the shifts that touch a stretch of time, as last read."""
        with self._lock:
            known, note, is_old = self._known, self._note, self._is_old
        touching = (each for each in known.shifts if each.start < until and each.end > since)
        return Roster(tuple(touching), note, is_old)

    def recall(self) -> None:
        """Take up what an earlier process had read, so that the first question has an answer."""
        try:
            data, when = self._kept()
        except OSError:
            return
        try:
            self._use(self._unfold(data), f"The calendar as it was read on {when}.", old=True)
        except CalendarError as failure:
            log.warning("kept_calendar_unreadable", source=self._source, error=str(failure))

    def refresh(self) -> None:
        """Read the calendar again; what was known stays where that fails, and is noted as old."""
        try:
            data = self._read()
            found = self._unfold(data)
        except CalendarError as failure:
            self._fall_back(str(failure))
            return
        if self._known.shifts and not found.shifts and not found.problems:
            self._fall_back("The calendar has become empty.")
            return
        if found.problems:
            log.warning("calendar_in_parts", source=self._source, problems=found.problems)
        self._store(data)
        self._use(found, _note_about(found))

    def _unfold(self, data: bytes) -> CalendarShifts:
        now = self._clock()
        calendar = CalendarFile(data, self._zone)
        since, until = now - LOOK_BACK - MARGIN, now + LOOK_AHEAD + MARGIN
        return calendar.shifts(since, until, self._names, self._source)

    def _fall_back(self, why: str) -> None:
        log.warning("calendar_unavailable", source=self._source, error=why)
        try:
            data, when = self._kept()
            known = self._unfold(data)
        except (OSError, CalendarError):
            with self._lock:
                self._note, self._is_old = why, True
            return
        self._use(known, f"{why} The last known one, of {when}, is used.", old=True)

    def _use(self, found: CalendarShifts, note: str, *, old: bool = False) -> None:
        with self._lock:
            self._known, self._note, self._is_old = found, note, old

    def _kept(self) -> tuple[bytes, str]:
        data = self._keep.read_bytes()
        kept_at = datetime.fromtimestamp(self._keep.stat().st_mtime, UTC).astimezone(self._zone)
        return data, f"{kept_at:%Y-%m-%d %H:%M}"

    def _store(self, data: bytes) -> None:
        try:
            self._keep.parent.mkdir(parents=True, exist_ok=True)
            beside = self._keep.with_suffix(".new")
            beside.write_bytes(data)
            now = self._clock().timestamp()
            os.utime(beside, (now, now))
            beside.replace(self._keep)
        except OSError as failure:
            log.warning("calendar_not_kept", file=str(self._keep), error=str(failure))


def _note_about(found: CalendarShifts) -> str:
    said = []
    if found.strangers:
        named = ", ".join(f"“{title}”" for title in found.strangers[:NAMED_STRANGERS])
        said.append(
            f"The calendar names nobody known in {named}; add them under people in the rota."
        )
    if found.problems:
        more = len(found.problems) - NAMED_STRANGERS
        named = "; ".join(found.problems[:NAMED_STRANGERS])
        said.append(f"In the calendar, {named}{f'; and {more} more' if more > 0 else ''}.")
    if not found.shifts and not said:
        said.append("The calendar has no shifts in the coming weeks.")
    return " ".join(said)
