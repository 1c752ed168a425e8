"""What the desk says while an article may still settle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.articles import ArticleExtract
from bot.desk.deciding import Matter
from bot.desk.ids import TicketId, Ts, UserId
from bot.desk.pressed import Pressed
from bot.desk.tickets import File


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
    occasion: Literal["close", "unknown"] = "close"
    """`unknown` where nothing known is near it: the options are a guess, if there are any."""
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
        "unsure",
        "noted",
        "here",
        "something_else",
        "with_people",
        "perhaps_solved",
        "nothing_to_cancel",
        "ended",
        "withdrawn",
        "begun_beside",
        "apart",
        "apart_in_channel",
        "settled",
        "engineers_thread",
        "others_ticket",
        "heard",
    ]
    ticket: TicketId | None = None
    article: str | None = None
    """What was shown last, for the button that says that it did not help."""
    said: str = ""
    """The words that it answers, where there is no ticket that keeps them."""
    said_ts: Ts | None = None
    """Which message that is."""
    asked_at: datetime | None = None
    """When it was asked, where the answer comes late."""
    asker: str = ""
    """Whose words it answers, where there is no ticket that tells."""
    language: str = ""
    """Theirs, where neither a ticket nor a direct conversation tells it."""
    files: tuple[File, ...] = ()
    """What came without a word: it belongs to what is told next."""
    kind: Literal["courtesy"] = "courtesy"


ASKS_WHAT = frozenset({"nothing_asked", "vague", "empty", "settled"})
"""Occasions on which it asks what is wanted: what its asker writes below is the answer."""

ASKS_FOR_WORDS = frozenset({"vague", "empty"})
"""Of these those that greet nobody and thank nobody: whatever follows is a request."""

HEARD = Courtesy("heard")
"""The sign that somebody was heard, where the answers take their time."""


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
    outcome: Pressed | None = None
    kind: Literal["besides"] = "besides"


@dataclass(frozen=True)
class Thanked:
    """To the requester: good that the article solved it."""

    ticket: TicketId
    requester: UserId
    outcome: Pressed | None = None
    stars: int | None = None
    remark: str = ""
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
    alone: bool = False
    """Nobody is called by it: a button calls a person, who reads nothing of what was written."""
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
    wanted: bool = False
    """More is wanted than what was shown: people are called once it is an ordinary request."""
    kind: Literal["route_question"] = "route_question"


AskingNotice = Answer | Clarify | Courtesy | StepHelp | Besides | FirstWords | RouteQuestion
"""What is said before people are involved, or where nobody is."""
