"""What becomes of channels: made, named, closed and described, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.happening.membership import describe
from bot.playground.happening.posting import emit, post

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.workspace import Channel


def created(site: Site, channel: Channel) -> None:
    """Tell the app of a new public channel; of private ones Slack tells nobody."""
    _tell(site, channel)
    if channel.kind == "channel":
        about = {
            "id": channel.id,
            "name": channel.name,
            "name_normalized": channel.name,
            "created": channel.created,
            "creator": channel.creator,
            "is_channel": True,
            "is_shared": False,
            "context_team_id": site.workspace.team.id,
        }
        _emit(site, {"type": "channel_created", "channel": about})


def archive(site: Site, channel: Channel, user: str) -> None:
    """Close a channel; its last message says who did."""
    words = f"<@{user}> archived the channel"
    post(site, channel, _note(channel, "archive", user, words))
    channel.is_archived = True
    _keep(site, channel)
    if _is_told(site, channel):
        _emit(site, {"type": f"{_word(channel)}_archive", "channel": channel.id, "user": user,
                     "is_moved": 0})  # fmt: skip


def unarchive(site: Site, channel: Channel, user: str) -> None:
    """Open a channel again."""
    channel.is_archived = False
    _keep(site, channel)
    words = f"<@{user}> un-archived the channel"
    post(site, channel, _note(channel, "unarchive", user, words))
    if _is_told(site, channel):
        _emit(site, {"type": f"{_word(channel)}_unarchive", "channel": channel.id, "user": user})


def rename(site: Site, channel: Channel, name: str, user: str) -> None:
    """Give a channel another name."""
    old, channel.name = channel.name, name
    _keep(site, channel)
    words = f'<@{user}> has renamed the channel from "{old}" to "{name}"'
    note = _note(channel, "name", user, words)
    post(site, channel, {**note, "old_name": old, "name": name})
    if _is_told(site, channel):
        about = {
            "id": channel.id,
            "name": name,
            "name_normalized": name,
            "created": channel.created,
            f"is_{_word(channel)}": True,
        }
        _emit(site, {"type": f"{_word(channel)}_rename", "channel": about})


def convert(site: Site, channel: Channel, user: str) -> None:
    """Make a public channel private, or a private one public; only a message tells of it."""
    channel.is_private = not channel.is_private
    _keep(site, channel)
    to, who = (
        ("private", "it can only be viewed or joined by invitation")
        if channel.is_private
        else ("public", "any member of the workspace can see and join it")
    )
    words = f"made this channel *{to}*. Now, {who}."
    note = {"type": "message", "subtype": f"channel_convert_to_{to}", "user": user, "text": words}
    post(site, channel, note)


def describe_anew(site: Site, channel: Channel, what: str, words: str, user: str) -> None:
    """Set a channel's topic or purpose."""
    setattr(channel, what, words)
    _keep(site, channel)
    text = f"<@{user}> set the channel {what}: {words}"
    post(site, channel, {**_note(channel, what, user, text), what: words})


def _note(channel: Channel, what: str, user: str, text: str) -> dict[str, Any]:
    subtype = f"{_word(channel)}_{what}"
    return {"type": "message", "subtype": subtype, "user": user, "text": text}


def _word(channel: Channel) -> str:
    return "group" if channel.is_private else "channel"


def _is_told(site: Site, channel: Channel) -> bool:
    return not channel.is_private or site.workspace.bot.user_id in channel.members


def _emit(site: Site, event: dict[str, Any]) -> None:
    emit(site, {**event, "event_ts": site.workspace.next_ts()})


def _keep(site: Site, channel: Channel) -> None:
    site.workspace.save_channel(channel)
    _tell(site, channel)


def _tell(site: Site, channel: Channel) -> None:
    for member in channel.members:
        frame = {"type": "channel", "channel": describe(site, channel, member)}
        site.live.tell([member], frame)
