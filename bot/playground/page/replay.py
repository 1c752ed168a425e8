"""A recorded conversation, happening again in another workspace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.playground.acts import ACTS, Act
from bot.playground.api.call import Call
from bot.playground.api.dispatch import METHODS
from bot.playground.errors import PlaygroundError, Refused, SlackError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.playground.site import Site

Entry = dict[str, Any]

# What people and the app did to the conversation. What an app does in answer to a press or a
# submitted modal is in its requests, so these need no app to be repeated.
_ACTS = frozenset({"message", "edit", "delete", "react", "join", "leave", "invite", "read"})
_METHODS = frozenset(
    {
        "chat.delete",
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.update",
        "conversations.create",
        "conversations.join",
        "conversations.open",
        "pins.add",
        "reactions.add",
        "reactions.remove",
        "usergroups.users.update",
        "views.publish",
    }
)


def read_lines(text: str) -> list[Entry]:
    """The entries of an export; raises Refused that names the line."""
    entries = []
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise Refused(f"line {n} of the recording is not JSON: {error}") from error
        if not isinstance(entry, dict) or "kind" not in entry:
            raise Refused(f"line {n} of the recording is not an entry")
        entries.append(entry)
    return entries


async def replay(site: Site, entries: Iterable[Entry]) -> int:
    """Repeat a conversation, both sides of it; returns how many steps there were.

    The same seed is needed. Times differ, so every `ts` of the recording is translated.
    """
    times: dict[str, str] = {}
    steps = 0
    for entry in entries:
        kind, answer = entry["kind"], entry.get("answer") or {}
        try:
            if kind == "act" and answer.get("ok") and entry["given"]["action"] in _ACTS:
                given = _translated(entry["given"], times)
                done = await ACTS[given["action"]](Act(site, given["as"], given))
            elif kind == "request" and answer.get("ok") and entry["method"] in _METHODS:
                method = METHODS[entry["method"]]
                arguments = _translated(entry["arguments"], times)
                call = Call(site, method.name, arguments, site.installation.scopes)
                done = method.handler(call)
            else:
                continue
        except (PlaygroundError, SlackError) as error:
            raise Refused(f"entry {entry.get('n')} cannot be repeated: {error}") from error
        steps += 1
        for key in ("ts", "message_ts"):
            if answer.get(key) and done.get(key):
                times[answer[key]] = done[key]
    return steps


def _translated(given: dict[str, Any], times: dict[str, str]) -> dict[str, Any]:
    keys = ("ts", "thread_ts", "timestamp", "message_ts")
    return {k: times.get(v, v) if k in keys and isinstance(v, str) else v for k, v in given.items()}
