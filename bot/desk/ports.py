"""What the use cases need from the world, as protocols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, Self

from bot.desk.ids import HOME

if TYPE_CHECKING:
    from types import TracebackType

    from bot.desk.escalations import Escalation, EscalationState
    from bot.desk.feedback import Feedback
    from bot.desk.groups import OnCall, ResolverGroup
    from bot.desk.ids import (
        ChannelId,
        EscalationId,
        NoticeId,
        TeamId,
        Thread,
        TicketId,
        Ts,
        UserId,
    )
    from bot.desk.likeness import Lookalikes
    from bot.desk.notices import Destination, Line, Notice
    from bot.desk.oncall import Override, RotaState, Shift, Watch
    from bot.desk.places import HomeViewers
    from bot.desk.sla import Promise
    from bot.desk.tickets import Ticket
    from bot.desk.timers import Timer, TimerId, TimerKind
    from bot.desk.triage import Tier
    from bot.desk.walking import TriedStep

Clock = Callable[[], datetime]
"""Gives the time, aware and in UTC."""


class Tickets(Protocol):
    """The tickets on record."""

    def open(self, thread: Thread, requester: UserId, question: str, ts: Ts) -> Ticket:
        """Open a ticket for the first message of a thread."""

    def get(self, ticket: TicketId) -> Ticket | None:
        """Find a ticket by its number."""

    def in_thread(self, thread: Thread) -> Ticket | None:
        """Find the ticket whose requester's thread this is."""

    def duplicates_of(self, original: TicketId) -> tuple[Ticket, ...]:
        """Give the tickets that were settled as the same as another, oldest first."""

    def escalated_since(self, since: datetime) -> tuple[Ticket, ...]:
        """Give the latest tickets that people work on, or that joined one of these."""

    def of_requester(self, requester: UserId, since: datetime) -> tuple[Ticket, ...]:
        """Give somebody's latest tickets, newest first."""

    def save(self, ticket: Ticket) -> None:
        """Write a ticket's state."""


class Escalations(Protocol):
    """The escalations on record."""

    def open(
        self, ticket: TicketId, tier: Tier, group: str, reasons: tuple[str, ...]
    ) -> Escalation:
        """Open an escalation; a ticket has at most one open at a time."""

    def get(self, escalation: EscalationId) -> Escalation | None:
        """Find an escalation by its id."""

    def open_for(self, ticket: TicketId) -> Escalation | None:
        """Find the escalation of a ticket that somebody still has to act on."""

    def latest_for(self, ticket: TicketId) -> Escalation | None:
        """Find the last escalation of a ticket, open or not."""

    def without_timer(self) -> tuple[Escalation, ...]:
        """Find open escalations that no timer will ever speak of."""

    def all_for(self, ticket: TicketId) -> tuple[Escalation, ...]:
        """Give all escalations of a ticket, oldest first."""

    def in_thread(self, thread: Thread) -> Escalation | None:
        """Find the escalation whose card opened this thread."""

    def save(self, escalation: Escalation, *, was: EscalationState) -> None:
        """Compare and set: write the escalation if it still is in the state it was read in.

        Raises:
            StaleStateError: somebody else moved it first.
        """


class Conversation(Protocol):
    """What was said on a ticket, in order."""

    def add(self, ticket: TicketId, author: UserId | None, text: str, ts: Ts | None) -> None:
        """Add a message; None as author is Frontline."""

    def edit(self, thread: Thread, ts: Ts, text: str) -> bool:
        """Replace a message's text; False where it is not on record or says the same."""

    def delete(self, thread: Thread, ts: Ts) -> bool:
        """Mark a message as deleted; False where it is not on record."""

    def of(self, ticket: TicketId) -> tuple[Line, ...]:
        """Give all messages, oldest first."""


@dataclass(frozen=True)
class Posted:
    """A notice that was handed to the outbox."""

    id: NoticeId
    notice: Notice
    destination: Destination


class Outbox(Protocol):
    """Notices to be sent, written together with the state that they speak of."""

    def put(self, notice: Notice, to: Destination, ticket: TicketId | None = None) -> NoticeId:
        """Hand a notice over for sending."""

    def posted_at(self, channel: ChannelId, ts: Ts) -> Posted | None:
        """Find the notice that a message in Slack came from."""

    def get(self, notice: NoticeId) -> Posted | None:
        """Find a notice by its id."""


class Steps(Protocol):
    """The steps of articles that requesters tried."""

    def add(self, ticket: TicketId, tried: TriedStep) -> None:
        """Record a step and what came of it."""

    def of(self, ticket: TicketId) -> tuple[TriedStep, ...]:
        """Give the steps that were tried on a ticket, in order."""


class Audit(Protocol):
    """The append-only record of who did what."""

    def note(self, ticket: TicketId, actor: UserId | None, what: str, details: str = "") -> None:
        """Add a line; None as actor is Frontline."""


class TimerRows(Protocol):
    """What happens if nobody does anything until then."""

    def set(
        self,
        ticket: TicketId,
        escalation: EscalationId | None,
        kind: TimerKind,
        due: datetime,
        *,
        promise: Promise | None = None,
        always: bool = False,
    ) -> None:
        """Set a timer; `always` where the night counts."""

    def get(self, timer: TimerId) -> Timer | None:
        """Find a timer that is still set; None where it fired or was cancelled."""

    def of(self, ticket: TicketId) -> tuple[Timer, ...]:
        """Give the timers of a ticket that are still set, the next first."""

    def fired(self, timer: TimerId) -> None:
        """Record that a timer has done its work."""

    def postpone(self, timer: TimerId, due: datetime) -> None:
        """Try a timer again later."""

    def pause(self, timer: TimerId, left: timedelta) -> None:
        """Stop a timer with so much time left on it."""

    def paused(self, ticket: TicketId) -> tuple[tuple[Timer, timedelta], ...]:
        """Give a ticket's timers that stand, each with the time left on it."""

    def resume(self, timer: TimerId, due: datetime) -> None:
        """Let a timer that stands run on."""

    def cancel(self, timer: TimerId) -> None:
        """Cancel a timer, set or standing."""


class Overrides(Protocol):
    """Who stands in for whom, and who was on call when last looked."""

    def add(self, override: Override) -> Override | None:
        """Lay an override on top; None where just this one lies there already."""

    def get(self, number: int) -> Override | None:
        """Find an override that is not cancelled."""

    def cancel(self, number: int, by: UserId) -> bool:
        """Take an override back; False where it was taken back before."""

    def of(self, group: str, since: datetime) -> tuple[Override, ...]:
        """Give a group's overrides that end after an instant, the later made last."""

    def state(self, group: str) -> RotaState:
        """Tell who was on call for a group when last looked."""

    def remember(self, group: str, state: RotaState) -> None:
        """Write down who is on call for a group."""


class UnitOfWork(Protocol):
    """One transaction: everything in it is written, or nothing."""

    @property
    def tickets(self) -> Tickets:
        """The tickets."""

    @property
    def escalations(self) -> Escalations:
        """The escalations."""

    @property
    def conversation(self) -> Conversation:
        """The conversations."""

    @property
    def outbox(self) -> Outbox:
        """The notices to be sent."""

    @property
    def steps(self) -> Steps:
        """The steps that were tried."""

    @property
    def timers(self) -> TimerRows:
        """The timers."""

    @property
    def feedback(self) -> Feedback:
        """Labels and ratings."""

    @property
    def lookalikes(self) -> Lookalikes:
        """Tickets that look like one."""

    @property
    def overrides(self) -> Overrides:
        """Who stands in for whom."""

    @property
    def homes(self) -> HomeViewers:
        """Who has opened their Home."""

    @property
    def audit(self) -> Audit:
        """The audit trail."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """Commit, or roll back where a failure passes through."""


Change = Callable[[UnitOfWork], None]
"""What a handled command writes, applied in one transaction with its inbox row."""


class Directory(Protocol):
    """Who is who, and who is on call."""

    def on_call(self, group: ResolverGroup) -> OnCall:
        """Tell who is on call for a group; falls back to the configuration, and says so."""

    def channel_id(self, name: str) -> ChannelId | None:
        """Find a channel by name or id; None where it does not exist."""

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        """Give a link to a message; None where Slack gives none."""

    def may_act(self, user: UserId, groups: Sequence[ResolverGroup]) -> bool:
        """Tell whether a person belongs to one of these groups."""

    def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Tell which of these user groups somebody is in; what cannot be read, they are not in."""


class Rotas(Protocol):
    """Who is planned to be on call, overrides included; answers without waiting."""

    def watch(self, group: str, at: datetime) -> Watch:
        """Tell who is on call for a group at an instant, and who comes next."""

    def pieces(self, group: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Give who is on call for a group, piece by piece."""

    def person(self, group: str, name: str) -> UserId | None:
        """Find a person by a mention, an address or a name."""


class Reception(Protocol):
    """Where a request begins that its requester did not write as a message to Frontline."""

    def is_present(self, channel: ChannelId) -> bool:
        """Tell whether Frontline can read and write in a conversation."""

    def begin(self, team: TeamId, user: UserId, opening: Notice, key: str) -> Thread:
        """Begin a thread in somebody's direct messages; the same key gives the same thread.

        Raises:
            DeliveryError: Slack refused it for good.
            RetryableDeliveryError: Slack may take it later.
        """


class UserGroups(Protocol):
    """Slack's user groups, as far as they are kept equal to who is on call."""

    def keep_members(self, handle: str, members: Sequence[UserId]) -> None:
        """Make these people the members of a user group.

        Raises:
            DeliveryError: Slack refused it for good.
            RetryableDeliveryError: Slack may take it later.
        """


@dataclass(frozen=True)
class Delivery:
    """One event or press as Slack delivered it.

    The same delivery is recognised by its `event_id`; the same message, which can arrive
    under several of them, by its `message_key`.
    """

    event_id: str
    payload: dict[str, Any]
    thread: Thread | None
    message_key: str | None = None


class Deliveries(Protocol):
    """Where deliveries are stored before they are acknowledged."""

    def put(self, delivery: Delivery) -> bool:
        """Store and commit; False where it was stored before."""


@dataclass(frozen=True)
class Address:
    """Where in Slack a notice goes, worked out: a channel's name or id, and a place in it."""

    channel: str
    thread_ts: Ts | None = None
    edit_ts: Ts | None = None
    only_for: UserId | None = None

    @property
    def is_home(self) -> bool:
        """Whether it is somebody's Home, and no channel."""
        return self.channel.startswith(HOME)


@dataclass(frozen=True)
class Receipt:
    """Where a message came to stand."""

    channel: ChannelId
    ts: Ts


class Postman(Protocol):
    """Carries notices to Slack."""

    def deliver(self, notice: Notice, to: Address, key: NoticeId) -> Receipt:
        """Send, edit or mark; `key` travels along so that the message can be found again.

        Raises:
            RetryableDeliveryError: Slack may take it later.
            UncertainDeliveryError: it may have arrived, or not.
            DeliveryError: Slack refused it for good.
        """

    def find(self, to: Address, key: NoticeId, since: datetime) -> Receipt | None:
        """Look for a message that may have been sent before; None where it was not."""
