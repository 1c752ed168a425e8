"""What was written in Slack while nobody listened, read afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.desk.ids import ChannelId, Thread, TicketId, Ts
    from bot.desk.ports.delivery import Delivery


@dataclass(frozen=True)
class Found:
    """A message as the history shows it, with what would have been delivered of it.

    `edit` is what its last edit would have brought, None where it was never edited; `deleted`
    says that only its stone is left.
    """

    ts: Ts
    posted_at: datetime
    by_person: bool
    delivery: Delivery
    edit: Delivery | None = None
    edited_at: datetime | None = None
    last_reply_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True)
class KnownThread:
    """A thread that belongs to a ticket, with what is on record of it."""

    thread: Thread
    ticket: TicketId
    said: frozenset[Ts]
    """The messages of people that are on record and not deleted; none for a card's thread."""


class History(Protocol):
    """Slack's own record of what was written.

    Every method may raise DeliveryError, where Slack refuses for good, and
    RetryableDeliveryError, where it may answer later.
    """

    def now(self) -> datetime:
        """Tell the time by Slack's clock."""

    def conversations(self) -> Iterator[ChannelId]:
        """Give every conversation that Frontline is in, direct messages first."""

    def messages(self, channel: ChannelId, since: datetime) -> tuple[Found, ...]:
        """Give what was written in a conversation itself since then, oldest first."""

    def replies(self, thread: Thread) -> tuple[Found, ...] | None:
        """Give a thread with its first message, oldest first; None where it is gone."""

    def deletion(self, thread: Thread, ts: Ts) -> Delivery:
        """Give what the deletion of a message would have brought."""
