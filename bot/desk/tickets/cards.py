"""What the desk says to engineers: the card, its thread, and what is handed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.articles import TriedStep
from bot.desk.ids import ChannelId, EscalationId, IncidentId, TicketId, UserId
from bot.desk.promises import Priority, Promise, TimerKind
from bot.desk.tickets.escalation import EscalationState
from bot.desk.tiers import Tier


@dataclass(frozen=True)
class IncidentLine:
    """The incident that an escalation is about, as its card shows it."""

    number: IncidentId
    title: str
    owner: UserId | None
    since: datetime
    affected: int
    told_at: datetime | None = None
    """When everyone was told something last."""
    ended: bool = False
    told: str = ""
    """What that was; left out where a card shows it."""


@dataclass(frozen=True)
class Card:
    """The one message of an escalation that always shows the truth."""

    ticket: TicketId
    escalation: EscalationId
    tier: Tier
    state: EscalationState
    requester: UserId
    question: str
    reasons: tuple[str, ...]
    channel: ChannelId
    permalink: str | None = None
    usergroup: str | None = None
    members: tuple[UserId, ...] = ()
    note: str = ""
    assignee: UserId | None = None
    cause: str = ""
    fix: str = ""
    findings: str = ""
    due: tuple[tuple[Promise, datetime], ...] = ()
    expected: datetime | None = None
    prevention: str = ""
    right_tier: Tier | None = None
    article_wanted: bool = False
    article_words: str = ""
    priority: Priority | None = None
    waiting_since: datetime | None = None
    muted: bool = False
    duplicate_of: TicketId | None = None
    priority_why: str = ""
    kept: tuple[str, ...] = ()
    """Articles whose names stay off the handoff: not everybody may see them."""
    area: str = ""
    """What it is about, where that is known: the area of the article that comes closest."""
    since: datetime | None = None
    """When it was asked."""
    also: tuple[UserId, ...] = ()
    """Who else reports the same."""
    shown: tuple[str, ...] = ()
    """Articles that the requester was shown, those shown while people were called too."""
    failed: tuple[str, ...] = ()
    last_step: TriedStep | None = None
    others: int = 0
    """How many others report the same; the first of them are named in `also`."""
    incident: IncidentLine | None = None
    snoozed_by: UserId | None = None
    """Who has seen it and lets it rest, and until when."""
    snoozed_until: datetime | None = None
    worse_at: datetime | None = None
    """When those on call were pinged last because more was told of a danger."""
    kind: Literal["card"] = "card"


@dataclass(frozen=True)
class File:
    """Something attached to a message, by link."""

    name: str
    url: str

    @property
    def shown(self) -> str:
        """As it stands below the words of its message."""
        return f"[file: {f'{self.name} {self.url}'.strip()}]"


def with_names(text: str, files: tuple[File, ...]) -> str:
    """Words, and below them the names of what came with them: people write secrets there too."""
    return "\n".join((text, *(file.name for file in files))).strip()


def with_files(text: str, files: tuple[File, ...]) -> str:
    """Words, and below them what came with them: to be read by people, and by nobody else."""
    return "\n".join((text, *(file.shown for file in files))).strip()


@dataclass(frozen=True)
class Line:
    """One message of the conversation so far."""

    author: UserId | None
    text: str
    deleted: bool = False
    files: tuple[File, ...] = ()
    """What came with it; what only looks like a file in its words is words."""


@dataclass(frozen=True)
class Finding:
    """What an earlier stage found: whose, and whether it was thought to be the end."""

    tier: Tier
    by: UserId | None
    text: str


@dataclass(frozen=True)
class Handoff:
    """What a tier passes on: the conversation, the articles shown, the steps tried, findings."""

    ticket: TicketId
    conversation: tuple[Line, ...]
    articles: tuple[str, ...]
    failed: tuple[str, ...]
    steps_tried: tuple[TriedStep, ...] = ()
    findings: str = ""
    found_by: UserId | None = None
    files: tuple[File, ...] = ()
    similar: tuple[Similar, ...] = ()
    alike: tuple[Alike, ...] = ()
    masked: bool = False
    """Whether secrets were taken out, which those who handle it may be shown."""
    earlier: tuple[Finding, ...] = ()
    """What every stage before found, oldest first; what is in `findings` is left out."""
    language: str = ""
    """In which the requester is spoken to; empty where nothing else than English was seen."""
    kind: Literal["handoff"] = "handoff"


@dataclass(frozen=True)
class ThreadNote:
    """To the engineers, in the escalation's thread: something happened."""

    ticket: TicketId
    what: Literal[
        "wrote",
        "asks_status",
        "edited",
        "deleted",
        "taken",
        "passed_on",
        "resolved",
        "not_fixed",
        "solved",
        "withdrawn",
        "rerouted",
        "reopened",
        "asked",
        "replied",
        "returned",
        "handed_over",
        "priority",
        "duplicate",
        "joined",
        "muted",
        "unmuted",
        "confirmed",
        "rated",
        "labelled",
        "seen",
        "snoozed",
        "woken",
        "beyond",
        "paged",
        "worse",
    ]
    by: UserId | None = None
    text: str = ""
    to: UserId | None = None
    other: TicketId | None = None
    masked: bool = False
    until: datetime | None = None
    usergroup: str | None = None
    """Whom it pings, where nobody alone is meant."""
    members: tuple[UserId, ...] = ()
    kind: Literal["thread_note"] = "thread_note"


@dataclass(frozen=True)
class Reminder:
    """To those who should act, in the escalation's thread: a promise is running out."""

    ticket: TicketId
    step: TimerKind
    promise: Promise
    taken: bool
    usergroup: str | None = None
    members: tuple[UserId, ...] = ()
    escalation: EscalationId | None = None
    subject: str = ""
    priority: Priority | None = None
    then: TimerKind | None = None
    """What happens next if nobody acts, and when."""
    then_at: datetime | None = None
    kind: Literal["reminder"] = "reminder"


@dataclass(frozen=True)
class Requeued:
    """To the group, in the escalation's thread: somebody gave it up, and it is to be taken."""

    ticket: TicketId
    escalation: EscalationId
    by: UserId
    usergroup: str | None = None
    members: tuple[UserId, ...] = ()
    subject: str = ""
    priority: Priority | None = None
    expected: datetime | None = None
    """When the group opens and is called, where it is closed now."""
    has_left: bool = False
    """Nobody gave it up: whoever had it is no member of the workspace any more."""
    had: UserId | None = None
    """Who had it, where somebody else put it back."""
    kind: Literal["requeued"] = "requeued"


@dataclass(frozen=True)
class Similar:
    """A settled ticket that looks the same, and what fixed it."""

    ticket: TicketId
    question: str
    cause: str
    fix: str


@dataclass(frozen=True)
class Alike:
    """A ticket that looks the same, and who has it."""

    ticket: TicketId
    question: str
    tier: Tier
    assignee: UserId | None = None
    is_settled: bool = False
    """Where tickets are searched for: nobody has it because it is resolved."""


@dataclass(frozen=True)
class About:
    """What an engineer's modal is about, and what called a person."""

    ticket: TicketId
    subject: str
    tier: Tier
    reasons: tuple[str, ...] = ()
    incident: IncidentLine | None = None
    """The open incident on it."""
    state: EscalationState = EscalationState.PENDING
    assignee: UserId | None = None
    snoozed_by: UserId | None = None
    muted: bool = False

    @property
    def is_open(self) -> bool:
        """Whether anything can still be done about it."""
        return self.state in {EscalationState.PENDING, EscalationState.ACKNOWLEDGED}
