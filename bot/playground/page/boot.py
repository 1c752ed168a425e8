"""What the page shows first, and what it fetches afterwards."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.playground.errors import Refused
from bot.playground.happening import membership
from bot.playground.page.turning import shown

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.workspace import Channel

MAX_PAGE = 500


def boot(site: Site, user: str) -> dict[str, Any]:
    """The workspace as one person sees it."""
    workspace = site.workspace
    channels = workspace.visible_to(user)
    return {
        "team": asdict(workspace.team),
        "me": user,
        "bot": {"user_id": workspace.bot.user_id, "name": workspace.bot.real_name},
        "is_connected": site.delivery.transport.is_reachable(),
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "real_name": person.real_name,
                "title": person.title,
                "tz": person.tz,
                "avatar_color": person.avatar_color,
                "is_bot": person.is_bot,
                "role": person.role,
            }
            for person in workspace.users.values()
        ],
        "channels": [
            {**membership.describe(site, channel, user), **_unread(site, channel, user)}
            for channel in channels
        ],
        "usergroups": [
            {"id": g.id, "handle": g.handle, "name": g.name, "users": g.users}
            for g in workspace.usergroups.values()
            if not g.disabled
        ],
        "commands": [asdict(command) for command in site.installation.commands],
        "shortcuts": [asdict(shortcut) for shortcut in site.installation.shortcuts],
        "guide": [asdict(step) for step in workspace.seed.guide],
        "clock": shown(site),
        "home": {"user": workspace.homes.get(user)},
        "ephemerals": site.ephemerals[user],
        "views": site.surfaces.stack(user),
    }


def channels(site: Site, user: str) -> dict[str, Any]:
    """Every public channel, those that the person is not in as well."""
    public = [c for c in site.workspace.channels.values() if c.kind == "channel"]
    return {
        "channels": [
            membership.describe(site, channel, user)
            for channel in sorted(public, key=lambda c: c.name)
            if not channel.is_archived
        ]
    }


def history(site: Site, user: str, channel_id: str, before: str, limit: int) -> dict[str, Any]:
    """A page of a channel's top-level messages, oldest first."""
    timeline = site.workspace.timelines[_seen_by(site, user, channel_id).id]
    end = bisect_left(timeline.top_level, before) if before else len(timeline.top_level)
    start = max(0, end - max(1, min(limit, MAX_PAGE)))
    return {
        "messages": [timeline.by_ts[ts] for ts in timeline.top_level[start:end]],
        "has_more": start > 0,
    }


def replies(site: Site, user: str, channel_id: str, ts: str) -> dict[str, Any]:
    """A thread, its parent first."""
    timeline = site.workspace.timelines[_seen_by(site, user, channel_id).id]
    return {"messages": timeline.thread(ts)}


def _seen_by(site: Site, user: str, channel_id: str) -> Channel:
    channel = site.workspace.channel(channel_id)
    if channel is None or (user not in channel.members and channel.kind != "channel"):
        raise Refused("You are not in that channel.")
    return channel


def _unread(site: Site, channel: Channel, user: str) -> dict[str, int]:
    workspace = site.workspace
    mark = workspace.read_marks.get((user, channel.id), "")
    groups = [g.id for g in workspace.usergroups.values() if user in g.users]
    words = [f"<@{user}", *(f"<!subteam^{g}" for g in groups), "<!channel", "<!here"]
    unread = mentions = 0
    for message in workspace.timelines[channel.id].after(mark):
        if message.get("user") == user:
            continue
        is_top = "parent_user_id" not in message and (
            message.get("thread_ts") in (None, message["ts"])
        )
        unread += is_top
        named = any(word in (message.get("text") or "") for word in words)
        mentions += named or (channel.is_im and is_top)
    return {"unread": unread, "mentions": mentions}
