"""reactions.* and pins.*: marks on messages."""

from __future__ import annotations

import re
from typing import Any

from bot.playground.api.call import Call, Methods
from bot.playground.api.paging import page
from bot.playground.errors import SlackError
from bot.playground.happening import posting

methods = Methods()

_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


@methods.add("reactions.add", "reactions:write")
def reactions_add(call: Call) -> dict[str, Any]:
    """React to a message."""
    return _react(call, add=True)


@methods.add("reactions.remove", "reactions:write")
def reactions_remove(call: Call) -> dict[str, Any]:
    """Take a reaction back."""
    return _react(call, add=False)


@methods.add("reactions.get", "reactions:read")
def reactions_get(call: Call) -> dict[str, Any]:
    """A message with its reactions."""
    channel = call.channel()
    message = call.message(channel, "timestamp")
    return {"type": "message", "channel": channel.id, "message": _without_metadata(message)}


@methods.add("reactions.list", "reactions:read")
def reactions_list(call: Call) -> dict[str, Any]:
    """The messages to which somebody reacted, newest first."""
    workspace = call.site.workspace
    user = call.text("user", call.bot_id)
    if user not in workspace.users:
        raise SlackError("user_not_found")
    found: list[dict[str, Any]] = [
        {"type": "message", "channel": channel.id, "message": _without_metadata(message)}
        for channel in workspace.channels.values()
        if call.bot_id in channel.members
        for message in workspace.timelines[channel.id].by_ts.values()
        if any(user in reaction["users"] for reaction in message.get("reactions", []))
    ]
    found.sort(key=lambda item: item["message"]["ts"], reverse=True)
    shown, metadata = page(call, found, 100)
    return {"items": shown, "response_metadata": metadata}


@methods.add("pins.add", "pins:write")
def pins_add(call: Call) -> dict[str, Any]:
    """Pin a message to its channel."""
    return _pin(call, add=True)


@methods.add("pins.remove", "pins:write")
def pins_remove(call: Call) -> dict[str, Any]:
    """Take a pin out."""
    return _pin(call, add=False)


@methods.add("pins.list", "pins:read")
def pins_list(call: Call) -> dict[str, Any]:
    """What is pinned to a channel."""
    channel = call.joined_channel()
    known = call.site.workspace.timelines[channel.id].by_ts
    items = [
        {"type": "message", "channel": channel.id, "message": _without_metadata(known[ts]),
         "created": channel.created, "created_by": call.bot_id}
        for ts in channel.pins
        if ts in known
    ]  # fmt: skip
    return {"items": items}


def _pin(call: Call, *, add: bool) -> dict[str, Any]:
    channel = call.joined_channel()
    message = call.message(channel, "timestamp")
    posting.pin(call.site, channel, message, call.bot_id, add=add)
    return {}


def _without_metadata(message: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key != "metadata"}


def _react(call: Call, *, add: bool) -> dict[str, Any]:
    name = call.required("name", "invalid_name").strip(":")
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    channel = call.joined_channel()
    message = call.message(channel, "timestamp")
    posting.react(call.site, channel, message, name=name, user=call.bot_id, add=add)
    return {}
