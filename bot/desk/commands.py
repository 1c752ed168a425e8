"""What people do, freed from the form in which Slack tells it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.desk.ids import ChannelId, EscalationId, TeamId, Thread, TicketId, Ts, UserId
from bot.desk.oncall import Proposal
from bot.desk.place_commands import PlaceCommand
from bot.desk.sla import Priority
from bot.desk.triage import Tier
from bot.desk.walking import StepOutcome


class Place(StrEnum):
    """Where a message was written."""

    DIRECT = "direct"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Message:
    """Somebody wrote something."""

    team: TeamId
    channel: ChannelId
    ts: Ts
    user: UserId
    text: str
    place: Place
    thread_ts: Ts | None = None
    mentioned: bool = False
    for_somebody_else: bool = False
    files: tuple[str, ...] = ()

    @property
    def thread(self) -> Thread:
        """The thread that the message is in, or that an answer to it will open."""
        return Thread(self.team, self.channel, self.thread_ts or self.ts)

    @property
    def is_top_level(self) -> bool:
        """Whether the message stands in the channel itself."""
        return self.thread_ts is None or self.thread_ts == self.ts

    @property
    def addressed(self) -> bool:
        """Whether the message is certainly meant for Frontline."""
        return self.place is Place.DIRECT or self.mentioned


@dataclass(frozen=True)
class Edited:
    """Somebody changed a message."""

    team: TeamId
    channel: ChannelId
    ts: Ts
    user: UserId
    text: str
    thread_ts: Ts | None = None

    @property
    def thread(self) -> Thread:
        """The thread that the message is in."""
        return Thread(self.team, self.channel, self.thread_ts or self.ts)


@dataclass(frozen=True)
class Deleted:
    """Somebody deleted a message."""

    team: TeamId
    channel: ChannelId
    ts: Ts
    thread_ts: Ts | None = None

    @property
    def thread(self) -> Thread:
        """The thread that the message was in."""
        return Thread(self.team, self.channel, self.thread_ts or self.ts)


@dataclass(frozen=True)
class Spot:
    """The message under which somebody pressed, and who it was."""

    team: TeamId
    channel: ChannelId
    ts: Ts
    user: UserId
    thread_ts: Ts | None = None


@dataclass(frozen=True)
class Solved:
    """*That solved it* under an answer."""

    at: Spot
    ticket: TicketId


@dataclass(frozen=True)
class NotHelpful:
    """*Not what I need* under an answer or a question back."""

    at: Spot
    ticket: TicketId
    article: str | None


@dataclass(frozen=True)
class Choose:
    """The requester chose one of the articles offered."""

    at: Spot
    ticket: TicketId
    article: str


@dataclass(frozen=True)
class CallPerson:
    """*Talk to a person*."""

    at: Spot
    ticket: TicketId


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
    files: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class AskOnCall:
    """`/oncall`, and what was written behind it."""

    at: Spot
    text: str


@dataclass(frozen=True)
class ConfirmOnCall:
    """*Confirm* or *Leave it* under a proposal of `/oncall`."""

    at: Spot
    proposal: Proposal
    agreed: bool = True


OnCallCommand = AskOnCall | ConfirmOnCall
"""What people do about who is on call."""

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
)
"""What engineers do from an escalation's thread, besides taking, passing on and resolving."""

ClosingPress = Confirm | Rate | Remark
"""What requesters say once their ticket was resolved, besides that it is not fixed."""


@dataclass(frozen=True)
class StartWalk:
    """*Walk me through it* under an answer."""

    at: Spot
    ticket: TicketId
    article: str


@dataclass(frozen=True)
class ChooseBranch:
    """One of the ways on at a step; `branch` counts from 0."""

    at: Spot
    ticket: TicketId
    number: int
    branch: int


@dataclass(frozen=True)
class TellStep:
    """*Done*, *Did not work* or *Skip* at a step."""

    at: Spot
    ticket: TicketId
    number: int
    outcome: StepOutcome


WalkPress = StartWalk | ChooseBranch | TellStep
"""What requesters do while they walk through an article's steps."""

RequesterPress = Solved | NotHelpful | Choose | CallPerson | NotFixed | ClosingPress | WalkPress
EngineerPress = Take | PassOn | Resolve | ThreadPress
Command = Message | Edited | Deleted | RequesterPress | EngineerPress | OnCallCommand | PlaceCommand
