"""From Slack to the inbox, and from the outbox to Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.desk.ids import HOME

if TYPE_CHECKING:
    from bot.desk.addresses import Destination
    from bot.desk.ids import (
        ChannelId,
        NoticeId,
        Thread,
        TicketId,
        Ts,
        UserId,
    )
    from bot.desk.notices import Notice


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
