"""A rota without those who are no members of the workspace: their turns are gaps, and told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.ids import UserId
    from bot.desk.oncall import Roster, Rota


@dataclass(frozen=True)
class Present:
    """A rota whose members are looked up, never believed."""

    rota: Rota
    is_gone: Callable[[UserId], bool]

    def roster(self, since: datetime, until: datetime) -> Roster:
        """Give the shifts of those who are there; the note names the others."""
        roster = self.rota.roster(since, until)
        named = {member for shift in roster.shifts for member in shift.members}
        gone = sorted(each for each in named if self.is_gone(each))
        if not gone:
            return roster
        shifts = tuple(
            replace(shift, members=here)
            for shift in roster.shifts
            if (here := tuple(each for each in shift.members if each not in gone))
        )
        verb = "is no active member" if len(gone) == 1 else "are no active members"
        said = f"{', '.join(gone)} {verb} of the workspace; take them out of the rota."
        return replace(roster, shifts=shifts, note=f"{roster.note} {said}".strip())
