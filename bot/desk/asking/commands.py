"""What requesters do: write, edit, choose, walk through steps, ask for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.desk.addresses import Spot
from bot.desk.articles import StepOutcome
from bot.desk.deciding import Matter
from bot.desk.ids import ChannelId, TeamId, Thread, TicketId, Ts, UserId
from bot.desk.tickets import File


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
    files: tuple[File, ...] = ()
    late: bool = False
    """Whether it was found in Slack's history, some time after it was written."""
    edited: bool = False
    """Whether Slack tells of it because it was edited, a mention added to it for instance."""
    by_app: bool = False
    """Whether an app or a workflow posted it, which may ask by the configuration."""

    @property
    def as_edited(self) -> Edited:
        """The edit that this message is, where it had been written before."""
        return Edited(
            self.team,
            self.channel,
            self.ts,
            self.user,
            self.text,
            self.thread_ts,
            self.place,
            self.mentioned,
            self.for_somebody_else,
            self.files,
            by_app=self.by_app,
        )

    @property
    def thread(self) -> Thread:
        """The thread that the message is in, or that an answer to it will open."""
        return Thread(self.team, self.channel, self.thread_ts or self.ts)

    @property
    def written_at(self) -> datetime:
        """When it was written, by Slack's clock."""
        return datetime.fromtimestamp(float(self.ts), UTC)

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
    place: Place = Place.CHANNEL
    mentioned: bool = False
    for_somebody_else: bool = False
    files: tuple[File, ...] = ()
    by_app: bool = False

    @property
    def written_at(self) -> datetime:
        """When the message was written, by Slack's clock."""
        return datetime.fromtimestamp(float(self.ts), UTC)

    @property
    def as_message(self) -> Message:
        """The message as if it had been written like this at once."""
        return Message(
            self.team,
            self.channel,
            self.ts,
            self.user,
            self.text,
            self.place,
            self.thread_ts,
            self.mentioned,
            self.for_somebody_else,
            self.files,
        )

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
    had_files: bool = False

    @property
    def thread(self) -> Thread:
        """The thread that the message was in."""
        return Thread(self.team, self.channel, self.thread_ts or self.ts)


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
class ChooseWay:
    """One of an article's lists of steps: for their system, place or trouble; counts from 0."""

    at: Spot
    ticket: TicketId
    way: int


@dataclass(frozen=True)
class CallPerson:
    """*Talk to a person*."""

    at: Spot
    ticket: TicketId


@dataclass(frozen=True)
class AnswerRoute:
    """Whether a request is about a matter that does not go the usual way, or was wrongly taken so.

    `matter` is what was asked about.
    """

    at: Spot
    ticket: TicketId
    matter: Matter
    yes: bool


@dataclass(frozen=True)
class SomethingElse:
    """*Something else*: what was offered is not it, and they want to say what is."""

    at: Spot
    ticket: TicketId


@dataclass(frozen=True)
class AskBesides:
    """The button of a second request that stood in the same message."""

    at: Spot
    ticket: TicketId


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
