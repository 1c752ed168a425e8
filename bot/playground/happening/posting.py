"""What happens in a conversation, whoever does it: state, open pages and events for the app."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from bot.playground.delivery.envelopes import event_body, message_event, wrapped_message_event
from bot.playground.errors import SlackError

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

HISTORY_SCOPES = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
_MESSAGE_EVENTS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
_EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "assistant_thread_context_changed": "assistant:write",
    "assistant_thread_started": "assistant:write",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "file_deleted": "files:read",
    "file_shared": "files:read",
    "group_archive": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "message_metadata_posted": "metadata.message:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_created": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "user_change": "users:read",
}
EVENTS = (
    *_MESSAGE_EVENTS.values(),
    *_EVENT_SCOPES,
    "app_home_opened",
    "member_joined_channel",
    "member_left_channel",
)
"""Every event that an app can be sent."""
# An app that was installed without a manifest gets what a plain bot listens to, and no more:
# what it has no listener for would be sent to it again and again.
_ON_REQUEST = frozenset(
    name
    for name in _EVENT_SCOPES
    if name.startswith(("assistant_", "channel_", "group_", "file_", "pin_"))
) | {"message_metadata_posted", "subteam_created"}


def emit(site: Site, event: dict[str, Any]) -> None:
    """Send the app an event, if it may see it and subscribed to it."""
    if _is_subscribed(site, event):
        site.delivery.event(event_body(site.workspace, event))


def _is_subscribed(site: Site, event: dict[str, Any]) -> bool:
    installation = site.installation
    name, scope = event["type"], _EVENT_SCOPES.get(event["type"])
    if name == "message":
        name, scope = _MESSAGE_EVENTS[event["channel_type"]], HISTORY_SCOPES[event["channel_type"]]
    if scope is not None and scope not in installation.scopes:
        return False
    if installation.events is None:
        return name not in _ON_REQUEST
    return name in installation.events


def post(site: Site, channel: Channel, message: Message) -> Message:
    """Add a message to a channel and tell everybody who should know."""
    workspace = site.workspace
    message["ts"] = workspace.next_ts()
    thread_ts = message.get("thread_ts")
    parent = None
    if thread_ts is not None:
        parent = workspace.find_message(channel, thread_ts)
        if parent is not None and parent.get("user"):
            message["parent_user_id"] = parent["user"]
    workspace.add_message(channel, message)
    show = {"type": "message", "channel": channel.id, "message": message}
    site.live.tell(channel.members, show)
    if parent is not None:
        show_changed(site, channel, parent)
    if message.get("user"):
        workspace.mark_read(message["user"], channel.id, message["ts"])
    if workspace.bot.user_id in channel.members:
        event = message_event(channel, message)
        if message.get("subtype") == "thread_broadcast" and parent is not None:
            event["root"] = copy.deepcopy(parent)
        emit(site, event)
        if mentions_bot(site, channel, message):
            emit(site, mention_event(event))
    if message.get("metadata"):
        _tell_metadata(site, channel, message)
    return message


def _tell_metadata(site: Site, channel: Channel, message: Message) -> None:
    if site.workspace.bot.user_id in channel.members:
        event = {
            "type": "message_metadata_posted",
            "app_id": message.get("app_id"),
            "bot_id": message.get("bot_id"),
            "user_id": message.get("user"),
            "team_id": site.workspace.team.id,
            "channel_id": channel.id,
            "metadata": message["metadata"],
            "message_ts": message["ts"],
            "event_ts": site.workspace.next_ts(),
        }
        emit(site, event)


def mentions_bot(site: Site, channel: Channel, message: Message) -> bool:
    """Whether a message that is not its own calls the app by name."""
    bot = site.workspace.bot
    is_own = message.get("user") == bot.user_id
    named = re.search(rf"<@{bot.user_id}(\|[^>]*)?>", message.get("text") or "")
    return bool(named) and not is_own and not channel.is_im


def mention_event(event: dict[str, Any]) -> dict[str, Any]:
    """The `app_mention` that goes with a `message`."""
    kept = {k: v for k, v in event.items() if k not in ("subtype", "channel_type", "root")}
    return {**kept, "type": "app_mention"}


def edit(site: Site, channel: Channel, message: Message, changes: Message, editor: str) -> Message:
    """Change a message and tell everybody who should know."""
    previous = copy.deepcopy(message)
    message.update(changes)
    for gone in [key for key, value in message.items() if value is None]:
        del message[gone]
    event_ts = site.workspace.next_ts()
    if "edited" in changes or any(previous.get(k) != message.get(k) for k in ("text", "blocks")):
        message["edited"] = {"user": editor, "ts": event_ts}
    site.workspace.save_message(channel, message)
    show_changed(site, channel, message)
    if site.workspace.bot.user_id in channel.members:
        parts = {"message": _as_seen(message), "previous_message": _as_seen(previous)}
        emit(site, wrapped_message_event(channel, "message_changed", event_ts, **parts))
        if mentions_bot(site, channel, message) and not mentions_bot(site, channel, previous):
            # Whoever adds the mention afterwards calls the app as well.
            mention = mention_event(message_event(channel, message))
            emit(site, {**mention, "event_ts": event_ts})
    return message


def delete(site: Site, channel: Channel, message: Message) -> None:
    """Delete a message; one with replies leaves a tombstone."""
    workspace = site.workspace
    previous = copy.deepcopy(message)
    event_ts = workspace.next_ts()
    if workspace.timelines[channel.id].threads.get(message["ts"]):
        kept = ("ts", "thread_ts", "reply_count", "reply_users", "reply_users_count",
                "latest_reply")  # fmt: skip
        stone = {key: message[key] for key in kept if key in message}
        message.clear()
        message.update(
            type="message",
            subtype="tombstone",
            text="This message was deleted.",
            user="USLACKBOT",
            hidden=True,
            **stone,
        )
        workspace.save_message(channel, message)
        show_changed(site, channel, message)
        parts = {"message": _as_seen(message), "previous_message": _as_seen(previous)}
        event = wrapped_message_event(channel, "message_changed", event_ts, **parts)
    else:
        parent = workspace.timelines[channel.id].parent_of(message)
        workspace.remove_message(channel, message["ts"])
        frame = {"type": "message_deleted", "channel": channel.id, "ts": message["ts"]}
        if message.get("thread_ts"):
            frame["thread_ts"] = message["thread_ts"]
        site.live.tell(channel.members, frame)
        if parent is not None:
            show_changed(site, channel, parent)
        event = wrapped_message_event(
            channel,
            "message_deleted",
            event_ts,
            deleted_ts=previous["ts"],
            previous_message=_as_seen(previous),
        )
    if workspace.bot.user_id in channel.members:
        emit(site, event)


def react(  # noqa: PLR0913  (what, where, which, and by whom)
    site: Site, channel: Channel, message: Message, *, name: str, user: str, add: bool
) -> None:
    """Add or take away a reaction; raises SlackError if there is nothing to do."""
    reactions = message.setdefault("reactions", [])
    entry = next((r for r in reactions if r["name"] == name), None)
    if add:
        if entry is None:
            entry = {"name": name, "users": [], "count": 0}
            reactions.append(entry)
        if user in entry["users"]:
            raise SlackError("already_reacted")
        entry["users"].append(user)
    else:
        if entry is None or user not in entry["users"]:
            raise SlackError("no_reaction")
        entry["users"].remove(user)
        if not entry["users"]:
            reactions.remove(entry)
    entry["count"] = len(entry["users"])
    if not reactions:
        del message["reactions"]
    site.workspace.save_message(channel, message)
    site.live.tell(channel.members, {"type": "reaction", "channel": channel.id, "message": message})
    if site.workspace.bot.user_id in channel.members:
        event = {
            "type": "reaction_added" if add else "reaction_removed",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
            "event_ts": site.workspace.next_ts(),
        }
        if message.get("user"):
            event["item_user"] = message["user"]
        emit(site, event)


def pin(site: Site, channel: Channel, message: Message, user: str, *, add: bool) -> None:
    """Pin a message to its channel or take the pin out; raises SlackError if nothing changes."""
    ts = message["ts"]
    if add == (ts in channel.pins):
        raise SlackError("already_pinned" if add else "no_pin")
    if add:
        channel.pins.append(ts)
        message["pinned_to"] = [channel.id]
    else:
        channel.pins.remove(ts)
        message.pop("pinned_to", None)
    site.workspace.save_channel(channel)
    site.workspace.save_message(channel, message)
    show_changed(site, channel, message)
    if site.workspace.bot.user_id in channel.members:
        item = {"type": "message", "channel": channel.id, "message": _as_seen(message)}
        event = {
            "type": "pin_added" if add else "pin_removed",
            "user": user,
            "channel_id": channel.id,
            "item": {**item, "created": int(site.clock.now()), "created_by": user},
            "event_ts": site.workspace.next_ts(),
        }
        emit(site, event if add else {**event, "has_pins": bool(channel.pins)})


def post_ephemeral(site: Site, channel: Channel, user: str, message: Message) -> Message:
    """Show a message to one person only."""
    message["ts"] = site.workspace.next_ts()
    message["is_ephemeral"] = True
    site.ephemerals[user].append({"channel": channel.id, "message": message})
    frame = {
        "type": "ephemeral",
        "channel": channel.id,
        "thread_ts": message.get("thread_ts"),
        "message": message,
    }
    site.live.tell([user], frame)
    return message


def show_changed(site: Site, channel: Channel, message: Message) -> None:
    """Let open pages show a message as it is now."""
    frame = {"type": "message_changed", "channel": channel.id, "message": message}
    site.live.tell(channel.members, frame)


def _as_seen(message: Message) -> Message:
    return {k: v for k, v in message.items() if k not in ("metadata", "reactions")}
