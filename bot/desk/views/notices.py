"""What the desk says where people look: on their Home, and to `/helpdesk` and the shortcuts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.desk.ids import ChannelId, TicketId, UserId
from bot.desk.views.homes import HomeForEngineer, HomeForRequester
from bot.desk.views.places import (
    HomeForAdmin,
    PopularArticle,
    TicketSummary,
)


@dataclass(frozen=True)
class HomeView:
    """Somebody's Home; what they are not is left out."""

    user: UserId
    own: HomeForRequester
    engineer: HomeForEngineer | None = None
    admin: HomeForAdmin | None = None
    incidents: tuple[TicketSummary, ...] = ()
    """The open incidents, for engineers and admins, by the tickets that people work on."""
    kind: Literal["home_view"] = "home_view"


@dataclass(frozen=True)
class TicketStatus:
    """To one person: where a ticket stands."""

    summary: TicketSummary
    reader: UserId
    kind: Literal["ticket_status"] = "ticket_status"


@dataclass(frozen=True)
class TicketList:
    """To one person: their own requests, or what a search found."""

    what: Literal["mine", "found", "incidents"]
    reader: UserId
    tickets: tuple[TicketSummary, ...] = ()
    settled: tuple[TicketSummary, ...] = ()
    read: tuple[PopularArticle, ...] = ()
    words: str = ""
    articles_only: bool = False
    """Whether only articles could be looked through: conversations are sealed."""
    kind: Literal["ticket_list"] = "ticket_list"


@dataclass(frozen=True)
class DeskWord:
    """To one person: how it went, or why it was not done."""

    what: Literal[
        "help",
        "no_ticket",
        "nothing_asked",
        "no_words",
        "yours_already",
        "with_people",
        "not_yours",
        "asked_directly",
        "escalated",
    ]
    about: str = ""
    ticket: TicketId | None = None
    kind: Literal["desk_word"] = "desk_word"


@dataclass(frozen=True)
class Asked:
    """Begins a request that its requester did not write themselves as a message.

    It quotes what it is about; `author` wrote that, None where it is the requester's own words.
    """

    requester: UserId
    text: str
    author: UserId | None = None
    channel: ChannelId | None = None
    quotes: bool = True
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True)
class DeskAlert:
    """To the admins: something about the machine that the desk runs on, its hearing, or an app."""

    what: Literal[
        "clock_jumped", "clock_returned", "slept", "left_unread", "deaf", "app_floods",
        "answers_drift",
    ]  # fmt: skip
    about: str = ""
    kind: Literal["desk_alert"] = "desk_alert"


PlaceNotice = HomeView | TicketStatus | TicketList | DeskWord | Asked | DeskAlert
