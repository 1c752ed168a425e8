"""conversations.*: channels, their members and what was said in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from bot.playground.api.call import Call, Methods
from bot.playground.api.paging import cursor_for, mark_of, page
from bot.playground.errors import SlackError
from bot.playground.happening import changing, membership, posting

if TYPE_CHECKING:
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

methods = Methods()

READ_SCOPES = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_NAME_LENGTH = 80
_NAME = re.compile(rf"[a-z0-9_-]{{1,{_NAME_LENGTH}}}")


@methods.add("conversations.list")
def conversations_list(call: Call) -> dict[str, Any]:
    """The channels that the app may know of."""
    call.in_a_workspace()
    kinds = _kinds(call)
    exclude_archived = call.flag("exclude_archived")
    workspace = call.site.workspace
    found = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or call.bot_id in channel.members)
        and not (exclude_archived and channel.is_archived)
    ]
    shown, metadata = page(call, found, 100)
    return {
        "channels": [channel_json(call, channel) for channel in shown],
        "response_metadata": metadata,
    }


@methods.add("users.conversations")
def users_conversations(call: Call) -> dict[str, Any]:
    """The channels that a user, or the app itself, is a member of."""
    kinds = _kinds(call)
    user = call.text("user", call.bot_id)
    if user not in call.site.workspace.users:
        raise SlackError("user_not_found")
    found = [
        channel
        for channel in call.site.workspace.visible_to(user)
        if channel.kind in kinds and (channel.kind == "channel" or call.bot_id in channel.members)
    ]
    shown, metadata = page(call, found, 100)
    return {
        "channels": [channel_json(call, channel) for channel in shown],
        "response_metadata": metadata,
    }


@methods.add("conversations.info")
def info(call: Call) -> dict[str, Any]:
    """Describe a channel."""
    channel = call.channel()
    call.need(READ_SCOPES[channel.kind])
    return {"channel": channel_json(call, channel)}


@methods.add("conversations.members")
def members(call: Call) -> dict[str, Any]:
    """The user ids of a channel's members."""
    channel = call.channel()
    call.need(READ_SCOPES[channel.kind])
    shown, metadata = page(call, channel.members, 100)
    return {"members": shown, "response_metadata": metadata}


@methods.add("conversations.open", "im:write", "mpim:write")
def conversations_open(call: Call) -> dict[str, Any]:
    """The direct messages with one person or several."""
    workspace = call.site.workspace
    if call.text("channel"):
        channel = call.channel()
        if not (channel.is_im or channel.is_mpim):
            raise SlackError("channel_not_found")
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    users = [user.strip() for user in call.required("users", "users_list_not_supplied").split(",")]
    for user in users:
        if user not in workspace.users:
            raise SlackError("user_not_found")
    others = [user for user in dict.fromkeys(users) if user != call.bot_id]
    if not others:
        raise SlackError("cannot_dm_bot")
    if len(others) == 1:
        if workspace.users[others[0]].is_bot:
            raise SlackError("cannot_dm_bot")
        channel = workspace.im(call.bot_id, others[0])
    else:
        channel = _group_conversation(call, others)
    is_whole = call.flag("return_im")
    return {"channel": channel_json(call, channel) if is_whole else {"id": channel.id}}


@methods.add("conversations.join", "channels:join")
def join(call: Call) -> dict[str, Any]:
    """Make the bot a member of a public channel."""
    channel = call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if call.bot_id in channel.members:
        return {
            "channel": channel_json(call, channel),
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    membership.join(call.site, channel, call.bot_id)
    return {"channel": channel_json(call, channel)}


@methods.add("conversations.create", "channels:manage", "groups:write")
def create(call: Call) -> dict[str, Any]:
    """Make a channel; the bot is its first member."""
    name = checked_name(call)
    workspace = call.site.workspace
    if workspace.channel(name) is not None:
        raise SlackError("name_taken")
    channel = workspace.new_channel(
        name, [call.bot_id], creator=call.bot_id, is_private=call.flag("is_private")
    )
    changing.created(call.site, channel)
    return {"channel": channel_json(call, channel)}


@methods.add("conversations.history")
def history(call: Call) -> dict[str, Any]:
    """Top-level messages, newest first."""
    channel = call.joined_channel()
    call.need(posting.HISTORY_SCOPES[channel.kind])
    timeline = call.site.workspace.timelines[channel.id]
    start, end = _range(call, timeline.top_level)
    if call.text("cursor"):
        end = min(end, bisect_left(timeline.top_level, mark_of(call.text("cursor"))))
    limit = call.number("limit", 100, 999)
    first = max(start, end - limit)
    chosen = timeline.top_level[first:end]
    answer: dict[str, Any] = {
        "messages": [_shown(call, timeline.by_ts[ts]) for ts in reversed(chosen)],
        "has_more": first > start,
        "pin_count": len(channel.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if first > start:
        answer["response_metadata"] = {"next_cursor": cursor_for(chosen[0])}
    return answer


@methods.add("conversations.replies")
def replies(call: Call) -> dict[str, Any]:
    """A thread, oldest first, its parent always in front."""
    channel = call.joined_channel()
    call.need(posting.HISTORY_SCOPES[channel.kind])
    message = call.site.workspace.find_message(channel, call.required("ts"))
    if message is None:
        raise SlackError("thread_not_found")
    timeline = call.site.workspace.timelines[channel.id]
    root: str = message.get("thread_ts") or message["ts"]
    order = timeline.threads.get(root, [])
    start, end = _range(call, order)
    if call.text("cursor"):
        start = max(start, bisect_right(order, mark_of(call.text("cursor"))))
    limit = call.number("limit", 1000, 1000)
    stop = min(end, start + limit)
    chosen = order[start:stop]
    parent = timeline.by_ts.get(root)
    first = [_shown(call, parent)] if parent is not None else []
    answer: dict[str, Any] = {
        "messages": first + [_shown(call, timeline.by_ts[ts]) for ts in chosen],
        "has_more": stop < end,
    }
    if stop < end:
        answer["response_metadata"] = {"next_cursor": cursor_for(chosen[-1])}
    return answer


def checked_name(call: Call) -> str:
    """A channel's new name; raises SlackError."""
    name = call.required("name", "invalid_name_required")
    if len(name) > _NAME_LENGTH:
        raise SlackError("invalid_name_maxlength")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")
    return name


def channel_json(call: Call, channel: Channel) -> dict[str, Any]:
    """A channel as the Web API describes it."""
    common = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "is_org_shared": False,
        "context_team_id": call.site.workspace.team.id,
        "updated": channel.created * 1000,
    }
    if channel.is_im:
        return common | {
            "user": channel.other_side(call.bot_id),
            "is_user_deleted": False,
            "priority": 0,
        }
    is_connected = call.site.workspace.is_ext_shared(channel)
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private and not channel.is_mpim,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "is_shared": is_connected,
        "is_ext_shared": is_connected,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "parent_conversation": None,
        "creator": channel.creator,
        "shared_team_ids": [call.site.workspace.team.id],
        "pending_connected_team_ids": [],
        "is_member": call.bot_id in channel.members,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": 0},
        "previous_names": [],
        "num_members": len(channel.members),
    }


def _kinds(call: Call) -> set[str]:
    wanted = [kind.strip() for kind in call.text("types", "public_channel").split(",")]
    if not set(wanted) <= set(KINDS):
        raise SlackError("invalid_types")
    kinds = {KINDS[kind] for kind in wanted}
    for kind in sorted(kinds):
        call.need(READ_SCOPES[kind])
    return kinds


def _group_conversation(call: Call, others: list[str]) -> Channel:
    workspace = call.site.workspace
    everyone = {call.bot_id, *others}
    for channel in workspace.channels.values():
        if channel.is_mpim and set(channel.members) == everyone:
            return channel
    names = "--".join(sorted(workspace.users[user].name for user in everyone))
    return workspace.new_channel(
        f"mpdm-{names}-1", list(everyone), creator=call.bot_id, is_private=True, is_mpim=True
    )


def _range(call: Call, order: list[str]) -> tuple[int, int]:
    """The part of an ordered list of `ts` between `oldest` and `latest`."""
    oldest, latest = _ts(call, "oldest"), _ts(call, "latest")
    if call.flag("inclusive"):
        start = bisect_left(order, oldest) if oldest else 0
        end = bisect_right(order, latest) if latest else len(order)
    else:
        start = bisect_right(order, oldest) if oldest else 0
        end = bisect_left(order, latest) if latest else len(order)
    return start, max(start, end)


def _ts(call: Call, name: str) -> str:
    """A `ts` argument, widened so that it can be compared as text."""
    raw = call.text(name)
    if raw in ("", "0"):
        return ""
    seconds, _, fraction = raw.partition(".")
    if not seconds.isdigit() or (fraction and not fraction.isdigit()):
        raise SlackError(f"invalid_ts_{name}")
    return f"{seconds:0>10}.{fraction:0<6}"


def _shown(call: Call, message: Message) -> Message:
    if call.flag("include_all_metadata") or "metadata" not in message:
        return message
    return {key: value for key, value in message.items() if key != "metadata"}
