"""Once a day the gate is put as far towards articles as what came of its decisions says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.deciding import leaning_of
from bot.service.learning.gathering import WINDOW

if TYPE_CHECKING:
    from bot.service.context import Desk


@dataclass(frozen=True)
class Leaning:
    """How far the gate leans, and by how many tickets that was found."""

    by: float
    tickets: int


def lean(desk: Desk, missed: float) -> Leaning:
    """Look at the last 90 days, and lean so far from now on.

    `missed` is the share of what people settled as people's that may not be called for by it.
    """
    policy, gate = desk.triager.gate()
    with desk.look() as uow:
        seen = uow.audits.seen(desk.clock() - WINDOW, gate)
    by = leaning_of(seen, policy.escalate_at, missed)
    desk.triager.lean(by, gate)
    return Leaning(by, len(seen))
