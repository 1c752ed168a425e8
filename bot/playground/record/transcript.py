"""A recording told so that a person can read it: for failing tests, and for the curious."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.playground.state.workspace import Workspace

Entry = dict[str, Any]

_SHOWN = 160
_VERBS = {
    "close": "closes a modal",
    "delete": "deletes a message",
    "edit": "changes a message to",
    "home": "opens the App Home",
    "invite": "invites",
    "join": "joins",
    "leave": "leaves",
    "open_im": "opens direct messages",
    "press": "presses",
    "react": "reacts with",
    "shortcut": "uses the shortcut",
    "suggest": "looks for options of",
}


@dataclass
class Transcript:
    """Tells entries in the names of a workspace."""

    workspace: Workspace
    _lines: list[str] = field(default_factory=list)

    def tell(self, entries: Iterable[Entry]) -> str:
        """One line for each thing that somebody did or was refused."""
        start: float | None = None
        for entry in entries:
            start = entry["at"] if start is None else start
            told = self._told(entry)
            if told:
                self._lines.append(f"{entry['at'] - start:8.3f}  {told}")
        return "\n".join(self._lines)

    def _told(self, entry: Entry) -> str | None:
        kind = entry["kind"]
        if kind == "act":
            return self._act(entry)
        if kind == "request":
            return self._request(entry)
        if kind == "envelope":
            return self._envelope(entry["envelope"])
        if kind == "fault":
            return f"(fault: {entry['fault']} of {entry['method']})"
        if kind == "given_up":
            return f"(given up: event {entry['event_id']}, {entry['reason']})"
        if kind in ("connected", "disconnected"):
            return f"(the app {kind})"
        return None

    def _act(self, entry: Entry) -> str | None:
        given, answer = entry["given"], entry["answer"] or {}
        who = self._person(given["as"])
        where = self._channel(given.get("channel"))
        action = given["action"]
        if action == "read":
            return None
        if action == "message":
            told = f"{where}{_reply(given)}{who}: {_cut(given['text'])}"
        elif action == "submit":
            told = f"{who} submits {json.dumps(given.get('values'), ensure_ascii=False)}"
        elif action == "command":
            told = f"{where}{who}: {given.get('text')}"
        else:
            about = ("action_id", "callback_id", "name", "text", "user")
            what = next((str(given[key]) for key in about if given.get(key)), "")
            told = f"{where}{who} {_VERBS.get(action, action)} {_cut(what)}".rstrip()
        refused = answer.get("error") or answer.get("errors")
        return f"{told}   -> {refused}" if refused else told

    def _request(self, entry: Entry) -> str | None:
        method, given, answer = entry["method"], entry["arguments"], entry["answer"]
        app = self.workspace.bot.real_name
        where = self._channel(given.get("channel"))
        if not answer["ok"]:
            detail = "; ".join(answer.get("errors", []))
            return f"{app} {method} -> {answer['error']} {detail}".rstrip()
        if method in ("chat.postMessage", "chat.update", "chat.postEphemeral"):
            notes = {
                "chat.update": " (changed)",
                "chat.postEphemeral": f" (only to {self._person(given.get('user', ''))})",
            }
            text = _cut(str(given.get("text") or ""))
            return f"{where}{_reply(given)}{app}{notes.get(method, '')}: {text}{_buttons(given)}"
        if method.startswith("views."):
            title = answer["view"]["title"]["text"]
            return f"{app} {method} “{title}”"
        if method in ("reactions.add", "chat.delete", "conversations.join"):
            return f"{where}{app} {method} {given.get('name', '')}".rstrip()
        return None

    def _envelope(self, envelope: dict[str, Any]) -> str | None:
        if not envelope.get("retry_attempt"):
            return None
        event = envelope["payload"]["event"]
        attempt, reason = envelope["retry_attempt"], envelope["retry_reason"]
        return f"(event {event['type']} sent again: attempt {attempt}, {reason})"

    def _person(self, user_id: str) -> str:
        user = self.workspace.users.get(user_id)
        return user.real_name or user.name if user is not None else user_id

    def _channel(self, name_or_id: str | None) -> str:
        if not name_or_id:
            return ""
        channel = self.workspace.channel(name_or_id)
        if channel is None:
            return f"{name_or_id}  "
        return "(direct)  " if channel.is_im else f"#{channel.name}  "


def _reply(given: dict[str, Any]) -> str:
    return "└ " if given.get("thread_ts") else ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _buttons(given: dict[str, Any]) -> str:
    """The labels of a message's buttons, in brackets."""
    blocks = given.get("blocks") or []
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    labels = [
        element["text"]["text"]
        for block in blocks
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if isinstance(element, dict) and element.get("type") == "button"
    ]
    return "".join(f" [{label}]" for label in labels)
