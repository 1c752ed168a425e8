"""What the desk says while an article may still settle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.articles import ArticleExtract
from bot.desk.ids import TicketId, UserId
from bot.desk.pressed import Outcome


@dataclass(frozen=True)
class Answer:
    """An article offered to the requester."""

    ticket: TicketId
    requester: UserId
    extract: ArticleExtract
    outcome: Outcome | None = None
    asked_at: datetime | None = None
    """When it was asked, where the answer comes late."""
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
    asked_at: datetime | None = None
    """When it was asked, where the answer comes late."""
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
    asked_at: datetime | None = None
    """When it was asked, where the answer comes late."""
    kind: Literal["courtesy"] = "courtesy"


@dataclass(frozen=True)
class Thanked:
    """To the requester: good that the article solved it."""

    ticket: TicketId
    requester: UserId
    outcome: Outcome | None = None
    kind: Literal["thanked"] = "thanked"
