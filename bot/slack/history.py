"""Slack's record of what was written: paged, paced, and bounded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import structlog

from bot.desk.errors import DeliveryError, RetryableDeliveryError, ShutOutError
from bot.desk.ids import ChannelId
from bot.slack.errors import translated
from bot.slack.parsing.recovered import deletion_of, found_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

    from bot.desk.ids import TeamId, Thread, Ts
    from bot.desk.ports.delivery import Delivery
    from bot.desk.ports.history import Found

log = structlog.get_logger(__name__)

PAGE = 200
MOST_PAGES = 10
"""So much of one conversation is read: 2,000 messages, the latest."""

TRIES = 5
LONGEST_WAIT_S = 60.0

LATE_AFTER = timedelta(minutes=2)
"""A message that is found so long after it was written is answered late, and told so."""


class SlackHistory:
    """Reads conversations and threads, and waits where Slack asks for it."""

    def __init__(
        self,
        client: WebClient,
        team: TeamId,
        pause: Callable[[float], object],
        bots: AbstractSet[str] = frozenset(),
    ) -> None:
        """Use a client that does not retry by itself; `pause` waits so many seconds.

        `bots` are the apps whose posts are requests.
        """
        self._bots = bots
        self._client = client
        self._team = team
        self._pause = pause
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        """Tell the time by Slack's clock, from the date of an answer."""
        with translated("asking Slack for the time"):
            answer = self._client.auth_test()
        self._now = date_of(answer)
        return self._now

    def conversations(self) -> Iterator[ChannelId]:
        """Give every conversation that Frontline is in, direct messages first."""
        for kind in ("im", "private_channel", "public_channel"):
            yield from self._of_kind(kind)
        try:
            yield from self._of_kind("mpim")
        except ShutOutError as failure:
            # Installed before it asked for that scope: all else is read, and the start says it.
            log.info("group_directs_not_read", error=str(failure))

    def _of_kind(self, kind: str) -> Iterator[ChannelId]:
        for page in self._pages("users_conversations", types=kind, exclude_archived=True):
            for channel in page.get("channels") or []:
                yield ChannelId(str(channel["id"]))

    def messages(self, channel: ChannelId, since: datetime) -> tuple[Found, ...]:
        """Give what was written in a conversation itself since then, oldest first."""
        oldest = f"{since.timestamp():.6f}"
        pages = self._pages("conversations_history", channel=channel, oldest=oldest)
        return self._found(pages, channel)

    def replies(self, thread: Thread) -> tuple[Found, ...] | None:
        """Give a thread with its first message, oldest first; None where it is gone."""
        try:
            pages = self._pages("conversations_replies", channel=thread.channel, ts=thread.ts)
            return self._found(pages, thread.channel)
        except DeliveryError as failure:
            if "thread_not_found" in str(failure) or "message_not_found" in str(failure):
                return None
            raise

    def deletion(self, thread: Thread, ts: Ts) -> Delivery:
        """Give what the deletion of a message would have brought."""
        return deletion_of(thread, ts)

    def _found(self, pages: Iterator[dict[str, Any]], channel: ChannelId) -> tuple[Found, ...]:
        late_before = self._now - LATE_AFTER
        read: dict[str, Found] = {}
        for page in pages:
            for message in page.get("messages") or []:
                found = found_of(
                    message, self._team, channel, late_before=late_before, bots=self._bots
                )
                if found is not None:
                    read[found.ts] = found
        return tuple(sorted(read.values(), key=lambda each: each.posted_at))

    def _pages(self, method: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            answer = self._asked(method, cursor=cursor, limit=PAGE, **arguments)
            yield answer.data if isinstance(answer.data, dict) else {}
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def _asked(self, method: str, **arguments: Any) -> SlackResponse:
        for look in range(1, TRIES + 1):
            try:
                with translated(f"reading what was written ({method.replace('_', '.', 1)})"):
                    answer: SlackResponse = getattr(self._client, method)(**arguments)
            except RetryableDeliveryError as failure:
                if look == TRIES:
                    raise
                asked_for = failure.retry_after if failure.retry_after is not None else 2.0**look
                self._pause(min(asked_for, LONGEST_WAIT_S))
            else:
                return answer
        raise AssertionError("the last try returns or raises")


def date_of(answer: SlackResponse) -> datetime:
    """Read the time at which Slack answered; our own where it says none."""
    headers = {str(name).lower(): value for name, value in (answer.headers or {}).items()}
    try:
        return parsedate_to_datetime(str(headers["date"])).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return datetime.now(UTC)
