"""reactions.* and pins.*: marks on messages."""

from __future__ import annotations

import re
from typing import Any

from bot.playground.api.call import Call, Methods
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
    shown = {key: value for key, value in message.items() if key != "metadata"}
    return {"type": "message", "channel": channel.id, "message": shown}


@methods.add("pins.add", "pins:write")
def pins_add(call: Call) -> dict[str, Any]:
    """Pin a message to its channel."""
    channel = call.joined_channel()
    message = call.message(channel, "timestamp")
    if message["ts"] in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(message["ts"])
    message["pinned_to"] = [channel.id]
    call.site.workspace.save_channel(channel)
    call.site.workspace.save_message(channel, message)
    posting.show_changed(call.site, channel, message)
    return {}


def _react(call: Call, *, add: bool) -> dict[str, Any]:
    name = call.required("name", "invalid_name").strip(":")
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    channel = call.joined_channel()
    message = call.message(channel, "timestamp")
    posting.react(call.site, channel, message, name=name, user=call.bot_id, add=add)
    return {}
