"""A lesson: what one ticket teaches, and what the shipped labels make of its message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.learning.outcomes import LEAST, confirmed, weightiest
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.desk.ids import TicketId
    from bot.desk.learning.outcomes import Outcome


REQUESTER = "requester"
"""Whose word a lesson is where nobody who works on tickets said so."""

ASKERS, VOICES = 3, 2
"""So many people's tickets have to say a thing, by the word of so many, to be several."""
CROWD = 8
"""So many requesters are believed alone: more than a few who agreed on it."""


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
    source: str = REQUESTER

    @property
    def says(self) -> tuple[str, str]:
        """What is claimed."""
        return self.label, self.article


def said_by_several(lessons: Collection[Lesson]) -> bool:
    """Tell whether several people say it: neither one who asks much nor one who presses much.

    So many people's tickets say it, by the word of so many. Anybody can press "That solved it",
    and a few who agree to do so are soon there: where nobody who works on tickets says the same, it
    takes a crowd.
    """
    askers = {each.asker for each in lessons}
    voices = {each.by for each in lessons}
    if len(askers) < ASKERS or len(voices) < VOICES:
        return False
    return len(askers) >= CROWD or any(each.source != REQUESTER for each in lessons)


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
