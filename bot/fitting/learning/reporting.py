"""What a run of learning did, and why: for the journal, and for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.fitting.learning.verdict import Compared


@dataclass(frozen=True)
class Report:
    """What a run did, and why."""

    outcome: str
    reasons: tuple[str, ...] = ()
    """What was looked at."""
    objections: tuple[str, ...] = ()
    """What of it speaks against serving it."""
    accepted: bool = False
    """Whether it is better beyond chance, and nowhere worse."""
    lessons: int = 0
    kept: int = 0
    turned: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    frozen: Compared | None = None
    month: Compared | None = None
    version: str | None = None
    people: Mapping[str, int] = field(default_factory=dict)
    """How many lessons are by whose word."""
    askers: int = 0
    """So many people's tickets they are."""
    recovered: bool = False
    refitted: tuple[str, ...] = ()
    """What became of gate and weights, a line on each."""

    def as_json(self) -> dict[str, Any]:
        """Give plain values, as the journal has them."""
        said: dict[str, Any] = {
            "outcome": self.outcome,
            "accepted": self.accepted,
            "version": self.version,
            "reasons": list(self.reasons),
            "objections": list(self.objections),
            "lessons": self.lessons,
            "learned": self.kept,
            "overruling": self.turned,
            "refused": dict(self.refused),
            "people": dict(self.people),
            "askers": self.askers,
            "recovered": self.recovered,
            "refitted": list(self.refitted),
        }
        for name, compared in (("holdout", self.frozen), ("month", self.month)):
            if compared is not None:
                said[name] = compared.as_json()
        return said


NO_OUTCOME = "no settled ticket on record says who could have settled it, or which article did"
NOTHING_NEW = "nothing on record is new since the last run"
PROMOTED, REFUSED, NOTHING, TRIED = "promoted", "refused", "nothing new", "dry run"
WITHDRAWN = "promoted without what is no longer on record"
BACK = "back to the shipped labels"
