"""Somebody's request to do something, and what it refers to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground.errors import Refused
from bot.playground.happening import posting

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.surfaces import View
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

Answer = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """Somebody's request to do something."""

    site: Site
    user: str
    given: dict[str, Any]

    def text(self, name: str) -> str:
        """An argument as text; raises Refused if it is missing."""
        value = self.given.get(name)
        if not isinstance(value, str) or not value:
            raise Refused(f"`{name}` is missing.")
        return value

    def channel(self) -> Channel:
        """The channel that this is about, by id or name; raises Refused."""
        found = self.site.workspace.channel(self.text("channel"))
        if found is None or self.user not in found.members:
            raise Refused("You are not in that channel.")
        return found

    def message(self, channel: Channel) -> Message:
        """The message that this is about, an ephemeral one included; raises Refused."""
        ts = self.text("ts")
        found = self.site.workspace.find_message(channel, ts)
        if found is not None:
            return found
        for shown in self.site.ephemerals[self.user]:
            if shown["message"]["ts"] == ts:
                ephemeral: Message = shown["message"]
                return ephemeral
        raise Refused("That message does not exist any more.")

    def own_message(self, channel: Channel) -> Message:
        """The same, if this person wrote it."""
        message = self.message(channel)
        if message.get("user") != self.user or message.get("bot_id"):
            raise Refused("That is not your message.")
        return message

    def view(self) -> View:
        """The modal or App Home that this is about; raises Refused."""
        view_id = self.text("view_id")
        surfaces = self.site.surfaces
        if surfaces.owners.get(view_id) == self.user:
            return surfaces.views[view_id]
        home = self.site.workspace.homes.get(self.user)
        if home is not None and home["id"] == view_id:
            return home
        raise Refused("That window is not open any more.")


def home_opened(act: Act, channel: Channel, tab: str) -> None:
    """Tell the app that somebody looks at one of its tabs."""
    site = act.site
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": act.user,
        "channel": channel.id,
        "tab": tab,
        "event_ts": site.workspace.next_ts(),
    }
    view = site.workspace.homes.get(act.user)
    if tab == "home" and view is not None:
        event["view"] = view
    posting.emit(site, event)
