"""conversations.*, as those use them who run channels: archive, name, topic, who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.api.call import Call, Methods
from bot.playground.api.conversations import channel_json, checked_name
from bot.playground.errors import SlackError
from bot.playground.happening import changing, membership

if TYPE_CHECKING:
    from bot.playground.state.workspace import Channel

methods = Methods()

_MANAGE = ("channels:manage", "groups:write")
_TOPIC = ("channels:manage", "channels:write.topic", "groups:write", "groups:write.topic",
          "im:write", "mpim:write", "mpim:write.topic")  # fmt: skip
_INVITE = ("channels:manage", "channels:write.invites", "groups:write", "groups:write.invites")
MAX_TOPIC = 250
MAX_INVITED = 100


@methods.add("conversations.archive", *_MANAGE)
def archive(call: Call) -> dict[str, Any]:
    """Close a channel."""
    channel = _open_channel(call, archived="already_archived")
    if channel.name == "general":
        raise SlackError("cant_archive_general")
    changing.archive(call.site, channel, call.bot_id)
    return {}


@methods.add("conversations.unarchive", *_MANAGE)
def unarchive(call: Call) -> dict[str, Any]:
    """Open an archived channel again."""
    channel = call.channel()
    if not channel.is_archived:
        raise SlackError("not_archived")
    changing.unarchive(call.site, channel, call.bot_id)
    return {}


@methods.add("conversations.rename", *_MANAGE)
def rename(call: Call) -> dict[str, Any]:
    """Give a channel another name."""
    channel = _open_channel(call)
    name = checked_name(call)
    other = call.site.workspace.channel(name)
    if other is not None and other.id != channel.id:
        raise SlackError("name_taken")
    changing.rename(call.site, channel, name, call.bot_id)
    return {"channel": channel_json(call, channel)}


@methods.add("conversations.setTopic", *_TOPIC)
def set_topic(call: Call) -> dict[str, Any]:
    """Say what a channel is about now."""
    return _told(call, "topic")


@methods.add("conversations.setPurpose", *_TOPIC)
def set_purpose(call: Call) -> dict[str, Any]:
    """Say what a channel is for."""
    return _told(call, "purpose")


@methods.add("conversations.invite", *_INVITE)
def invite(call: Call) -> dict[str, Any]:
    """Bring people into a channel."""
    channel = _open_channel(call)
    users = [user for user in call.required("users", "no_user").replace(" ", "").split(",") if user]
    if len(users) > MAX_INVITED:
        raise SlackError("too_many_users")
    wrong = [_not_invited(call, channel, user) for user in users]
    refused = [{"user": u, "ok": False, "error": e} for u, e in zip(users, wrong, strict=True) if e]
    if refused and not call.flag("force"):
        raise SlackError(str(refused[0]["error"]), errors=refused)
    for user, error in zip(users, wrong, strict=True):
        if error is None:
            membership.join(call.site, channel, user, inviter=call.bot_id)
    return {"channel": channel_json(call, channel), **({"errors": refused} if refused else {})}


@methods.add("conversations.kick", *_MANAGE)
def kick(call: Call) -> dict[str, Any]:
    """Take somebody out of a channel."""
    channel = _open_channel(call)
    user = call.user()
    if user.id == call.bot_id:
        raise SlackError("cant_kick_self")
    if channel.name == "general":
        raise SlackError("cant_kick_from_general")
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    membership.leave(call.site, channel, user.id)
    return {"errors": {}}


@methods.add("conversations.leave", *_MANAGE)
def leave(call: Call) -> dict[str, Any]:
    """Go out of a channel."""
    channel = call.channel()
    if channel.is_im or channel.is_mpim:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.name == "general":
        raise SlackError("cant_leave_general")
    if call.bot_id not in channel.members:
        return {"not_in_channel": True}
    membership.leave(call.site, channel, call.bot_id)
    return {}


@methods.add("conversations.mark", "channels:manage", "groups:write", "im:write", "mpim:write")
def mark(call: Call) -> dict[str, Any]:
    """Say how far the app has read."""
    channel = call.joined_channel()
    ts = call.required("ts", "invalid_timestamp")
    if not ts.replace(".", "", 1).isdigit():
        raise SlackError("invalid_timestamp")
    call.site.workspace.mark_read(call.bot_id, channel.id, ts)
    return {}


def _open_channel(call: Call, archived: str = "is_archived") -> Channel:
    channel = call.channel()
    if channel.is_im or channel.is_mpim:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError(archived)
    if call.bot_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _told(call: Call, what: str) -> dict[str, Any]:
    channel = call.joined_channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    if what not in call.arguments:
        raise SlackError("invalid_arguments", f"missing required field: {what}")
    words = call.text(what)
    if len(words) > MAX_TOPIC:
        raise SlackError("too_long")
    changing.describe_anew(call.site, channel, what, words, call.bot_id)
    return {"channel": channel_json(call, channel)}


def _not_invited(call: Call, channel: Channel, user_id: str) -> str | None:
    """Why somebody cannot be invited, in Slack's word, or None."""
    user = call.site.workspace.users.get(user_id)
    if user is None or user.is_deleted:
        return "user_not_found"
    if user_id == call.bot_id:
        return "cant_invite_self"
    return "already_in_channel" if user_id in channel.members else None
