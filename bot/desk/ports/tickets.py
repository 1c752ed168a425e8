"""Tickets, escalations, what was said and tried, and the record of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.desk.articles import TriedStep
    from bot.desk.ids import (
        ChannelId,
        EscalationId,
        Thread,
        TicketId,
        Ts,
        UserId,
    )
    from bot.desk.tickets import Escalation, EscalationState, File, Line, Ticket
    from bot.desk.tiers import Tier


class Tickets(Protocol):
    """The tickets on record."""

    def open(self, thread: Thread, requester: UserId, question: str, ts: Ts) -> Ticket:
        """Open a ticket for the first message of a thread, or for a later one that asks anew."""

    def get(self, ticket: TicketId) -> Ticket | None:
        """Find a ticket by its number."""

    def those(self, numbers: Sequence[TicketId]) -> tuple[Ticket, ...]:
        """Find tickets by their numbers, in one look and this order; what is gone is left out."""

    def in_thread(self, thread: Thread) -> Ticket | None:
        """Find the ticket whose requester's thread this is: the newest one that is not settled."""

    def duplicates_of(self, original: TicketId, limit: int = -1) -> tuple[Ticket, ...]:
        """Give the tickets that were settled as the same as another, oldest first."""

    def told_of_end(self, original: TicketId) -> tuple[Ticket, ...]:
        """Mark all that follow a ticket as told of its end; gives those that were not yet."""

    def others_with(self, original: TicketId, requester: UserId) -> int:
        """Count the people, besides one, whose tickets were settled as the same."""

    def opened_since(
        self,
        since: datetime,
        after: TicketId | None = None,
        *,
        saying: Callable[[str], bool] | None = None,
    ) -> tuple[Ticket, ...]:
        """Give the latest tickets that anybody may see, of all or of those after one.

        With `saying`, of the latest those alone whose words this holds for.
        """

    def reopened_since(self, since: datetime) -> tuple[Ticket, ...]:
        """Give the tickets that people work on again, of those that anybody may see."""

    def of_requester(
        self, requester: UserId, since: datetime, *, saying: Callable[[str], bool] | None = None
    ) -> tuple[Ticket, ...]:
        """Give somebody's latest tickets, newest first; with `saying`, as above."""

    def save(self, ticket: Ticket) -> None:
        """Write a ticket's state."""


class Escalations(Protocol):
    """The escalations on record."""

    def open(
        self, ticket: TicketId, tier: Tier, group: str, reasons: tuple[str, ...]
    ) -> Escalation:
        """Open an escalation; a ticket has at most one open at a time."""

    def get(self, escalation: EscalationId) -> Escalation | None:
        """Find an escalation by its id."""

    def open_for(self, ticket: TicketId) -> Escalation | None:
        """Find the escalation of a ticket that somebody still has to act on."""

    def latest_for(self, ticket: TicketId) -> Escalation | None:
        """Find the last escalation of a ticket, open or not."""

    def assigned(self) -> tuple[Escalation, ...]:
        """Give the open escalations that somebody has."""

    def without_timer(self) -> tuple[Escalation, ...]:
        """Find open escalations that no timer will ever speak of."""

    def all_for(self, ticket: TicketId) -> tuple[Escalation, ...]:
        """Give all escalations of a ticket, oldest first."""

    def in_thread(self, thread: Thread) -> Escalation | None:
        """Find the escalation whose card opened this thread."""

    def save(self, escalation: Escalation, *, was: EscalationState) -> None:
        """Compare and set: write the escalation if it still is in the state it was read in.

        Raises:
            StaleStateError: somebody else moved it first.
        """


class Conversation(Protocol):
    """What was said on a ticket, in order."""

    def add(
        self,
        ticket: TicketId,
        author: UserId | None,
        text: str,
        ts: Ts | None,
        files: tuple[File, ...] = (),
        *,
        channel: ChannelId | None = None,
    ) -> None:
        """Add a message and what came with it; None as author is Frontline.

        `channel` is where it was written, if that is not where its ticket stands.
        """

    def edit(self, thread: Thread, ts: Ts, text: str) -> bool:
        """Replace a message's text in every copy; False where it is not on record or the same."""

    def delete(self, thread: Thread, ts: Ts) -> bool:
        """Take a message's words out of every copy; False where it is not on record."""

    def holds(self, thread: Thread, ts: Ts) -> bool:
        """Tell whether a message is on record, or was until it was deleted."""

    def ticket_of(self, thread: Thread, ts: Ts) -> TicketId | None:
        """Give the ticket on whose record a message is, wherever it was written."""

    def of(self, ticket: TicketId) -> tuple[Line, ...]:
        """Give all messages, oldest first."""


class Steps(Protocol):
    """The steps of articles that requesters tried."""

    def add(self, ticket: TicketId, tried: TriedStep) -> None:
        """Record a step and what came of it."""

    def of(self, ticket: TicketId) -> tuple[TriedStep, ...]:
        """Give the steps that were tried on a ticket, in order."""


class Audit(Protocol):
    """The append-only record of who did what."""

    def note(self, ticket: TicketId, actor: UserId | None, what: str, details: str = "") -> None:
        """Add a line; None as actor is Frontline."""
