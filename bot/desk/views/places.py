"""What people see where they look: homes, lists and single tickets, as values to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.desk.figures import Headline
from bot.desk.ids import ChannelId, EscalationId, TicketId, Ts, UserId, ticket_name
from bot.desk.learning import Ailing, GapLine
from bot.desk.promises import Priority, Promise
from bot.desk.tickets import EscalationState, IncidentLine, Resolution, TicketState
from bot.desk.tiers import Tier


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
    escalation: EscalationId | None = None
    overdue: Promise | None = None
    """The promise that is broken and still to be kept."""
    snoozed_by: UserId | None = None
    snoozed_until: datetime | None = None
    asked_ts: Ts | None = None
    card_at: tuple[ChannelId, Ts] | None = None
    incident: IncidentLine | None = None
    """The incident that it is part of."""
    told_of_end: bool = False
    link: str | None = None
    """To where its reader goes on with it: their own thread, or the card."""

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
            tied = self.resolution is Resolution.DUPLICATE and not self.told_of_end
            return Next.TIED if tied else Next.YOUR_WORD
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
    sources: tuple[str, ...] = ()
    """A line for each live source that is in trouble."""


@dataclass(frozen=True)
class HomeForAdmin:
    """Volumes, what is overdue, and how the desk is."""

    volumes: Volumes
    queues: tuple[Queue, ...]
    overdue: Overdue
    health: Health
    ailing: tuple[Ailing, ...] = ()
    """Articles that need an update, as of the last look."""
    gaps: tuple[GapLine, ...] = ()
    """What to write next: the gaps that cost most, of any group."""
    last_month: tuple[Headline, ...] = ()
    """What the desk achieved, as counted last."""


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
