"""What people do away from a request's thread: on their Home, by shortcut and slash command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.desk.addresses import Spot
    from bot.desk.ids import UserId
    from bot.desk.tickets import File
    from bot.desk.tiers import Tier
    from bot.desk.views.homes import Listing


@dataclass(frozen=True)
class OpenHome:
    """Somebody opened their Home."""

    at: Spot


@dataclass(frozen=True)
class ChooseOnHome:
    """What somebody wants to see on their Home: of a group or priority, in a state; "" is all."""

    at: Spot
    what: Literal["group", "priority", "show"]
    value: str


@dataclass(frozen=True)
class TurnPage:
    """Another page of a list on somebody's Home."""

    at: Spot
    listing: Listing
    page: int


@dataclass(frozen=True)
class AskDesk:
    """`/helpdesk`, and what was written behind it; `key` recognises it when it comes again."""

    at: Spot
    text: str
    key: str = ""


@dataclass(frozen=True)
class AskDirectly:
    """*Ask something* on a Home; `key` recognises the same submission when it is handled again."""

    at: Spot
    text: str
    key: str


@dataclass(frozen=True)
class AskAbout:
    """*Ask Frontline about this*, on anybody's message; None as author is an app."""

    at: Spot
    text: str
    author: UserId | None
    key: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class OpenEscalation:
    """*Open an escalation* or *Declare an incident*, on a message, to a tier, with a reason."""

    at: Spot
    text: str
    author: UserId | None
    tier: Tier
    why: str
    key: str
    whole: bool = True
    """Whether the text is all that the message says."""
    incident: str = ""
    """The title of the incident that it is, where one is declared."""


PlaceCommand = (
    OpenHome | ChooseOnHome | TurnPage | AskDesk | AskDirectly | AskAbout | OpenEscalation
)
