"""While the database takes nothing: since when, so that it is read up; and the admin is alarmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.ports.delivery import AlarmWay
    from bot.desk.ports.time import Monotonic

log = structlog.get_logger(__name__)

PATIENCE_S = 30.0
"""A lock or a full disk of so many seconds needs nobody."""
AGAIN_S = 60.0


class Slips:
    """Remembers since when what Slack delivered could not be stored: it was not heard."""

    def __init__(self, monotonic: Monotonic) -> None:
        """Go by a clock that is never set."""
        self._monotonic = monotonic
        self.since: float | None = None
        self.why = ""
        self._last = 0.0

    def note(self, why: str) -> None:
        """Something could not be stored."""
        self._last, self.why = self._monotonic(), why
        if self.since is None:
            self.since = self._last

    def made_good(self, by: float) -> None:
        """All that had slipped by then was read; what slipped later is still to be."""
        if self._last <= by:
            self.since = None


class StorageAlarm:
    """Tells the admin, by the ways that need no database, that nothing can be stored."""

    def __init__(self, slips: Slips, monotonic: Monotonic, ways: Sequence[AlarmWay] = ()) -> None:
        """Join what slipped with the ways besides the log."""
        self._slips = slips
        self._monotonic = monotonic
        self._ways = ways
        self._is_told = False
        self._again_at = 0.0

    def step(self) -> None:
        """Say it once, and once that it is over; a way that fails is tried again."""
        since, now = self._slips.since, self._monotonic()
        if since is None:
            if self._is_told:
                self._is_told = False
                self._tell(
                    "Frontline can write to its database again, and has read what it missed."
                )
            return
        if self._is_told or now - since < PATIENCE_S or now < self._again_at:
            return
        self._again_at = now + AGAIN_S
        self._is_told = self._tell(
            f"Frontline cannot write to its database ({self._slips.why}), so nobody is answered. "
            "Look for a full disk, a lock of another program, or lost permissions; it goes on by "
            "itself, and reads from Slack what was written meanwhile."
        )

    def _tell(self, says: str) -> bool:
        log.error("alarm", says=says)
        told = not self._ways
        for way in self._ways:
            try:
                way.tell(says)
            except FrontlineError as failure:
                log.warning("alarm_not_told", way=type(way).__name__, why=str(failure))
            else:
                told = True
        return told
