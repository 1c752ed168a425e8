"""What engineers do with an escalation, and what requesters say at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.addresses import Spot
from bot.desk.ids import EscalationId, TicketId, UserId
from bot.desk.promises import Priority
from bot.desk.tickets.cards import File
from bot.desk.tiers import Tier


@dataclass(frozen=True)
class NotFixed:
    """*It is not fixed* under the news that a ticket was resolved."""

    at: Spot
    ticket: TicketId


@dataclass(frozen=True)
class Take:
    """*Take it* on an escalation."""

    at: Spot
    escalation: EscalationId


@dataclass(frozen=True)
class PassOn:
    """*Escalate to L3*, with the findings so far."""

    at: Spot
    escalation: EscalationId
    findings: str


@dataclass(frozen=True)
class Resolve:
    """*Resolve*: what it was, and what fixed it."""

    at: Spot
    escalation: EscalationId
    cause: str
    fix: str
    prevention: str = ""
    right_tier: Tier | None = None
    article_wanted: bool = False
    article_words: str = ""
    cause_told: bool = False


@dataclass(frozen=True)
class AskRequester:
    """*Ask the requester*: the ticket waits for the answer."""

    at: Spot
    escalation: EscalationId
    text: str


@dataclass(frozen=True)
class ReplyToRequester:
    """*Reply to the requester*."""

    at: Spot
    escalation: EscalationId
    text: str


@dataclass(frozen=True)
class SendOn:
    """*Send to the requester*, on a message in an escalation's thread.

    `author` wrote the message; None where no person did.
    """

    at: Spot
    author: UserId | None
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Return:
    """*Return to L2*, with a reason."""

    at: Spot
    escalation: EscalationId
    reason: str


@dataclass(frozen=True)
class HandOver:
    """*Hand over* to another member of the group."""

    at: Spot
    escalation: EscalationId
    to: UserId


@dataclass(frozen=True)
class SetPriority:
    """*Priority*: what comes first."""

    at: Spot
    escalation: EscalationId
    priority: Priority


@dataclass(frozen=True)
class MarkDuplicate:
    """*Duplicate of*: the same as another ticket."""

    at: Spot
    escalation: EscalationId
    original: TicketId


@dataclass(frozen=True)
class WrongCall:
    """*Wrong call?*: what triage should have said."""

    at: Spot
    escalation: EscalationId
    label: str
    article: str | None = None


@dataclass(frozen=True)
class Mute:
    """*Mute* and *Unmute*: reminders in the requester's thread."""

    at: Spot
    escalation: EscalationId


@dataclass(frozen=True)
class AcknowledgeForNow:
    """*Acknowledge for 30 minutes*: somebody has seen what nobody has taken yet."""

    at: Spot
    escalation: EscalationId


@dataclass(frozen=True)
class SnoozeFor:
    """*Snooze*: whoever has it lets it rest, for an hour, until the morning, or until a time."""

    at: Spot
    escalation: EscalationId
    span: Literal["hour", "morning", "until"]
    until: datetime | None = None


@dataclass(frozen=True)
class WakeUp:
    """*Wake it*: the snooze ends now."""

    at: Spot
    escalation: EscalationId


@dataclass(frozen=True)
class BackToQueue:
    """*Back to the queue*: whoever has it gives it up, and the group is called again."""

    at: Spot
    escalation: EscalationId


@dataclass(frozen=True)
class Confirm:
    """*It is fixed* under the news that a ticket was resolved."""

    at: Spot
    ticket: TicketId


@dataclass(frozen=True)
class Rate:
    """One to five stars, by one click."""

    at: Spot
    ticket: TicketId
    stars: int


@dataclass(frozen=True)
class Remark:
    """A few words with the stars."""

    at: Spot
    ticket: TicketId
    text: str


ThreadPress = (
    AskRequester
    | ReplyToRequester
    | SendOn
    | Return
    | HandOver
    | SetPriority
    | MarkDuplicate
    | WrongCall
    | Mute
    | AcknowledgeForNow
    | SnoozeFor
    | WakeUp
    | BackToQueue
)
"""What engineers do from an escalation's thread, besides taking, passing on and resolving."""

ClosingPress = Confirm | Rate | Remark
"""What requesters say once their ticket was resolved, besides that it is not fixed."""
