"""Reads what was written while nobody listened, and puts it into the inbox like any delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import DeliveryError, FrontlineError, RetryableDeliveryError
from bot.desk.ids import ChannelId, Thread
from bot.service.messages.catching_up import changed_in, new_in, threads_with_news
from bot.worker.pacing import Pacer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.desk.ids import TeamId
    from bot.desk.ports.delivery import Deliveries, Delivery
    from bot.desk.ports.history import Found, History, KnownThread
    from bot.desk.ports.time import Clock
    from bot.service.messages.catching_up import Reading
    from bot.store.presence import Presence

log = structlog.get_logger(__name__)

AT_ONCE = 30
A_SECOND = 0.6
"""Readings of a full round: so many at once, then 36 a minute; Slack allows 50."""

MOST_CONVERSATIONS = 1_000
MOST_THREADS = 200
MOST_DIRECTS = 10
"""So many of the latest direct conversations are looked into each minute."""


class StoppedReadingError(FrontlineError):
    """The process ends while it reads."""


@dataclass
class Caught:
    """What a round found."""

    new: int = 0
    seen: list[Found] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Where something may have been written that was not read, and why."""
    again: bool = False
    """Whether Slack did not answer for some of it: it has to be read once more."""


class CatchUp:
    """Reads conversations and known threads; what is found is handled once, by its key."""

    def __init__(  # noqa: PLR0913 - what is read, where it goes, and how fast
        self,
        *,
        history: History,
        inbox: Deliveries,
        presence: Presence,
        team: TeamId,
        configured: Callable[[], Sequence[ChannelId]],
        pause: Callable[[float], object],
        steady: Clock,
    ) -> None:
        """Join Slack's record with the inbox.

        `pause` waits between two readings; it gives a true value where no more is to be read.
        """
        self._history = history
        self._inbox = inbox
        self._presence = presence
        self._team = team
        self._configured = configured
        self._pause = pause
        self._steady = steady
        self._pacer = Pacer(burst=AT_ONCE, rate=A_SECOND)

    def read(self, reading: Reading) -> Caught:
        """Do a round: where most is asked first, then known threads, then everywhere else."""
        caught, done = Caught(), set[ChannelId]()
        self._conversations(self._likely(), reading, caught, done)
        if reading.everywhere:
            for known in self._presence.threads(MOST_THREADS):
                self._wait()
                where = f"the thread of T-{known.ticket}"
                self._safely(where, caught, self._known_thread, known, reading, caught)
            where = "the list of conversations"
            others = self._history.conversations()
            self._safely(where, caught, self._conversations, others, reading, caught, done)
        if caught.new or caught.unread:
            log.info("caught_up", new=caught.new, since=str(reading.since), unread=caught.unread)
        return caught

    def _likely(self) -> tuple[ChannelId, ...]:
        return (*self._configured(), *self._presence.directs(MOST_DIRECTS))

    def _conversations(
        self, channels: Iterable[ChannelId], reading: Reading, caught: Caught, done: set[ChannelId]
    ) -> None:
        for channel in channels:
            if channel in done:
                continue
            if len(done) >= MOST_CONVERSATIONS:
                caught.unread.append(f"more than {MOST_CONVERSATIONS} conversations")
                return
            done.add(channel)
            self._wait()
            where = f"conversation {channel}"
            self._safely(where, caught, self._conversation, channel, reading, caught)

    def _wait(self) -> None:
        seconds = self._pacer.wait_for("history", self._steady())
        if seconds and self._pause(seconds):
            raise StoppedReadingError(
                "Frontline stops while it reads what it missed; the next start begins anew."
            )

    def _safely(self, where: str, caught: Caught, do: Callable[..., None], *given: object) -> None:
        try:
            do(*given)
        except (DeliveryError, RetryableDeliveryError) as failure:
            log.warning("not_read", where=where, error=str(failure))
            caught.again |= isinstance(failure, RetryableDeliveryError)
            caught.unread.append(f"{where} ({failure})")

    def _conversation(self, channel: ChannelId, reading: Reading, caught: Caught) -> None:
        found = self._history.messages(channel, reading.since)
        caught.seen.extend(found)
        self._take(new_in(found), caught)
        for root in threads_with_news(found, reading.since):
            replies = self._history.replies(Thread(self._team, channel, root.ts)) or ()
            self._take(new_in(each for each in replies if each.ts != root.ts), caught)

    def _known_thread(self, known: KnownThread, reading: Reading, caught: Caught) -> None:
        found = self._history.replies(known.thread)
        edits, gone = changed_in(known, found or (), reading.since)
        written = (each for each in found or () if each.posted_at >= reading.since)
        self._take(new_in(written), caught)
        self._take(edits, caught)
        # What was asked first goes last: with it the ticket may end.
        for ts in sorted(gone, key=lambda each: each == known.thread.ts):
            self._take([self._history.deletion(known.thread, ts)], caught)

    def _take(self, deliveries: Iterable[Delivery], caught: Caught) -> None:
        for delivery in deliveries:
            if not self._presence.has(delivery):
                caught.new += self._inbox.put(delivery)
