"""What the desk says to people, as values; how it looks is decided at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.escalations import EscalationState
from bot.desk.ids import HOME, ChannelId, EscalationId, TicketId, Ts, UserId
from bot.desk.oncall_notices import OnCallNotice
from bot.desk.outcomes import Outcome
from bot.desk.place_notices import PlaceNotice
from bot.desk.sla import Priority, Promise
from bot.desk.thread_notices import Alike, File, Relayed, Similar
from bot.desk.timers import TimerKind
from bot.desk.triage import Tier
from bot.desk.walking import TriedStep, Walk


@dataclass(frozen=True)
class ArticleExtract:
    """The part of an article that a message shows, in Markdown.

    `lead` is the direct answer; `passage` is the part that matched, under its `heading`,
    empty where that is the lead or the steps anyway. `kept` where not everybody may see it.
    """

    article: str
    title: str
    lead: str
    steps: tuple[str, ...]
    passage: str = ""
    heading: str = ""
    url: str | None = None
    heading_url: str | None = None
    kept: bool = False


@dataclass(frozen=True)
class Answer:
    """An article offered to the requester."""

    ticket: TicketId
    requester: UserId
    extract: ArticleExtract
    outcome: Outcome | None = None
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True)
class Option:
    """One of the articles that the requester may choose."""

    article: str
    title: str


@dataclass(frozen=True)
class Clarify:
    """A question back: which of these is it?"""

    ticket: TicketId
    requester: UserId
    options: tuple[Option, ...]
    outcome: Outcome | None = None
    chosen: str | None = None
    kind: Literal["clarify"] = "clarify"


@dataclass(frozen=True)
class Courtesy:
    """A courteous word where nothing was asked."""

    occasion: Literal[
        "nothing_asked",
        "vague",
        "empty",
        "follow_up",
        "settled",
        "engineers_thread",
        "others_ticket",
    ]
    ticket: TicketId | None = None
    kind: Literal["courtesy"] = "courtesy"


@dataclass(frozen=True)
class Passed:
    """To the requester: people have been called."""

    ticket: TicketId
    tier: Tier
    why: Literal["needs_person", "knowledge_gap", "asked_for_person", "not_solved", "failure"]
    meanwhile: ArticleExtract | None = None
    expected: datetime | None = None
    kind: Literal["passed"] = "passed"


@dataclass(frozen=True)
class Progress:
    """To the requester: the ticket moved on."""

    ticket: TicketId
    what: Literal[
        "taken",
        "moved_up",
        "moved_up_late",
        "returned",
        "handed_over",
        "reopened",
        "nudged",
        "closed",
    ]
    tier: Tier
    by: UserId | None = None
    kind: Literal["progress"] = "progress"


@dataclass(frozen=True)
class Settled:
    """To the requester: resolved, by whom and how, whether it really is, and their stars."""

    ticket: TicketId
    requester: UserId
    tier: Tier | None
    by: UserId | None
    cause: str
    fix: str
    outcome: Outcome | None = None
    original: TicketId | None = None
    stars: int | None = None
    remark: str = ""
    kind: Literal["settled"] = "settled"


@dataclass(frozen=True)
class Linked:
    """To the requester: the same is worked on already; its end is told here too."""

    ticket: TicketId
    requester: UserId
    original: TicketId
    by: UserId | None
    outcome: Outcome | None = None
    kind: Literal["linked"] = "linked"


@dataclass(frozen=True)
class Thanked:
    """To the requester: good that the article solved it."""

    ticket: TicketId
    requester: UserId
    outcome: Outcome | None = None
    kind: Literal["thanked"] = "thanked"


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
    kept: tuple[str, ...] = ()
    """Articles whose names stay off the handoff: not everybody may see them."""
    kind: Literal["card"] = "card"


@dataclass(frozen=True)
class Line:
    """One message of the conversation so far."""

    author: UserId | None
    text: str
    deleted: bool = False


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
    kind: Literal["handoff"] = "handoff"


@dataclass(frozen=True)
class ThreadNote:
    """To the engineers, in the escalation's thread: something happened."""

    ticket: TicketId
    what: Literal[
        "wrote",
        "edited",
        "deleted",
        "taken",
        "passed_on",
        "resolved",
        "not_fixed",
        "solved",
        "withdrawn",
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
    ]
    by: UserId | None = None
    text: str = ""
    to: UserId | None = None
    other: TicketId | None = None
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
    kind: Literal["reminder"] = "reminder"


@dataclass(frozen=True)
class Refusal:
    """To the one who acted, privately: why it was not done."""

    why: Literal[
        "not_requester",
        "not_in_group",
        "already_taken",
        "already_settled",
        "unknown",
        "nothing_to_do",
        "take_first",
        "not_a_member",
        "no_such_ticket",
        "nobodys",
        "not_their_thread",
        "nothing_to_send",
    ]
    ticket: TicketId | None = None
    by: UserId | None = None
    kind: Literal["refusal"] = "refusal"


@dataclass(frozen=True)
class Seen:
    """A mark on the requester's message: it was passed on to those who work on it."""

    ticket: TicketId
    kind: Literal["seen"] = "seen"


@dataclass(frozen=True)
class Apology:
    """To the requester: Frontline itself failed, and what happens now."""

    ticket: TicketId | None
    nobody_reached: bool = False
    kind: Literal["apology"] = "apology"


Notice = (
    Answer
    | Clarify
    | Courtesy
    | Passed
    | Progress
    | Settled
    | Thanked
    | Card
    | Handoff
    | Walk
    | ThreadNote
    | Reminder
    | Refusal
    | Seen
    | Apology
    | OnCallNotice
    | PlaceNotice
    | Relayed
    | Linked
)


def home_of(user: UserId) -> Destination:
    """Give somebody's Home as a destination."""
    return Destination(f"{HOME}{user}")


@dataclass(frozen=True)
class Destination:
    """Where a notice goes.

    `channel` is an id, or a channel's name as the configuration has it. A notice stands in
    `thread_ts`, or in the thread under another notice (`under`); `edits` replaces an earlier
    notice instead of posting, `only_for` shows it to one person alone.
    """

    channel: str
    thread_ts: Ts | None = None
    under: int | None = None
    edits: int | None = None
    only_for: UserId | None = None
