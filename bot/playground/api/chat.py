"""chat.*: the app's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.api.call import Call, Methods
from bot.playground.errors import SlackError
from bot.playground.happening import posting
from bot.playground.happening.app_messages import (
    MAX_MARKDOWN,
    authored,
    checked_content,
    permalink,
)

if TYPE_CHECKING:
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

methods = Methods()

MAX_METADATA_CHARACTERS = 16_000


@methods.add("chat.postMessage", "chat:write")
def post_message(call: Call) -> dict[str, Any]:
    """Post to a channel, a thread or a person."""
    channel = _destination(call)
    message = authored(call.site, content(call))
    _into_thread(call, channel, message)
    read_metadata(call, message)
    posted = posting.post(call.site, channel, message)
    return {"channel": channel.id, "ts": posted["ts"], "message": _own(posted)}


@methods.add("chat.meMessage", "chat:write")
def me_message(call: Call) -> dict[str, Any]:
    """Say what the app is doing, as `/me` does."""
    channel = call.joined_channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    text = call.required("text", "no_text")
    message = authored(call.site, checked_content(call.site, text, None, None))
    posted = posting.post(call.site, channel, {**message, "subtype": "me_message"})
    return {"channel": channel.id, "ts": posted["ts"]}


@methods.add("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> dict[str, Any]:
    """Show a message to one person only."""
    channel = call.joined_channel()
    user = call.required("user")
    if user not in call.site.workspace.users:
        raise SlackError("user_not_in_channel")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = authored(call.site, content(call))
    if call.text("thread_ts"):
        message["thread_ts"] = call.text("thread_ts")
    posted = posting.post_ephemeral(call.site, channel, user, message)
    return {"message_ts": posted["ts"]}


@methods.add("chat.update", "chat:write")
def update(call: Call) -> dict[str, Any]:
    """Change one of the app's own messages."""
    channel = call.joined_channel()
    message = call.message(channel)
    if message.get("bot_id") != call.site.workspace.bot.bot_id:
        raise SlackError("cant_update_message")
    changes = content(call)
    # Slack keeps the old blocks only when neither text nor blocks nor attachments are given, and
    # then there is nothing to update; a text alone takes the blocks away.
    changes.setdefault("blocks", None)
    changes.setdefault("attachments", None)
    read_metadata(call, changes)
    changed = posting.edit(call.site, channel, message, changes, call.bot_id)
    return {
        "channel": channel.id,
        "ts": changed["ts"],
        "text": changed.get("text", ""),
        "message": _own(changed),
    }


@methods.add("chat.delete", "chat:write")
def delete(call: Call) -> dict[str, Any]:
    """Delete one of the app's own messages."""
    channel = call.channel()
    message = call.message(channel)
    if message.get("bot_id") != call.site.workspace.bot.bot_id:
        raise SlackError("cant_delete_message")
    ts = message["ts"]
    posting.delete(call.site, channel, message)
    return {"channel": channel.id, "ts": ts}


@methods.add("chat.getPermalink")
def get_permalink(call: Call) -> dict[str, Any]:
    """A link to a message."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": permalink(call.site, channel, message)}


def content(call: Call) -> Message:
    """Text, blocks and attachments of a call, or its Markdown, checked; raises SlackError."""
    markdown = call.text("markdown_text")
    if markdown:
        return _from_markdown(call, markdown)
    return checked_content(
        call.site,
        call.text("text"),
        call.json("blocks", list, "invalid_blocks_format"),
        call.json("attachments", list, "invalid_attachments"),
    )


def _from_markdown(call: Call, markdown: str) -> Message:
    if call.text("text") or call.text("blocks"):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > MAX_MARKDOWN:
        raise SlackError("msg_too_long")
    block = {"type": "markdown", "text": markdown}
    return checked_content(call.site, markdown, [block], None)


def _destination(call: Call) -> Channel:
    """A channel by id or name, or the direct messages with a user."""
    wanted = call.required("channel", "channel_not_found")
    workspace = call.site.workspace
    if wanted in workspace.users:
        if workspace.users[wanted].is_bot:
            raise SlackError("channel_not_found")
        return workspace.im(call.bot_id, wanted)
    channel = call.channel(by_name=True)
    if call.bot_id not in channel.members and "chat:write.public" not in call.scopes:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _into_thread(call: Call, channel: Channel, message: Message) -> None:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return
    parent = call.site.workspace.find_message(channel, thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    # A reply to a reply belongs to the thread's parent.
    message["thread_ts"] = parent.get("thread_ts", thread_ts)
    if call.flag("reply_broadcast"):
        message["subtype"] = "thread_broadcast"


def read_metadata(call: Call, message: Message) -> None:
    """Put a call's metadata into a message; raises SlackError."""
    metadata = call.json("metadata", dict, "invalid_metadata_format")
    if metadata is None:
        return
    payload = metadata.get("event_payload")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    if len(str(payload)) > MAX_METADATA_CHARACTERS:
        raise SlackError("metadata_too_large")
    message["metadata"] = {"event_type": metadata["event_type"], "event_payload": payload}


def _own(message: Message) -> Message:
    """The message as the call that made it answers it."""
    return dict(message)
