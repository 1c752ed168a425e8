"""The ticket: one request, from first message to closure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.errors import TransitionError
from bot.desk.ids import Thread, TicketId, Ts, UserId, ticket_name
from bot.desk.tickets.seeing import NOBODY

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.promises import Priority


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    ANSWERED = "answered"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Resolution(StrEnum):
    """How a ticket was settled."""

    ARTICLE = "by article"
    L2 = "by L2"
    L3 = "by L3"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    NO_REPLY = "no reply"


TICKET_TRANSITIONS: dict[TicketState, frozenset[TicketState]] = {
    TicketState.OPEN: frozenset(
        {TicketState.ANSWERED, TicketState.ESCALATED, TicketState.RESOLVED}
    ),
    TicketState.ANSWERED: frozenset(
        {TicketState.ANSWERED, TicketState.ESCALATED, TicketState.RESOLVED}
    ),
    TicketState.ESCALATED: frozenset(
        {TicketState.ESCALATED, TicketState.RESOLVED, TicketState.OPEN}
    ),
    TicketState.RESOLVED: frozenset({TicketState.CLOSED, TicketState.OPEN}),
    TicketState.CLOSED: frozenset({TicketState.OPEN}),
}
"""From each state, the states that may follow; back to OPEN is a reopening, or a recall."""


@dataclass(frozen=True)
class Ticket:
    """One request and where it stands."""

    id: TicketId
    thread: Thread
    requester: UserId
    question: str
    asked_ts: Ts
    opened_at: datetime
    state: TicketState = TicketState.OPEN
    resolution: Resolution | None = None
    articles_shown: tuple[str, ...] = ()
    articles_failed: tuple[str, ...] = ()
    reopened: int = 0
    priority: Priority | None = None
    waiting_since: datetime | None = None
    muted: bool = False
    duplicate_of: TicketId | None = None
    told_of_end: bool = False
    confirmed: bool = False
    priority_why: str = ""
    matter: str | None = None
    """The route that it took; None where it went the usual way."""
    restricted_to: str | None = None
    """The one group that may see it, `NOBODY` as long as there is none; None where all may."""

    @property
    def is_restricted(self) -> bool:
        """Whether only its requester and its group may see it, anywhere."""
        return self.restricted_to is not None

    @property
    def is_held(self) -> bool:
        """Whether nobody but its requester may see it as yet: no people are called for it."""
        return self.restricted_to == NOBODY

    @property
    def name(self) -> str:
        """The ticket's number as people say it."""
        return ticket_name(self.id)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is expected of anybody."""
        return self.state in {TicketState.RESOLVED, TicketState.CLOSED}

    def _move(self, to: TicketState) -> Ticket:
        if to not in TICKET_TRANSITIONS[self.state]:
            raise TransitionError(self.name, self.state, to)
        return replace(self, state=to)

    def answered_with(self, article: str) -> Ticket:
        """Show an article to the requester."""
        shown = tuple(dict.fromkeys((*self.articles_shown, article)))
        return replace(self._move(TicketState.ANSWERED), articles_shown=shown)

    def shown_meanwhile(self, article: str) -> Ticket:
        """Show an article while people are called; the state stays."""
        shown = tuple(dict.fromkeys((*self.articles_shown, article)))
        return replace(self, articles_shown=shown)

    def article_failed(self, article: str) -> Ticket:
        """Remember that an article did not help; the state stays."""
        failed = tuple(dict.fromkeys((*self.articles_failed, article)))
        return replace(self, articles_failed=failed)

    def escalated(self) -> Ticket:
        """Pass the ticket to people."""
        return self._move(TicketState.ESCALATED)

    def resolved(self, how: Resolution) -> Ticket:
        """Settle the ticket and say how; nobody waits for its requester any more."""
        return replace(self._move(TicketState.RESOLVED), resolution=how, waiting_since=None)

    def duplicate(self, original: TicketId) -> Ticket:
        """Settle the ticket as the same as another, whose end is this one's too."""
        return replace(self.resolved(Resolution.DUPLICATE), duplicate_of=original)

    def told(self) -> Ticket:
        """Remember that the end of the original was told, so that it is told once."""
        return replace(self, told_of_end=True)

    def closed(self, *, confirmed: bool = False) -> Ticket:
        """Close a settled ticket; `confirmed` where its requester said that it is fixed."""
        return replace(self._move(TicketState.CLOSED), confirmed=confirmed)

    def recalled(self) -> Ticket:
        """Take it back from whoever was called, as if nobody had been; else nothing changes."""
        return self._move(TicketState.OPEN) if self.state is TicketState.ESCALATED else self

    def reopen(self) -> Ticket:
        """Take a settled ticket up again."""
        return replace(
            self._move(TicketState.OPEN),
            resolution=None,
            reopened=self.reopened + 1,
            duplicate_of=None,
            told_of_end=False,
            confirmed=False,
        )

    def reworded(self, question: str) -> Ticket:
        """Follow an edit of the first message; the state stays."""
        return replace(self, question=question)

    def waits(self, since: datetime) -> Ticket:
        """Wait for the requester; who waits already has waited longer."""
        return replace(self, waiting_since=self.waiting_since or since)

    def heard(self) -> Ticket:
        """Wait no more: the requester wrote, or it goes on without."""
        return replace(self, waiting_since=None)

    def prioritised(self, priority: Priority, why: str = "") -> Ticket:
        """Say what comes first, and why."""
        return replace(self, priority=priority, priority_why=why)

    def routed(self, matter: str | None, restricted_to: str | None = None) -> Ticket:
        """Send it on a route, or back on the usual way; kept to a group where one is named."""
        return replace(self, matter=matter, restricted_to=restricted_to)

    def hushed(self, *, muted: bool) -> Ticket:
        """Keep reminders out of the requester's thread, or let them in again."""
        return replace(self, muted=muted)
