"""Live sources: when each is brought in again, and how it stands, in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_WISH = timedelta(days=1)


@dataclass(frozen=True)
class SourceState:
    """How a live source stands: what came of the last try, and when the next one is."""

    name: str
    kind: str
    articles: int = 0
    says: str = ""
    """Why the last try failed; empty where it did not."""
    notes: str = ""
    """What was left out, and why, though all went well."""
    began_at: datetime | None = None
    done_at: datetime | None = None
    """When it was last brought in whole."""
    next_at: datetime | None = None
    failures: int = 0
    """Tries that failed since then."""

    def is_due(self, now: datetime) -> bool:
        """Whether it is time; a clock that was set back makes nothing wait."""
        if self.next_at is None or self.began_at is None:
            return True
        return self.next_at <= now or self.began_at > now

    @property
    def is_well(self) -> bool | None:
        """Whether the last try succeeded; None where there was none."""
        if self.says:
            return False
        return True if self.done_at is not None else None

    def line(self) -> str:
        """Say how it stands, in one line."""
        since = f"{self.done_at:%Y-%m-%d %H:%M} UTC" if self.done_at else ""
        many = f"{self.articles} article{'s' * (self.articles != 1)}"
        if self.is_well is None:
            return "not brought in yet; `frontline serve` does it, or `frontline kb sync`."
        if not self.says:
            more = f" {self.notes}" if self.notes else ""
            return f"{many}, brought in at {since}.{more}"
        stays = f"{many} of {since} stay" if since else f"{many} so far"
        tries = f"{self.failures} tr{'ies' if self.failures != 1 else 'y'} failed"
        again = f", the next at {self.next_at:%Y-%m-%d %H:%M} UTC" if self.next_at else ""
        return f"{self.says} {stays}; {tries}{again}."


def pause_after(failures: int, every: timedelta, wish: float | None = None) -> timedelta:
    """Give how long a source is left alone after so many failures; `wish` is its own, in seconds.

    A minute first, twice as long each time, up to an hour, or `every` where that is longer.
    """
    longest = max(every, LONGEST_PAUSE)
    doubled = FIRST_PAUSE * (1 << min(max(failures, 1) - 1, 20))
    wished = timedelta(seconds=wish or 0.0)
    return max(min(doubled, longest), min(wished, LONGEST_WISH))
