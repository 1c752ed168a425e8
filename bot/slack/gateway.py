"""The Web API as the desk's postman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.desk.errors import DeliveryError
from bot.desk.figures import ReportPictures
from bot.desk.ids import ChannelId, NoticeId, Ts
from bot.desk.ports.delivery import Receipt
from bot.desk.views import HomeView
from bot.slack.blocks.figures.reports import pictures_missing
from bot.slack.blocks.lateness import said_late
from bot.slack.blocks.rendering import SEEN_EMOJI, render
from bot.slack.blocks.views.home import render_home
from bot.slack.errors import code_of, translated
from bot.slack.sending.pictures import NoPicturesError, has_pictures_of, send_pictures
from bot.slack.words import speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from slack_sdk import WebClient

    from bot.desk.notices import Notice
    from bot.desk.ports.delivery import Address
    from bot.slack.blocks.parts import Rendered

METADATA_TYPE = "frontline_notice"
PAGE = 200
PEOPLE = ("U", "W")
SLACK_CLOCK_SKEW_S = 120.0


class SlackPostman:
    """Sends, edits and finds messages through the Web API."""

    def __init__(
        self,
        client: WebClient,
        channel_id: Callable[[str], ChannelId | None],
        by_slack: Callable[[datetime], datetime] = lambda moment: moment,
    ) -> None:
        """Use a client that does not retry by itself: a resent message would appear twice.

        `by_slack` says what Slack's clock showed when ours showed something.
        """
        self._client = client
        self._by_slack = by_slack
        self._channel_id = channel_id

    def deliver(
        self, notice: Notice, to: Address, key: NoticeId, late_since: datetime | None = None
    ) -> Receipt:
        """Send, edit or mark; what comes late says since when it waited."""
        if isinstance(notice, HomeView):
            return self._publish(notice, to)
        if isinstance(notice, ReportPictures):
            return self._draw(notice, to, key)
        channel = self._resolve(to.channel)
        with speaking(to.language):
            rendered = render(notice)
            if rendered is not None and late_since is not None and not (to.edit_ts or to.only_for):
                rendered = said_late(rendered, notice, late_since)
        if rendered is None:
            return self._mark(channel, to)
        if to.edit_ts:
            return self._edit(channel, to.edit_ts, rendered)
        if to.only_for:
            return self._whisper(channel, to, rendered)
        return self._post(channel, to, rendered, key)

    def _draw(self, notice: ReportPictures, to: Address, key: NoticeId) -> Receipt:
        """Draw pictures and send them; where that is not possible, say so in their place."""
        channel = self._resolve(to.channel)
        try:
            return send_pictures(self._client, self._conversation(channel), notice, key)
        except NoPicturesError as failure:
            return self._post(channel, to, pictures_missing(str(failure)), key)

    def _conversation(self, channel: ChannelId) -> ChannelId:
        """Give the conversation with a person; history and files know no people."""
        if not channel.startswith(PEOPLE):
            return channel
        with translated(f"opening a conversation with {channel}"):
            opened = self._client.conversations_open(users=channel)
        return ChannelId(str(opened["channel"]["id"]))

    def _publish(self, home: HomeView, to: Address) -> Receipt:
        with speaking(to.language):
            view = render_home(home)
        with translated(f"publishing the Home of {home.user}"):
            answer = self._client.views_publish(user_id=home.user, view=view)
        return Receipt(ChannelId(to.channel), Ts(str(answer["view"]["hash"])))

    def _resolve(self, channel: str) -> ChannelId:
        found = self._channel_id(channel)
        if found is None:
            raise DeliveryError(
                f"There is no channel {channel!r} that Frontline can see; "
                "check frontline.toml, and invite the app to the channel."
            )
        return found

    def _post(self, channel: ChannelId, to: Address, shown: Rendered, key: NoticeId) -> Receipt:
        with translated(f"posting to {channel}"):
            answer = self._client.chat_postMessage(
                channel=channel,
                thread_ts=to.thread_ts,
                text=shown.text,
                blocks=shown.blocks,
                metadata=_metadata(key),
                unfurl_links=False,
                unfurl_media=False,
            )
        return Receipt(ChannelId(str(answer["channel"])), Ts(str(answer["ts"])))

    def _edit(self, channel: ChannelId, ts: Ts, shown: Rendered) -> Receipt:
        with translated(f"editing a message in {channel}"):
            self._client.chat_update(channel=channel, ts=ts, text=shown.text, blocks=shown.blocks)
        return Receipt(channel, ts)

    def _whisper(self, channel: ChannelId, to: Address, shown: Rendered) -> Receipt:
        with translated(f"telling one person something in {channel}"):
            answer = self._client.chat_postEphemeral(
                channel=channel,
                user=str(to.only_for),
                thread_ts=to.thread_ts,
                text=shown.text,
                blocks=shown.blocks,
            )
        return Receipt(channel, Ts(str(answer["message_ts"])))

    def _mark(self, channel: ChannelId, to: Address) -> Receipt:
        ts = Ts(str(to.thread_ts))
        with translated(f"marking a message in {channel}"):
            try:
                self._client.reactions_add(channel=channel, timestamp=ts, name=SEEN_EMOJI)
            except SlackApiError as failure:
                if code_of(failure) != "already_reacted":
                    raise
        return Receipt(channel, ts)

    def find(self, to: Address, key: NoticeId, since: datetime) -> Receipt | None:
        """Look for a message by the key in its metadata; edits and marks need no looking."""
        if to.edit_ts or to.only_for or to.is_home:
            return None
        channel = self._resolve(to.channel)
        with translated(f"looking for a message in {channel}"):
            channel = self._conversation(channel)
            for message in self._messages(channel, to.thread_ts, self._by_slack(since)):
                if _key_of(message) == key or has_pictures_of(message, key):
                    return Receipt(channel, Ts(str(message["ts"])))
        return None

    def is_welcome(self, needed: str | None = None) -> bool:
        """Sign in once more, and look whether a scope was granted meanwhile."""
        with translated("signing in"):
            answer = self._client.auth_test()
        if needed is None:
            return True
        headers = {str(k).lower(): str(v) for k, v in (answer.headers or {}).items()}
        granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
        return bool(granted & {scope.strip() for scope in needed.split(",")})

    def _messages(
        self, channel: ChannelId, thread_ts: Ts | None, since: datetime
    ) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            common: dict[str, Any] = {
                "channel": channel,
                "oldest": f"{since.timestamp() - SLACK_CLOCK_SKEW_S:.6f}",
                "include_all_metadata": True,
                "limit": PAGE,
                "cursor": cursor,
            }
            if thread_ts:
                answer = self._client.conversations_replies(ts=thread_ts, **common)
            else:
                answer = self._client.conversations_history(**common)
            yield from answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return


def _metadata(key: NoticeId) -> dict[str, Any]:
    # Ids only: everyone in the workspace can read metadata.
    return {"event_type": METADATA_TYPE, "event_payload": {"id": key}}


def _key_of(message: dict[str, Any]) -> int | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA_TYPE:
        return None
    return (metadata.get("event_payload") or {}).get("id")
