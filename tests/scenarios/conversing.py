"""Whole conversations, played through the real bot, and whether they end as they should."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.slack import actions as ids
from bot.store.database import transaction
from tests.scenarios.office import BOT, Office
from tests.scenarios.screen import labels, pressable, reads

if TYPE_CHECKING:
    from pathlib import Path


WAYS_TO = {"settled": ids.SOLVED, "new": ids.SOMETHING_ELSE}
"""The buttons that lead to an ending."""


@dataclass(frozen=True)
class Told:
    """How a conversation ended, beside how it should have."""

    say: tuple[str, ...]
    want: str
    ended: str
    last: str
    offered: bool = False
    """Whether the button for how it should end stands under the last reply."""
    circled: bool = False
    """Whether it was asked again what is meant, with nothing new to choose."""

    @property
    def right(self) -> bool:
        """Whether it ended as it should."""
        return self.want == self.ended


def conversations(file: Path) -> list[dict[str, Any]]:
    """Read conversations: what Ana says, where, and how it should end."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def play(office: Office, case: dict[str, Any]) -> Told:
    """Let Ana say her lines, each once the last one was dealt with, and look how it ended."""
    channel = office.ana.dm(BOT) if case.get("where") == "dm" else "it-help"
    first, *further = case["say"]
    asked_for = _Asked()
    # Each conversation is with somebody who asked nothing lately.
    with transaction(office.settings.db) as database:
        database.execute("UPDATE tickets SET opened_at = '2000-01-01T00:00:00.000000+00:00'")
    asked = office.ask(office.ana, first, channel)
    office.settle()
    for line in further:
        asked_for.look(asked.messages)
        asked.say(line)
        office.settle()
    asked_for.look(asked.messages)
    replies = [m for m in asked.messages[1:] if m.get("bot_id")]
    rows = office.rows(
        "SELECT state FROM tickets WHERE thread_ts = ? OR root_ts = ? ORDER BY id DESC",
        asked.ts,
        asked.ts,
    )
    states = [row[0] for row in rows]
    last = reads(replies[-1]) if replies else ""
    ended = _ending(case, states, bool(replies and labels(replies[-1])), replies)
    there = pressable(replies[-1]) if replies else []
    offered = any(action.startswith(WAYS_TO.get(case["want"], "-")) for action in there)
    return Told(tuple(case["say"]), case["want"], ended, last, offered, asked_for.circled)


class _Asked:
    """What the bot asked back so far: a question that offers nothing new is a circle."""

    def __init__(self) -> None:
        self.circled = False
        self._asked: set[str] | None = None
        self._seen: set[str] = set()

    def look(self, messages: list[Any]) -> None:
        """Take in what was said since the last look, while its buttons still stand."""
        for message in messages:
            if message["ts"] in self._seen or not message.get("bot_id"):
                continue
            self._seen.add(message["ts"])
            there = dict(zip(pressable(message), labels(message), strict=True))
            if not _asks_back(set(there)):
                continue
            choices = (action for action in there if action.startswith(f"{ids.CHOOSE}."))
            offered = {there[action] for action in choices}
            self.circled |= self._asked is not None and offered <= self._asked
            self._asked = offered | (self._asked or set())


def _asks_back(actions: set[str]) -> bool:
    """Tell a question back from an answer: no article stands there to be read."""
    asks = {ids.SOMETHING_ELSE, ids.NOT_HELPFUL} & actions
    return bool(asks) and ids.READ_ARTICLE not in actions


def _ending(case: dict[str, Any], states: list[str], offers: bool, replies: list[Any]) -> str:
    if case["want"] == "new" and len(states) > 1:
        return "new"
    if "escalated" in states:
        return "on"
    if states and states[0] in {"resolved", "closed"}:
        return "settled"
    if not replies:
        return "quiet"
    return "on" if offers else "left alone"
