"""A channel that the desk uses was closed, renamed or left: the admin hears what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.desk.ids import ChannelId
    from bot.service.context import Desk

Happened = Literal[
    "archived", "deleted", "renamed", "made private", "made public", "left", "back in use", "joined"
]
RETURNED = frozenset({"back in use", "joined"})
"""What was set aside for the channel can be sent now."""

NEWS: dict[Happened, str] = {
    "archived": (
        "is archived: nothing can be written there. Cards go to those on call directly, answers "
        "to the requesters. Choose another channel in frontline.toml, or bring it back."
    ),
    "deleted": (
        "was deleted. Cards go to those on call directly, answers to the requesters. Choose "
        "another channel in frontline.toml."
    ),
    "renamed": (
        "has another name now. It is used all the same until the next start; write the new name "
        "into frontline.toml before that."
    ),
    "made private": "is private now. It is used as before, while the app is a member of it.",
    "made public": (
        "is public now: everybody can read what is written there. Matters that are not for "
        "everyone are posted there no more; choose a private channel for them in frontline.toml."
    ),
    "left": (
        "has no Frontline in it any more: the app was removed. Cards go to those on call "
        "directly, answers to the requesters. Invite the app again."
    ),
    "back in use": "is no longer archived. It is used again.",
    "joined": "has Frontline in it again. It is used from now on.",
}
"""What each of it means for the desk, and what to do."""


@dataclass(frozen=True)
class ChannelNews:
    """What Slack said of a channel; `key` is the same when it is said twice."""

    channel: ChannelId
    happened: Happened
    key: str


def hear_of_channel(desk: Desk, news: ChannelNews, names: frozenset[str]) -> None:
    """Tell the admin once, by every way but Slack, of a channel that the desk uses.

    `names` are those that the channel has, and had. Where a channel is back, used by the
    configuration or not, what was set aside for it is sent.
    """
    if news.happened in RETURNED:
        places = frozenset({news.channel, *names, *(f"#{name}" for name in names)})
        with desk.unit_of_work() as uow:
            uow.dead_letters.take_up(places)
    used = dict.fromkeys((*(group.channel for group in desk.groups.groups), *desk.modes))
    name = next((each for each in used if each.lstrip("#") in names | {news.channel}), None)
    if name is None:
        return
    key = f"channel:{news.channel}:{news.happened}:{news.key}"
    with desk.unit_of_work() as uow:
        uow.alarms.sound(key, f"The channel {name} {NEWS[news.happened]}")
