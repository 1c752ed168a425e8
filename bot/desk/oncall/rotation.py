"""The rotation: members who take turns, as the configuration names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.desk.errors import ConfigurationError
from bot.desk.oncall.shifts import Roster, Shift
from bot.desk.promises import instant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from bot.desk.ids import UserId

A_MONDAY = date(2024, 1, 1)
"""Where a rotation without a start of its own begins to count."""


@dataclass(frozen=True)
class Rotation:
    """Members who take turns, a number of days each, handing over at a time on their own clock."""

    members: tuple[tuple[UserId, ...], ...]
    zone: ZoneInfo
    days: int = 7
    handover: time = time(9)
    start: date = A_MONDAY
    source: str = "rotation"

    def __post_init__(self) -> None:
        """Refuse a rotation that nobody is in, or that never turns."""
        if not self.members or not all(self.members):
            raise ConfigurationError("A rotation needs at least one member in every turn.")
        if self.days < 1:
            raise ConfigurationError("A turn of a rotation lasts at least one day.")

    @classmethod
    def weekly(
        cls,
        members: Sequence[UserId],
        zone: ZoneInfo,
        *,
        handover: time = time(9),
        weekday: int = 0,
        start: date | None = None,
    ) -> Rotation:
        """Turn every week on a weekday (0: Monday); `start` is in the first member's week."""
        begin = start or A_MONDAY
        begin -= timedelta(days=(begin.weekday() - weekday) % 7)
        return cls(tuple((each,) for each in members), zone, 7, handover, begin)

    @classmethod
    def daily(
        cls,
        members: Sequence[UserId],
        zone: ZoneInfo,
        *,
        handover: time = time(9),
        start: date | None = None,
    ) -> Rotation:
        """Turn every day; `start` is the first member's day."""
        return cls(tuple((each,) for each in members), zone, 1, handover, start or A_MONDAY)

    def roster(self, since: datetime, until: datetime) -> Roster:
        """Give the turns that touch a stretch of time; there is no gap, before `start` neither."""
        turn = (since.astimezone(self.zone).date() - self.start).days // self.days - 1
        shifts = []
        while (begin := self._begins(turn)) < until:
            end = self._begins(turn + 1)
            if end > since:
                shifts.append(
                    Shift(begin, end, self.members[turn % len(self.members)], self.source)
                )
            turn += 1
        return Roster(tuple(shifts))

    def _begins(self, turn: int) -> datetime:
        return instant(self.start + timedelta(days=turn * self.days), self.handover, self.zone)
