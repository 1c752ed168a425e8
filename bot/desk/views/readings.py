"""Where what people see is read from, and what is kept of how they want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import TicketId, UserId
    from bot.desk.views.homes import HomeChoices, Sought
    from bot.desk.views.places import Health, Overdue, Queue, TicketSummary, Volumes


class Readings(Protocol):
    """What is on record, read at one instant; every question is answered by an index."""

    @property
    def searchable(self) -> bool:
        """Whether tickets are found by their words."""

    def summary(self, ticket: TicketId) -> TicketSummary | None:
        """Give one ticket on a line."""

    def incidents(self, limit: int) -> tuple[TicketSummary, ...]:
        """Give the open incidents by their roots, the newest first."""

    def open_of(self, requester: UserId, limit: int, offset: int = 0) -> tuple[TicketSummary, ...]:
        """Give somebody's requests that are under way, the newest first."""

    def settled_of(
        self, requester: UserId, limit: int, offset: int = 0
    ) -> tuple[TicketSummary, ...]:
        """Give somebody's latest requests that were settled."""

    def choices_of(self, user: UserId) -> HomeChoices:
        """Give what somebody wants to see on their Home."""

    def sought(self, sought: Sought) -> tuple[TicketSummary, ...]:
        """Give open escalations, P1 first, then the oldest."""

    def count(self, sought: Sought) -> int:
        """Count them, on all pages, up to `MANY`."""

    def due_before(self, until: datetime, sought: Sought) -> tuple[TicketSummary, ...]:
        """Give the tickets of groups whose next promise falls due before an instant."""

    def popular(self, since: datetime, limit: int) -> tuple[tuple[str, int], ...]:
        """Give the articles that were shown most, and how often."""

    def volumes(self, day: datetime, week: datetime) -> Volumes:
        """Count what came since two instants, what is open, and how it ended."""

    def queues(self) -> tuple[Queue, ...]:
        """Count what each group has to do."""

    def overdue(self, limit: int) -> Overdue:
        """Find broken promises that are still open."""

    def health(self) -> Health:
        """Count what could not be done."""

    def search(
        self, words: tuple[str, ...], requester: UserId | None, limit: int
    ) -> tuple[TicketSummary, ...]:
        """Find tickets with all these words, the newest first; of one requester, or of all."""


class HomeViewers(Protocol):
    """Who has opened their Home, so that it is kept up to date, and what they want to see."""

    def opened(self, user: UserId) -> None:
        """Remember a viewer; their Home is built and published soon."""

    def choices(self, user: UserId) -> HomeChoices:
        """Give what somebody wants to see."""

    def choose(self, user: UserId, choices: HomeChoices) -> None:
        """Keep what somebody wants to see from now on."""

    def published(
        self, user: UserId, mark: int, groups: tuple[str, ...] = (), seen: int = 0
    ) -> None:
        """Record that a Home was built, unless what it shows changed since the mark.

        It is its reader's alone, or shows what these groups do, as of the last move that was seen.
        """

    def forget(self, user: UserId) -> None:
        """Publish no more to somebody, until they open their Home again."""
