"""What the desk says to requesters once people are involved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.articles import ArticleExtract
from bot.desk.ids import TicketId, UserId
from bot.desk.pressed import Pressed
from bot.desk.tiers import Tier


@dataclass(frozen=True)
class Passed:
    """To the requester: people have been called."""

    ticket: TicketId
    tier: Tier
    why: Literal[
        "needs_person",
        "knowledge_gap",
        "asked_for_person",
        "asked_unread",
        "not_solved",
        "failure",
    ]
    meanwhile: ArticleExtract | None = None
    expected: datetime | None = None
    asked_at: datetime | None = None
    """When it was asked, where the answer comes late."""
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
        "requeued",
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
    outcome: Pressed | None = None
    original: TicketId | None = None
    stars: int | None = None
    remark: str = ""
    incident: str = ""
    """The number and title of the incident that ends with it."""
    kind: Literal["settled"] = "settled"


@dataclass(frozen=True)
class Linked:
    """To the requester: the same is worked on already; its end is told here too."""

    ticket: TicketId
    requester: UserId
    original: TicketId
    by: UserId | None
    outcome: Pressed | None = None
    kind: Literal["linked"] = "linked"


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
        "restricted",
        "seen_already",
        "take_to_snooze",
        "time_is_over",
    ]
    ticket: TicketId | None = None
    by: UserId | None = None
    until: datetime | None = None
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


@dataclass(frozen=True)
class Relayed:
    """To the requester, from an engineer: a question or a reply, in the engineer's words."""

    ticket: TicketId
    requester: UserId
    by: UserId
    tier: Tier
    what: Literal["asks", "writes"]
    text: str
    kind: Literal["relayed"] = "relayed"
