"""People who go on writing and pressing, whatever happens, and remember what they wrote."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.errors import Refused
from tests.scenarios.office import BOT
from tests.scenarios.screen import Screen, labels, reads

if TYPE_CHECKING:
    import random

    from tests.scenarios.office import Office

QUESTIONS = (
    "My laptop is slow since the update",
    "My laptop does not start any more, I tried the charger",
    "The order system is down for the whole warehouse",
    "I need help with the second screen of my laptop",
    "The VPN drops every twenty minutes, I already reinstalled the client",
)
LOOKED_AT = 8
"""Among so many questions a button is looked for."""
PRESSES = ("That solved it", "Talk to a person", "It is solved, thanks", "Not what I need")


@dataclass
class People:
    """Ana and Tom write; sometimes they add a word, or press a button of an answer."""

    office: Office
    dice: random.Random
    a_second: float
    asked: list[Screen] = field(default_factory=list)
    said_more: list[tuple[Screen, str]] = field(default_factory=list)
    pressed: int = 0
    refused_presses: int = 0
    on_record: int = 0
    """Presses that were written down before they began."""

    def talk(self, seconds: float) -> None:
        """Go on for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._act()
            time.sleep(self.dice.expovariate(self.a_second))

    def _act(self) -> None:
        dice = self.dice.random()
        if dice < 0.15 and self.asked:
            asked = self.dice.choice(self.asked[-20:])
            more = asked.say(f"and it is still so (again {len(self.said_more)})")
            self.said_more.append((asked, more))
        elif dice < 0.35 and self.asked:
            self._press_somewhere()
        else:
            self._ask()

    def _ask(self) -> None:
        self.ask(self.dice.choice(QUESTIONS))

    def ask(self, question: str) -> None:
        """Ask this, in the channel or directly."""
        person = self.office.ana if self.dice.random() < 0.5 else self.office.tom
        text = f"{question} (number {len(self.asked)})"
        channel = person.dm(BOT) if self.dice.random() < 0.3 else "it-help"
        self.asked.append(self.office.ask(person, text, channel))

    def _press_somewhere(self) -> None:
        """Press a button wherever one stands, among the latest questions."""
        latest = self.asked[-40:]
        for asked in self.dice.sample(latest, min(LOOKED_AT, len(latest))):
            buttons = [
                (message, label)
                for message in asked.messages
                for label in labels(message)
                if label in PRESSES
            ]
            if buttons:
                self._press(asked, *self.dice.choice(buttons))
                return

    def _press(self, asked: Screen, message: dict[str, Any], label: str) -> None:
        try:
            asked.press_on(message, label)
            self.pressed += 1
        except (Refused, AssertionError, TimeoutError):
            # The page said that the bot is not there, as Slack does: pressed in vain, and told.
            self.refused_presses += 1


@dataclass(frozen=True)
class Verdict:
    """What became of everything that was written."""

    asked: int
    silent: tuple[str, ...]
    doubled: tuple[str, ...]
    lost: tuple[str, ...]
    tickets_twice: int
    cards_twice: int
    more_lost: tuple[str, ...]
    more_twice: int
    more_silent: tuple[str, ...]
    presses_lost: int
    out_of_order: tuple[str, ...] = ()
    """Threads in which something stands above what was written before it; what Slack refused for a
    while may come later than what followed."""

    @property
    def nothing_lost(self) -> bool:
        """Whether nothing was lost, doubled or left silent."""
        gone = self.silent or self.doubled or self.lost or self.more_lost or self.more_silent
        twice = self.tickets_twice or self.cards_twice or self.more_twice
        return not (gone or twice or self.presses_lost)


def judge(people: People) -> Verdict:
    """Look at every thread as its asker sees it, and into the record."""
    office = people.office
    silent, doubled, lost, mixed = [], [], [], []
    known = {row[0] for row in office.rows("SELECT thread_ts FROM tickets")}
    for asked in people.asked:
        with contextlib.suppress(Refused):
            messages = asked.messages
            replies = [message for message in messages[1:] if message.get("bot_id")]
            if not replies:
                silent.append(asked.ts)
            ids = [_notice(message) for message in replies]
            if len(set(ids)) != len(ids):
                doubled.append(asked.ts)
            if not is_in_order(ids):
                mixed.append(asked.ts)
        if asked.ts not in known:
            lost.append(asked.ts)
    twice = office.rows(
        "SELECT count(*) FROM (SELECT 1 FROM tickets GROUP BY channel, thread_ts "
        "HAVING count(*) > 1)"
    )
    seen = [
        message
        for engineer, channel in ((office.mei, "l2-support"), (office.priya, "l3-engineering"))
        for message in engineer.sees(channel)
        if message.get("bot_id")
    ]
    cards = [_notice(message) for message in seen]
    return Verdict(
        len(people.asked),
        tuple(silent),
        tuple(doubled),
        tuple(lost),
        int(twice[0][0]),
        len(cards) - len(set(cards)),
        *follow_ups(people),
        presses_lost=people.pressed + people.on_record - presses_on_record(office),
        out_of_order=tuple(mixed),
    )


def is_in_order(notices: list[object]) -> bool:
    """Tell whether the notices of a thread stand in it as they were handed over, by their ids."""
    ids = [each for each in notices if isinstance(each, int)]
    return ids == sorted(ids)


def presses_on_record(office: Office) -> int:
    """Count the presses that Frontline wrote down and handled."""
    return sum(
        office.rows(
            # Named by their triggers; events have names that begin with a letter.
            f"SELECT count(*) FROM {table} "
            "WHERE state = 'done' AND event_id >= '0' AND event_id < ':'"
        )[0][0]
        for table in ("inbox", "inbox_history")
    )


def follow_ups(people: People) -> tuple[tuple[str, ...], int, tuple[str, ...]]:
    """Look for each follow-up: on record once, and marked or followed by a reply."""
    rows = people.office.rows(
        "SELECT ts, count(*) FROM conversation WHERE ts IS NOT NULL GROUP BY channel, ts"
    )
    known = dict(rows)
    silent = []
    for asked, ts in people.said_more:
        with contextlib.suppress(Refused):
            later = [m for m in asked.messages if m.get("bot_id") and float(m["ts"]) > float(ts)]
            if not later and not asked.marks(ts):
                silent.append(ts)
    lost = tuple(ts for _, ts in people.said_more if ts not in known)
    return lost, sum(count > 1 for count in known.values()), tuple(silent)


def _notice(message: dict[str, object]) -> object:
    """Name the notice that a message came from: twice the same one is a message sent twice."""
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    if isinstance(payload, dict) and payload.get("id") is not None:
        return payload["id"]
    return reads(message) + str(message["ts"])
