"""What the desk says while an article may still settle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.articles import ArticleExtract
from bot.desk.deciding import Matter
from bot.desk.ids import TicketId, UserId
from bot.desk.pressed import Pressed


@dataclass(frozen=True)
class Answer:
    """An article offered to the requester."""

    ticket: TicketId
    requester: UserId
    extract: ArticleExtract
    outcome: Pressed | None = None
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
    outcome: Pressed | None = None
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
    outcome: Pressed | None = None
    kind: Literal["thanked"] = "thanked"


@dataclass(frozen=True)
class FirstWords:
    """To the requester, at once: what to do first, and who is called or whom to turn to.

    In their language, as the configuration has it; `no` is the button that takes it back.
    """

    ticket: TicketId | None
    requester: UserId
    matter: Matter
    text: str
    no: str = ""
    outcome: Pressed | None = None
    kind: Literal["first_words"] = "first_words"


@dataclass(frozen=True)
class RouteQuestion:
    """To the requester, privately: is it about a matter that does not go the usual way?"""

    ticket: TicketId
    requester: UserId
    matter: Matter
    text: str
    yes: str
    no: str
    outcome: Pressed | None = None
    kind: Literal["route_question"] = "route_question"


AskingNotice = Answer | Clarify | Courtesy | FirstWords | RouteQuestion
"""What is said before people are involved, or where nobody is."""
