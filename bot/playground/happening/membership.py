"""Who is in which channel and user group, and who is told when that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.delivery.envelopes import message_event
from bot.playground.happening.posting import emit, mention_event, mentions_bot, post

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.workspace import Channel, UserGroup


def join(site: Site, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Make somebody a member of a channel."""
    if user in channel.members:
        return
    channel.members.append(user)
    site.workspace.save_channel(channel)
    site.live.tell(channel.members, {"type": "channel", "channel": describe(site, channel, user)})
    joined = {
        "type": "message",
        "subtype": "group_join" if channel.is_private else "channel_join",
        "user": user,
        "text": f"<@{user}> has joined the channel",
    }
    if inviter is not None:
        joined["inviter"] = inviter
    post(site, channel, joined)
    if site.workspace.bot.user_id in channel.members:
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": site.workspace.team.id,
            "event_ts": site.workspace.next_ts(),
        }
        if inviter is not None:
            event["inviter"] = inviter
        emit(site, event)
    if user == site.workspace.bot.user_id and inviter is not None:
        _tell_what_invited(site, channel, inviter)


def _tell_what_invited(site: Site, channel: Channel, inviter: str) -> None:
    """Whoever mentions an app that is not there is asked to invite it; then it hears of that."""
    timeline = site.workspace.timelines[channel.id]
    said = (timeline.by_ts[ts] for ts in reversed(timeline.everything))
    last = next((m for m in said if m.get("user") == inviter and not m.get("subtype")), None)
    if last is not None and mentions_bot(site, channel, last):
        emit(site, mention_event(message_event(channel, last)))


def leave(site: Site, channel: Channel, user: str) -> None:
    """Take somebody out of a channel."""
    if user not in channel.members:
        return
    was_visible = site.workspace.bot.user_id in channel.members
    everyone = list(channel.members)
    channel.members.remove(user)
    site.workspace.save_channel(channel)
    site.live.tell(everyone, {"type": "channel", "channel": describe(site, channel, user)})
    if was_visible:
        emit(
            site,
            {
                "type": "member_left_channel",
                "user": user,
                "channel": channel.id,
                "channel_type": "G" if channel.is_private else "C",
                "team": site.workspace.team.id,
                "event_ts": site.workspace.next_ts(),
            },
        )


def change_group(site: Site, group: UserGroup, users: list[str]) -> None:
    """Give a user group other members, and send the event that goes with it."""
    added = [user for user in users if user not in group.users]
    removed = [user for user in group.users if user not in users]
    previous = group.updated
    group.users, group.updated = users, int(site.clock.now())
    site.workspace.save_group(group)
    event = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": site.workspace.team.id,
        "date_previous_update": previous,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": site.workspace.next_ts(),
    }
    emit(site, event)


def describe(site: Site, channel: Channel, viewer: str) -> dict[str, Any]:
    """A channel as the page shows it to one person."""
    timeline = site.workspace.timelines[channel.id]
    described: dict[str, Any] = {
        "id": channel.id,
        "name": channel.name,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "topic": channel.topic,
        "purpose": channel.purpose,
        "members": list(channel.members),
        "last_ts": timeline.latest(),
    }
    if channel.is_im:
        described["user"] = channel.other_side(viewer)
    return described
