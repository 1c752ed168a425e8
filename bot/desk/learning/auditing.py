"""A sample of automatic answers that an engineer looks over: so precision in life is known."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from math import sqrt
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.deciding import Odds, Seen
    from bot.desk.ids import TicketId, UserId

Z = 1.96
"""Of the normal distribution: 95 of 100 intervals hold the truth."""


def is_sampled(ticket: TicketId, share: float) -> bool:
    """Tell whether a ticket's answer is looked over: by its number alone, so twice is the same."""
    digest = blake2b(f"audit {ticket}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64 < share


@dataclass(frozen=True)
class Share:
    """So many of so many, with the interval in which the true share lies 95 times in 100."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share itself; 0 of none."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval, which also holds for few and for all."""
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.value
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    def differs(self, other: Share) -> bool:
        """Tell whether two shares differ beyond chance: their intervals do not touch."""
        (low, high), (least, most) = self.interval, other.interval
        return high < least or most < low

    def __str__(self) -> str:
        """Say it: `38 of 41, 92.7% (80.6% to 97.5%)`."""
        if not self.of:
            return "none yet"
        low, high = self.interval
        return f"{self.hits} of {self.of}, {self.value:.1%} ({low:.1%} to {high:.1%})"


@dataclass(frozen=True)
class Precision:
    """How often automatic answers are right: as engineers find, and as requesters say."""

    looked_over: Share
    confirmed: Share
    """Of what requesters said a word on."""
    silent: int
    """Answers on which nobody said a word: neither right nor wrong."""

    @property
    def drifts(self) -> bool:
        """Whether the two differ beyond chance: one of them is not to be trusted."""
        return self.looked_over.differs(self.confirmed)


class Audits(Protocol):
    """The answers that are looked over."""

    def ask(self, ticket: TicketId, article: str) -> None:
        """Write down that an answer is to be looked over."""

    def say(self, ticket: TicketId, article: str, by: UserId, *, right: bool) -> None:
        """Write down what an engineer said of an answer; a later word replaces it."""

    def answered(self, ticket: TicketId, article: str, chance: float) -> None:
        """Write down how sure the gate was of an automatic answer."""

    def weighed(self, ticket: TicketId, odds: Odds) -> None:
        """Write down what the gate gave a message."""

    def seen(self, since: datetime, gate: str) -> tuple[Seen, ...]:
        """Give what a gate gave since then, beside what came of it, the oldest first."""

    def precision(self, since: datetime) -> Precision:
        """Tell how often answers since then were right."""
