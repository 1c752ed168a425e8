"""What people see where they look: homes, lists and single tickets, as values to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.desk.ids import ChannelId, TicketId, UserId, ticket_name
from bot.desk.oncall import Watchers
from bot.desk.promises import Priority, Promise
from bot.desk.tickets import EscalationState, Resolution, TicketState
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Collection


class Next(StrEnum):
    """What happens next with a request, as its requester needs to know it."""

    LOOKING = "looking"
    TRY_ARTICLE = "try article"
    TAKEN_SOON = "taken soon"
    WORKED_ON = "worked on"
    YOUR_ANSWER = "your answer"
    TIED = "tied"
    YOUR_WORD = "your word"
    NOTHING = "nothing"


@dataclass(frozen=True)
class TicketSummary:
    """A ticket on one line: where it stands, who has it, and what is due next."""

    id: TicketId
    requester: UserId
    question: str
    state: TicketState
    opened_at: datetime
    updated_at: datetime
    channel: ChannelId
    resolution: Resolution | None = None
    priority: Priority | None = None
    waiting: bool = False
    duplicate_of: TicketId | None = None
    confirmed: bool = False
    tier: Tier | None = None
    group: str | None = None
    step: EscalationState | None = None
    assignee: UserId | None = None
    due: datetime | None = None
    promise: Promise | None = None
    restricted_to: str | None = None

    @property
    def name(self) -> str:
        """The ticket's number as people say it."""
        return ticket_name(self.id)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is expected of anybody."""
        return self.state in {TicketState.RESOLVED, TicketState.CLOSED}

    @property
    def next(self) -> Next:
        """What happens next."""
        if self.state is TicketState.CLOSED:
            return Next.NOTHING
        if self.state is TicketState.RESOLVED:
            return Next.TIED if self.resolution is Resolution.DUPLICATE else Next.YOUR_WORD
        if self.waiting:
            return Next.YOUR_ANSWER
        if self.state is TicketState.ESCALATED:
            taken = self.step is EscalationState.ACKNOWLEDGED
            return Next.WORKED_ON if taken else Next.TAKEN_SOON
        return Next.TRY_ARTICLE if self.state is TicketState.ANSWERED else Next.LOOKING


@dataclass(frozen=True)
class PopularArticle:
    """An article that was shown often lately."""

    article: str
    title: str
    times: int


@dataclass(frozen=True)
class HomeForRequester:
    """My requests, what happens next, and what others asked."""

    open: tuple[TicketSummary, ...] = ()
    settled: tuple[TicketSummary, ...] = ()
    popular: tuple[PopularArticle, ...] = ()


@dataclass(frozen=True)
class HomeForEngineer:
    """What I have, what nobody has, what is due soon, and who is on call."""

    mine: tuple[TicketSummary, ...] = ()
    unassigned: tuple[TicketSummary, ...] = ()
    due_soon: tuple[TicketSummary, ...] = ()
    on_call: tuple[Watchers, ...] = ()


@dataclass(frozen=True)
class Volumes:
    """How much comes in, and how it ends."""

    opened_day: int = 0
    opened_week: int = 0
    open_now: int = 0
    settled_week: tuple[tuple[Resolution, int], ...] = ()


@dataclass(frozen=True)
class Queue:
    """What one group has to do: called and not taken yet, and taken."""

    group: str
    pending: int
    taken: int


@dataclass(frozen=True)
class Overdue:
    """Promises that are broken and still open: how many, and the oldest of them."""

    count: int = 0
    oldest: tuple[TicketSummary, ...] = ()


@dataclass(frozen=True)
class Health:
    """What the desk itself could not do."""

    undelivered: int = 0
    failed: int = 0
    waiting: int = 0
    rotas: tuple[str, ...] = ()
    aside: int = 0
    """Notices and timers that cannot be read, or whose firing fails."""


@dataclass(frozen=True)
class HomeForAdmin:
    """Volumes, what is overdue, and how the desk is."""

    volumes: Volumes
    queues: tuple[Queue, ...]
    overdue: Overdue
    health: Health


@dataclass(frozen=True)
class Said:
    """One message on a ticket, with its time; None as author is Frontline."""

    at: datetime
    author: UserId | None
    text: str
    deleted: bool = False


@dataclass(frozen=True)
class Passage:
    """One escalation of a ticket, from call to end."""

    tier: Tier
    group: str
    state: EscalationState
    opened_at: datetime
    updated_at: datetime
    assignee: UserId | None
    reasons: tuple[str, ...]
    findings: str = ""
    cause: str = ""
    fix: str = ""
    prevention: str = ""
    right_tier: Tier | None = None
    article_wanted: bool = False
    article_words: str = ""


@dataclass(frozen=True)
class AuditLine:
    """Who did what to a ticket; None as actor is Frontline."""

    at: datetime
    actor: UserId | None
    what: str
    details: str


@dataclass(frozen=True)
class TicketRecord:
    """Everything on record about one ticket."""

    summary: TicketSummary
    conversation: tuple[Said, ...]
    escalations: tuple[Passage, ...]
    audit: tuple[AuditLine, ...]
    stars: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which tickets a list is about; without a state, those that are not settled."""

    states: tuple[TicketState, ...] = ()
    tier: Tier | None = None
    requester: UserId | None = None
    since: datetime | None = None
    limit: int = 100


class Readings(Protocol):
    """What is on record, read at one instant; every question is answered by an index."""

    @property
    def searchable(self) -> bool:
        """Whether tickets are found by their words."""

    def summary(self, ticket: TicketId) -> TicketSummary | None:
        """Give one ticket on a line."""

    def open_of(self, requester: UserId, limit: int) -> tuple[TicketSummary, ...]:
        """Give somebody's requests that are under way, the newest first."""

    def settled_of(self, requester: UserId, limit: int) -> tuple[TicketSummary, ...]:
        """Give somebody's latest requests that were settled."""

    def assigned_to(self, engineer: UserId, limit: int) -> tuple[TicketSummary, ...]:
        """Give the tickets that an engineer has, the oldest first."""

    def unassigned_in(self, groups: Collection[str], limit: int) -> tuple[TicketSummary, ...]:
        """Give the tickets of groups that nobody has taken, the oldest first."""

    def due_before(
        self, until: datetime, groups: Collection[str], limit: int
    ) -> tuple[TicketSummary, ...]:
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
    """Who has opened their Home, so that it is kept up to date."""

    def opened(self, user: UserId) -> None:
        """Remember a viewer; their Home is built and published soon."""

    def published(self, user: UserId, mark: int) -> None:
        """Record that a Home was built, unless what it shows changed since the mark."""

    def forget(self, user: UserId) -> None:
        """Publish no more to somebody, until they open their Home again."""
