"""From Slack to the inbox, and from the outbox to Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from bot.desk.asking import HEARD, AskingNotice, Thanked, Walk
from bot.desk.figures import DeskReport, ReportPictures
from bot.desk.ids import HOME
from bot.desk.incidents import IncidentBanner, IncidentNews, IncidentNote, IncidentReview
from bot.desk.learning import (
    ArticleNews,
    AuditCard,
    DraftCard,
    DraftWaits,
    GapReport,
    ProblemReport,
    WordsReport,
)
from bot.desk.oncall import RotaTrouble
from bot.desk.promises import Priority
from bot.desk.tickets import (
    Apology,
    Card,
    Handoff,
    Linked,
    Passed,
    Progress,
    Relayed,
    Reminder,
    Seen,
    Settled,
    ThreadNote,
)
from bot.desk.views import HomeView, TicketStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.desk.addresses import Destination
    from bot.desk.beyond import AboutProblem, Happening, Outgoing, Page
    from bot.desk.ids import (
        ChannelId,
        EscalationId,
        NoticeId,
        Thread,
        TicketId,
        Ts,
        UserId,
    )
    from bot.desk.notices import Notice
    from bot.desk.tickets import Escalation


class Way(StrEnum):
    """How a notice travels; each way has a pace and a permission of its own.

    `LOOK` brings nothing there: it looks whether something arrived.
    """

    LOOK = "look"

    POST = "post"
    EDIT = "edit"
    WHISPER = "whisper"
    MARK = "mark"
    HOME = "home"
    BEYOND = "beyond"
    """To a target outside Slack; carried by threads of its own."""


class Urgency(IntEnum):
    """What goes first where not everything can go at once."""

    SIGN = -1
    """That somebody was heard, where the answers take their time."""
    ANSWER = 0
    """Somebody who asked or pressed waits for it."""
    ALARM = 1
    """A card of the first priority."""
    CALL = 2
    """Cards, handoffs, and what engineers read in their threads."""
    WHENEVER = 3
    """Homes and reports."""
    PAGE = 4
    """A page that leaves Slack; it and what follows has threads of its own."""
    NEWS = 5
    """What other targets outside Slack are told."""


class Standing(StrEnum):
    """Whether a notice that was handed over can be seen in Slack."""

    STANDS = "stands"
    WAITS = "waits"
    UNDER_WAY = "under way"
    """It may stand already."""
    SET_ASIDE = "set aside"


def way_of(notice: Notice, to: Destination) -> Way:
    """Tell how a notice travels to its destination."""
    if isinstance(notice, HomeView):
        return Way.HOME
    if isinstance(notice, Seen):
        return Way.MARK
    if to.edits is not None:
        return Way.EDIT
    return Way.POST if to.only_for is None else Way.WHISPER


WHENEVER = (
    HomeView
    | RotaTrouble
    | DraftCard
    | DraftWaits
    | ArticleNews
    | GapReport
    | WordsReport
    | DeskReport
    | ReportPictures
    | AuditCard
    | ProblemReport
)
"""What nobody waits for."""


READ_BY_REQUESTERS = (
    AskingNotice
    | Apology
    | ArticleNews
    | IncidentNews
    | Linked
    | Passed
    | Progress
    | Relayed
    | Settled
    | Thanked
    | TicketStatus
    | Walk
)
"""What stands in the thread of whoever asked, and is said in their language."""


def is_for_all(notice: Notice) -> bool:
    """Tell whether a notice goes to all who follow an incident: nobody asked for it just now."""
    if isinstance(notice, IncidentNews):
        return notice.what == "update"
    if isinstance(notice, Settled):
        return bool(notice.incident) and notice.original is not None
    return isinstance(notice, IncidentBanner | IncidentNote | IncidentReview)


def urgency_of(notice: Notice) -> Urgency:
    """Tell how urgent a notice is."""
    if notice == HEARD:
        return Urgency.SIGN
    if isinstance(notice, WHENEVER):
        return Urgency.WHENEVER
    if isinstance(notice, Card) and notice.priority == Priority.P1:
        return Urgency.ALARM
    if isinstance(notice, Card | Handoff | ThreadNote | Reminder) or is_for_all(notice):
        return Urgency.CALL
    return Urgency.ANSWER


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

    def latest_of(self, ticket: TicketId) -> tuple[Posted, ...]:
        """Give the last notices of a ticket, newest first, each in its latest wording."""

    def pages_quoting(self, tickets: Collection[TicketId]) -> tuple[Posted, ...]:
        """Give the last messages about no ticket alone that quote any of these, oldest first."""

    def without_ticket(self, channel: ChannelId, thread_ts: Ts) -> tuple[Notice, ...]:
        """Give what was said in a thread about no ticket."""

    def standing(self, notice: NoticeId) -> Standing:
        """Tell whether a notice stands in Slack, waits, or was set aside."""

    def others_go_out(self, notice: NoticeId) -> bool:
        """Tell whether Slack took something that was handed over after a notice."""

    def divert(self, notice: NoticeId, channel: str, wording: Notice) -> None:
        """Send what never left to another channel instead, with what belongs under it."""

    def refused_places(self, ticket: TicketId) -> frozenset[str]:
        """Name the channels that would not take a card of this ticket."""


class Beyond(Protocol):
    """What leaves Slack, written together with the state that it speaks of.

    What happens to tickets and escalations is told by the store itself, whoever brings it about.
    """

    def happened(
        self,
        what: Happening,
        ticket: TicketId,
        escalation: EscalationId | None = None,
        says: str = "",
    ) -> None:
        """Tell all targets that listen for it: an incident, say, in a line of its own."""

    def problem(self, what: Happening, told: AboutProblem, group: str | None) -> None:
        """Tell all targets that listen for it of a recurring problem, or of a wish."""

    def page(self, escalation: Escalation, to: Sequence[str]) -> tuple[str, ...]:
        """Page by these targets what they have not been paged for yet; names those that are."""

    def find(self, key: str) -> Page | None:
        """Find a page by the name that its target knows."""


class Courier(Protocol):
    """Carries to one target what it is told."""

    def carry(self, outgoing: Outgoing) -> str:
        """Send it; gives what the other side said of it, in a word or two.

        Raises:
            RetryableDeliveryError: it may be taken later.
            MisdirectedError: the target refuses Frontline itself, or is not there.
            DeliveryError: it refuses this for good.
        """


class DeadLetters(Protocol):
    """What was set aside, because Slack refused it for good."""

    def take_up(self, places: frozenset[str]) -> int:
        """Send again what a channel refused that is back, unless something else was done instead.

        `places` are the channel's id and names; gives how much is sent.
        """


class AlarmBell(Protocol):
    """Where the admin is alarmed when Slack cannot be the way."""

    def sound(self, key: str, says: str) -> None:
        """Alarm the admin by every way but Slack; once for each key."""


class AlarmWay(Protocol):
    """One way by which an alarm is told: the log, a webhook, and what may come."""

    def tell(self, says: str) -> None:
        """Tell an alarm; no word of what people wrote is in it.

        Raises:
            FrontlineError: it could not be told by this way now.
        """


@dataclass(frozen=True)
class Delivery:
    """One event or press as Slack delivered it.

    The same delivery is recognised by its `event_id`; the same message, which can arrive
    under several of them, by its `message_key`. `trouble` says why it is kept, where
    something failed on it before it could be stored as what it is. `author` is whose share it
    is of; `overlong` says that less is read of it than was sent.
    """

    event_id: str
    payload: dict[str, Any]
    thread: Thread | None
    message_key: str | None = None
    trouble: str | None = None
    author: str | None = None
    overlong: bool = False


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
    language: str = ""
    """Of whoever reads it; empty where that is English, or many."""

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

    def deliver(
        self, notice: Notice, to: Address, key: NoticeId, late_since: datetime | None = None
    ) -> Receipt:
        """Send, edit or mark; `key` travels along so that the message can be found again.

        A message that is `late_since` some time says so.

        Raises:
            RetryableDeliveryError: Slack may take it later.
            UncertainDeliveryError: it may have arrived, or not.
            ShutOutError: Slack refuses Frontline itself.
            DeliveryError: Slack refused it for good.
        """

    def find(self, to: Address, key: NoticeId, since: datetime) -> Receipt | None:
        """Look for a message that may have been sent before; None where it was not."""

    def is_welcome(self, needed: str | None = None) -> bool:
        """Ask Slack whether it takes something from Frontline now, with a permission it needs.

        Raises:
            RetryableDeliveryError: it does not, or could not be asked.
        """
