"""What may be written behind `/helpdesk`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.ids import parse_ticket_name

if TYPE_CHECKING:
    from bot.desk.ids import TicketId

MOST_WORDS = 8
FEWEST_WORDS = 2
"""One word alone is a slip of a verb; two may be a question."""


@dataclass(frozen=True)
class Status:
    """`status T-1042`."""

    ticket: TicketId


@dataclass(frozen=True)
class Mine:
    """`mine`."""


@dataclass(frozen=True)
class Search:
    """`search WORDS`."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Running:
    """`incidents`."""


@dataclass(frozen=True)
class DeclareOn:
    """`incident T-1042 TITLE`."""

    ticket: TicketId
    title: str


@dataclass(frozen=True)
class Question:
    """A question in so many words: it is asked, in direct messages."""

    text: str


@dataclass(frozen=True)
class Help:
    """`help`, or something that was not understood; `about` says what."""

    about: str = ""


HelpdeskRequest = Status | Mine | Search | Running | DeclareOn | Question | Help


def read_helpdesk(text: str) -> HelpdeskRequest:
    """Read what was written behind `/helpdesk`; a ticket's number alone asks for its status."""
    verb, _, rest = text.strip().partition(" ")
    match verb.lower():
        case "" | "mine":
            return Mine()
        case "help":
            return Help()
        case "status":
            ticket = parse_ticket_name(rest)
            return Status(ticket) if ticket is not None else Help(text.strip())
        case "incidents":
            return Running()
        case "incident":
            named, _, title = rest.strip().partition(" ")
            on = parse_ticket_name(named)
            if on is not None and title.strip():
                return DeclareOn(on, title.strip())
            return Help(text.strip()) if on is not None or not rest else Question(text.strip())
        case "search":
            words = words_of(rest)
            return Search(words) if words else Help(text.strip())
        case _:
            ticket = parse_ticket_name(text)
            if ticket is not None:
                return Status(ticket)
            asks = len(text.split()) >= FEWEST_WORDS
            return Question(text.strip()) if asks else Help(text.strip())


def words_of(text: str) -> tuple[str, ...]:
    """Give the words to search for, each once."""
    return tuple(dict.fromkeys(re.findall(r"\w+", text.lower())))[:MOST_WORDS]
