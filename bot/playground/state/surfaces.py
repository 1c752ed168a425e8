"""Modals, App Homes and the triggers that allow an app to open them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.errors import SlackError

if TYPE_CHECKING:
    from bot.playground.state.clock import Clock
    from bot.playground.state.ids import Ids

TRIGGER_SECONDS = 3.0
MAX_STACK = 3

View = dict[str, Any]

_MANY = 10_000


@dataclass
class Trigger:
    """A permission, given by something a person did, to open one modal for them."""

    user: str
    expires: float
    is_used: bool = False


@dataclass
class Surfaces:
    """The open modals of every person, the newest last."""

    clock: Clock
    ids: Ids
    team_id: str
    app_id: str
    bot_id: str
    triggers: dict[str, Trigger] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)

    def new_trigger(self, user: str) -> str:
        """A `trigger_id` for something this person just did."""
        now = self.clock.now()
        if len(self.triggers) > _MANY:
            # Kept for an hour after their death, so that the refusal can say which it was.
            self.triggers = {k: t for k, t in self.triggers.items() if t.expires > now - 3600}
        trigger_id = f"{int(now * 1000)}.{self.ids.short()}.{self.ids.uuid().replace('-', '')}"
        self.triggers[trigger_id] = Trigger(user, now + TRIGGER_SECONDS)
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """The person whose trigger it is; raises SlackError if it is spent or unknown."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_used:
            raise SlackError("exchanged_trigger_id")
        if trigger.expires < self.clock.now():
            raise SlackError("expired_trigger_id")
        trigger.is_used = True
        return trigger.user

    def stack(self, user: str) -> list[View]:
        """A person's open modals, the one on top last."""
        return [self.views[view_id] for view_id in self.stacks.get(user, [])]

    def open(self, user: str, view: View) -> View:
        """Open a modal in place of whatever was open."""
        self.close_all(user)
        return self._put(user, view)

    def push(self, user: str, view: View) -> View:
        """Put a modal on top of the open ones."""
        stack = self.stacks.get(user, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        return self._put(user, view)

    def update(self, view_id: str, view: View) -> View:
        """Replace the content of an open modal."""
        old = self.views.get(view_id)
        if old is None:
            raise SlackError("not_found")
        self._refuse_taken_external_id(view, old)
        new = self.complete(view)
        for key in ("id", "root_view_id", "previous_view_id"):
            new[key] = old[key]
        new["state"] = {"values": _still_there(old["state"]["values"], new["blocks"])}
        self.views[view_id] = new
        return new

    def close(self, view_id: str) -> View | None:
        """Take a modal away."""
        view = self.views.pop(view_id, None)
        owner = self.owners.pop(view_id, None)
        if owner is not None and view_id in self.stacks.get(owner, []):
            self.stacks[owner].remove(view_id)
        return view

    def close_all(self, user: str) -> list[View]:
        """Take all of a person's modals away."""
        closed = self.stack(user)
        for view in closed:
            self.close(view["id"])
        return closed

    def find(self, view_id: str | None, external_id: str | None) -> View:
        """An open modal by either id; raises SlackError."""
        for view in self.views.values():
            if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                return view
        raise SlackError("not_found")

    def complete(self, view: View, *, kind: str = "modal") -> View:
        """A view as Slack returns it, from the one that the app gave."""
        view_id = self.ids.slack("V", 11)
        blocks = [dict(block) for block in view.get("blocks", [])]
        return {
            "id": view_id,
            "team_id": self.team_id,
            "type": kind,
            "blocks": blocks,
            "private_metadata": view.get("private_metadata") or "",
            "callback_id": view.get("callback_id") or "",
            "state": {"values": {}},
            "hash": f"{int(self.clock.now())}.{self.ids.short()}",
            "title": view.get("title") or _untitled(),
            "clear_on_close": bool(view.get("clear_on_close")),
            "notify_on_close": bool(view.get("notify_on_close")),
            "close": view.get("close"),
            "submit": view.get("submit"),
            "previous_view_id": None,
            "root_view_id": view_id,
            "app_id": self.app_id,
            "external_id": view.get("external_id") or "",
            "app_installed_team_id": self.team_id,
            "bot_id": self.bot_id,
        }

    def _put(self, user: str, view: View) -> View:
        self._refuse_taken_external_id(view, None)
        complete = self.complete(view)
        stack = self.stacks.setdefault(user, [])
        if stack:
            complete["previous_view_id"] = stack[-1]
            complete["root_view_id"] = stack[0]
        stack.append(complete["id"])
        self.views[complete["id"]] = complete
        self.owners[complete["id"]] = user
        return complete

    def _refuse_taken_external_id(self, view: View, besides: View | None) -> None:
        wanted = view.get("external_id")
        for other in self.views.values():
            if wanted and other is not besides and other["external_id"] == wanted:
                raise SlackError("duplicate_external_id")


def _untitled() -> dict[str, Any]:
    return {"type": "plain_text", "text": "View Title", "emoji": True}


def _still_there(values: dict[str, Any], blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """What was entered in blocks that the new view still has."""
    kept = {block.get("block_id") for block in blocks}
    return {block_id: entered for block_id, entered in values.items() if block_id in kept}
