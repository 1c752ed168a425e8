"""Who reads what is said in a place, and so which articles may be said there.

A collection of articles can be kept to groups: handles of Slack user groups (`managers`), or
channels (`#people-team`). A group that cannot be looked up counts as one that nobody is in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.privacy import is_direct

if TYPE_CHECKING:
    from bot.desk.ids import ChannelId, UserId
    from bot.service.context import Desk

CHANNEL = "#"
"""Begins the name of a channel where a user group's handle may stand."""


def readers_of(desk: Desk, channel: ChannelId, user: UserId) -> frozenset[str]:
    """Give the groups whose articles may be said to somebody in a conversation.

    In a channel others read along, whoever asked: there only the channel itself counts.
    """
    if is_direct(channel):
        return reader_alone(desk, user)
    named = (group for group in desk.triager.audiences() if group.startswith(CHANNEL))
    return frozenset(group for group in named if _is_channel(desk, group, channel))


def reader_alone(desk: Desk, user: UserId, at: ChannelId | None = None) -> frozenset[str]:
    """Give the groups whose articles somebody may read where nobody reads along.

    That is in a modal, on their Home, privately; `at` is the channel that they are seen to be in.
    """
    audiences = desk.triager.audiences()
    if not audiences:
        return frozenset()
    channels = frozenset(group for group in audiences if group.startswith(CHANNEL))
    here = (group for group in channels if at is not None and _is_channel(desk, group, at))
    return desk.directory.groups_of(user, audiences - channels) | frozenset(here)


def _is_channel(desk: Desk, group: str, channel: ChannelId) -> bool:
    return desk.directory.channel_id(group.removeprefix(CHANNEL)) == channel
