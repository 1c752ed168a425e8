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
    # Each conversation is with somebody who asked nothing lately.
    with transaction(office.settings.db) as database:
        database.execute("UPDATE tickets SET opened_at = '2000-01-01T00:00:00.000000+00:00'")
    asked = office.ask(office.ana, first, channel)
    office.settle()
    for line in further:
        asked.say(line)
        office.settle()
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
    return Told(tuple(case["say"]), case["want"], ended, last, offered)


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
