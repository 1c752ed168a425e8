"""What engineers and requesters say to each other through the desk, and what looks alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.desk.ids import TicketId, UserId
from bot.desk.triage import Tier


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


@dataclass(frozen=True)
class Similar:
    """A settled ticket that looks the same, and what fixed it."""

    ticket: TicketId
    question: str
    cause: str
    fix: str


@dataclass(frozen=True)
class Alike:
    """An open ticket that looks the same, and who has it."""

    ticket: TicketId
    question: str
    tier: Tier
    assignee: UserId | None = None


@dataclass(frozen=True)
class File:
    """Something attached to a message, by link."""

    name: str
    url: str
