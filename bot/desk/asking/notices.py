"""What the desk says while an article may still settle it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.desk.articles import ArticleExtract
from bot.desk.ids import TicketId, Ts, UserId
from bot.desk.pressed import Outcome


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
    occasion: Literal["close", "unknown"] = "close"
    """`unknown` where nothing known is near it: the options are a guess, if there are any."""
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
        "unsure",
        "noted",
        "here",
        "something_else",
        "with_people",
        "nothing_to_cancel",
        "ended",
        "begun_beside",
        "apart",
        "settled",
        "engineers_thread",
        "others_ticket",
    ]
    ticket: TicketId | None = None
    article: str | None = None
    """What was shown last, for the button that says that it did not help."""
    said: str = ""
    """The words that it answers, where there is no ticket that keeps them."""
    kind: Literal["courtesy"] = "courtesy"


@dataclass(frozen=True)
class StepHelp:
    """What an article says about the step at which somebody is stuck."""

    ticket: TicketId
    article: str
    title: str
    heading: str
    passage: str
    number: int | None = None
    url: str | None = None
    kind: Literal["step_help"] = "step_help"


@dataclass(frozen=True)
class Besides:
    """A second request that stood in the same message, with a button to take it up."""

    ticket: TicketId
    requester: UserId
    text: str
    ts: Ts
    outcome: Outcome | None = None
    kind: Literal["besides"] = "besides"


@dataclass(frozen=True)
class Thanked:
    """To the requester: good that the article solved it."""

    ticket: TicketId
    requester: UserId
    outcome: Outcome | None = None
    stars: int | None = None
    remark: str = ""
    kind: Literal["thanked"] = "thanked"
