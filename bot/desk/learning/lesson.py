"""A lesson: what one ticket teaches, and what the shipped labels make of its message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.learning.outcomes import LEAST, confirmed, weightiest
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.ids import TicketId
    from bot.desk.learning.outcomes import Outcome


@dataclass(frozen=True)
class Lesson:
    """What one ticket teaches; the people in it are nobody's names, but the same ones each time."""

    ticket: TicketId
    text: str
    label: str
    article: str
    """What answers it; "" for none."""
    trust: float
    at: datetime
    by: str
    """Whose word it is."""
    asker: str
    """Whose ticket it is."""
    source: str = "requester"

    @property
    def says(self) -> tuple[str, str]:
        """What is claimed."""
        return self.label, self.article


@dataclass(frozen=True)
class Opinion:
    """What the shipped labels make of a lesson's message."""

    label: str
    chance: float
    """Of that label."""
    article: str = ""
    score: float = 0.0
    """The search's own chance that this article answers."""


def lesson_of(outcomes: tuple[Outcome, ...], known_as: Callable[[str], str]) -> Lesson | None:
    """Give what one ticket teaches; None where nobody could be believed."""
    best = weightiest(outcomes)
    if best is None or not best.text.strip() or best.trust < LEAST:
        return None
    article = next((article for _, article in confirmed(outcomes)), "")
    return Lesson(
        best.ticket,
        best.text,
        str(best.label),
        article if best.label == Tier.L1.value else "",
        best.trust,
        best.at,
        known_as(best.by or ""),
        known_as(best.asker or ""),
        best.source,
    )
