"""Whole conversations, played through the real bot, and whether they end as they should."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.slack import actions as ids
from bot.store.database import transaction
from tests.scenarios.office import BOT
from tests.scenarios.screen import labels, pressable, reads

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenarios.office import Office
    from tests.scenarios.screen import Screen


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
    """Let Ana say her lines, each once the last one was dealt with, and look how it ended.

    A line is what she writes in the thread, or one deed: `top`, she writes outside of it, `other`,
    Tom writes in it, `edit`, she changes what she wrote last, `delete`, she takes it back.
    """
    talk = _Talk(office, office.ana.dm(BOT) if case.get("where") == "dm" else "it-help")
    asked_for = _Asked()
    # Each conversation is with somebody who asked nothing lately.
    with transaction(office.settings.db) as database:
        database.execute("UPDATE tickets SET opened_at = '2000-01-01T00:00:00.000000+00:00'")
    for line in case["say"]:
        talk.do(line if isinstance(line, dict) else {"say": line})
        asked_for.look(talk.replies())
    replies = talk.replies()
    states = talk.states()
    last = reads(replies[-1]) if replies else ""
    ended = _ending(case, states, bool(replies and labels(replies[-1])), replies)
    there = pressable(replies[-1]) if replies else []
    offered = any(action.startswith(WAYS_TO.get(case["want"], "-")) for action in there)
    said = tuple(str(line) for line in case["say"])
    return Told(said, case["want"], ended, last, offered, asked_for.circled)


class _Talk:
    """One conversation as Ana has it: the threads that she began, and what she wrote last."""

    def __init__(self, office: Office, channel: str) -> None:
        self._office, self._channel = office, channel
        self._threads: list[Screen] = []
        self._last = ""

    def do(self, line: dict[str, Any]) -> None:
        """Do one thing, and wait until it was dealt with."""
        ((deed, words),) = line.items()
        ana, channel = self._office.ana, self._channel
        if deed == "top" or not self._threads:
            self._threads.append(self._office.ask(ana, words, channel))
            self._last = self._threads[-1].ts
        elif deed == "say":
            self._last = self._threads[-1].say(words)
        elif deed == "other":
            self._threads[-1].seen_by(self._office.tom).say(words)
        elif deed == "edit":
            ana.edit(channel, self._last, words)
        elif deed == "delete":
            ana.delete(channel, self._last)
        else:
            raise ValueError(f"Nobody can {deed}.")
        self._office.settle()

    def replies(self) -> list[Any]:
        """Give what the bot said in all of the threads, the oldest first."""
        found = [m for each in self._threads for m in each.messages if m.get("bot_id")]
        return sorted(found, key=lambda message: float(message["ts"]))

    def states(self) -> list[str]:
        """Give the states of the tickets that were opened there, the last one first."""
        roots = [each.ts for each in self._threads]
        held = ", ".join("?" * len(roots))
        there = f"thread_ts IN ({held}) OR root_ts IN ({held})"
        rows = self._office.rows(
            f"SELECT state FROM tickets WHERE {there} ORDER BY id DESC", *roots, *roots
        )
        return [str(row[0]) for row in rows]


class _Asked:
    """What the bot asked back so far: a question that offers nothing new is a circle."""

    def __init__(self) -> None:
        self.circled = False
        self._asked: set[str] | None = None
        self._seen: set[str] = set()

    def look(self, messages: list[Any]) -> None:
        """Take in what was said since the last look, while its buttons still stand."""
        for message in messages:
            if message["ts"] in self._seen:
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
