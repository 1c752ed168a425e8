"""What people say about the desk's own work: what triage should have said, and stars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import TicketId, UserId

LABELS = ("L1", "L2", "L3", "chat")
"""What a message can be labelled as; L1 may name the article that answers it."""

STARS = range(1, 6)


@dataclass(frozen=True)
class TriageLabel:
    """An engineer's word on what triage should have said of a message."""

    ticket: TicketId
    text: str
    label: str
    article: str | None
    by: UserId
    at: datetime


@dataclass(frozen=True)
class Rating:
    """A requester's stars for a ticket, from one to five, and a remark where there is one."""

    ticket: TicketId
    stars: int
    remark: str
    by: UserId
    at: datetime


class Feedback(Protocol):
    """Labels and ratings on record."""

    def label(
        self, ticket: TicketId, text: str, label: str, article: str | None, by: UserId
    ) -> None:
        """Write down what triage should have said; the same person's later word replaces it."""

    def labelled(self, ticket: TicketId, by: UserId) -> bool:
        """Tell whether somebody said before what triage should have said of a ticket."""

    def labels(self) -> tuple[TriageLabel, ...]:
        """Give all labels, oldest first."""

    def rate(self, ticket: TicketId, stars: int, by: UserId) -> None:
        """Write down a rating; a later one replaces it and keeps the remark."""

    def remark(self, ticket: TicketId, text: str) -> bool:
        """Add a remark to a rating; False where the ticket has none."""

    def rating(self, ticket: TicketId) -> Rating | None:
        """Find the rating of a ticket."""
