"""Malformed payloads, made from a seed, against Bolt's app, the store and the worker.

Run: .venv/bin/python -m tests.faults.payload_fuzz --payloads 20000 --seed 1
Between them come canaries, questions like any other: each is answered, and nothing gets out.
"""

# ruff: noqa: T201 (a command prints its table)

from __future__ import annotations

import argparse
import copy
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import urlencode

import structlog
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient

from bot.service.context import ChannelMode, Desk
from bot.slack import actions as ids
from bot.slack.app import build_app
from bot.slack.gateway import SlackPostman
from bot.slack.listeners import Listeners
from bot.slack.parsing.commands import parse
from bot.slack.parsing.deliveries import sender_of
from bot.slack.reception import SlackReception
from bot.store import database
from bot.store.database import transaction
from bot.store.unit_of_work import Store
from bot.worker import HomeKeeper, InboxWorker, OutboxRelay, TimerRunner
from bot.worker.pacing import Pacer
from tests import builders as a
from tests.fakes import FakeDirectory, FakeTriager, TurnableClock
from tests.slack import payloads as valid
from tests.slack.web_api import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slack_bolt import BoltResponse
    from slack_sdk.web import SlackResponse

    from bot.desk.ports.time import Clock

Payload = dict[str, Any]

A_CANARY_EVERY = 100
NEVER_WAIT = 1_000_000
ODD: tuple[Any, ...] = (
    None, True, 0, 12345, -1, 2**63, 2**200, 1.5, float("nan"), float("inf"), "", " ", "0", "null",
    [], [[]], [None], {}, {"id": 7}, {"id": None}, [{"id": "U1"}], "\x00", "U0\x00", "\ud83d",
    "U0\udfff", "\u202e\u2028", "%00", "<!channel>", "T-1001", "1001|", "|", "-1", "9" * 400,
    "1772452800.000100.1", "U" * 300, "x" * 5_000, "{", "[1", '{"escalation": "7"}', "\xff",
)  # fmt: skip


class NoSlack:
    """A Web API without a network: it takes what Slack would take, and remembers it."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.said: list[Payload] = []
        self.answered: set[str] = set()

    def take(self, api_method: str, **given: Any) -> SlackResponse:
        """Answer any method plausibly; what cannot be written as UTF-8 fails as it really does."""
        sent = given.get("json") or given.get("params") or given.get("data") or {}
        json.dumps(sent, ensure_ascii=False).encode()
        if api_method == "chat.postMessage":
            self.said.append(sent)
            self.answered.add(str(sent.get("thread_ts")))
        ts = f"1800000000.{len(self.said):06d}"
        conversation = {"id": a.DIRECT, "is_member": True}
        return answer({
            "ok": True, "url": "https://x.slack.example/", "user": "frontline", "user_id": a.BOT,
            "team": "larkfield", "team_id": a.TEAM, "bot_id": "B0FRONT001", "ts": ts,
            "message_ts": ts, "messages": [], "view": {"hash": "1.x"},
            "channel": conversation if api_method.startswith("conv") else sent.get("channel"),
        })  # fmt: skip


@contextmanager
def without_network() -> Iterator[NoSlack]:
    """Let every client of the Web API, also those that Bolt makes, talk to nobody."""
    slack = NoSlack()

    def call(_: WebClient, method: str, **given: Any) -> SlackResponse:
        return slack.take(method, **given)

    with patch.object(WebClient, "api_call", call):
        yield slack


@dataclass
class Outcome:
    """What came of it."""

    payloads: int = 0
    canaries: int = 0
    answered: int = 0
    unacknowledged: int = 0
    escaped: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)

    @property
    def is_well(self) -> bool:
        """Whether nobody was harmed."""
        harmed = self.escaped or self.unacknowledged or self.rows["waiting"]
        return self.canaries > 0 and self.answered == self.canaries and not harmed


class WholeDesk:
    """The whole way of a payload, from Bolt's app to Slack's Web API, without a network."""

    def __init__(self, path: Path, slack: NoSlack, clock: Clock) -> None:
        """Build it as `bot.bootstrap` does, on fakes that keep the contracts of the real things."""
        self.slack = slack
        client = WebClient(token="xoxb-fuzz")
        self.store = Store(path, clock)
        self.store.migrate()
        self.store.hold()
        self.triager = FakeTriager()
        desk = Desk(
            unit_of_work=self.store.unit_of_work,
            triager=self.triager,  # type: ignore[arg-type]
            directory=FakeDirectory(),
            groups=a.groups(),
            modes={"it-help": ChannelMode.QUESTIONS},
            clock=clock,
            readings=self.store.readings,
            reception=SlackReception(client),
            admins=frozenset({a.MEI}),
        )
        self.listeners = Listeners(self.store.inbox, lambda *_: None)
        self.app = build_app(client, self.listeners)
        read = partial(parse, bot_user=a.BOT)
        postman = SlackPostman(client, a.ChannelId)
        self.inbox = InboxWorker(self.store, desk, read, sender_of)
        self.relay = OutboxRelay(self.store, postman, Pacer(burst=NEVER_WAIT))
        self.timers = TimerRunner(self.store, desk)
        self.homes = HomeKeeper(self.store, desk)

    def let_in(self, given: Payload | str) -> BoltResponse:
        """Let Slack deliver a payload over Socket Mode, or a body over HTTP."""
        payload = given if isinstance(given, dict) else {"raw": given}
        mode = "http" if isinstance(given, str) else "socket_mode"
        request = partial(BoltRequest, mode=mode, body=given)
        return self.listeners.door.let_in(self.app, payload, request)


class FuzzedDesk(WholeDesk):
    """A desk whose steps are taken by hand, and everything that gets out of it counted."""

    def __init__(self, folder: Path, slack: NoSlack) -> None:
        """Begin on an empty database, at noon."""
        self.clock = TurnableClock()
        super().__init__(folder / "fuzz.db", slack, self.clock)
        self.steps: tuple[Callable[[], bool], ...] = (
            self.inbox.step,
            self.relay.step,
            self.timers.step,
            self.homes.step,
        )
        self.outcome = Outcome()

    def receive(self, given: Payload | str) -> None:
        """Let Slack deliver something, and note how it is answered."""
        try:
            response = self.let_in(given)
        except Exception as failure:  # noqa: BLE001 - this is what is counted
            self._escaped("door", failure)
        else:
            self.outcome.unacknowledged += response.status not in {200, 404}

    def work(self) -> None:
        """Take steps until there is nothing to do now, as the worker's threads do."""
        for step in self.steps:
            while True:
                try:
                    if not step():
                        break
                except Exception as failure:  # noqa: BLE001 - this is what is counted
                    self._escaped(type(step.__self__).__name__, failure)  # type: ignore[attr-defined]
                    break

    def canary(self, number: int) -> None:
        """Ask like anybody, and look for the answer in the thread."""
        ts = f"18{number:08d}.000001"
        event = valid.message(channel=a.DIRECT, channel_type="im", ts=ts, text=f"VPN? {number}")
        self.receive(valid.callback(event, f"EvCANARY{number}"))
        self.work()
        self.work()
        self.outcome.canaries += 1
        self.outcome.answered += any(
            sent.get("thread_ts") == ts and "vpn" in str(sent).lower() for sent in self.slack.said
        )
        self.slack.said.clear()

    def end(self) -> Outcome:
        """Let what is tried again be tried again; then count."""
        for _ in range(12):
            self.clock.turn(600)
            self.work()
        with transaction(self.store.path) as db:
            for table in ("inbox", "outbox"):
                for state, count in db.execute(f"SELECT state, count(*) FROM {table} GROUP BY 1"):
                    waits = state in {"pending", "in_flight"}
                    self.outcome.rows["waiting" if waits else f"{table} {state}"] += count
        self.store.release()
        return self.outcome

    def _escaped(self, where: str, failure: Exception) -> None:
        self.outcome.escaped[f"{where}: {type(failure).__name__}: {str(failure)[:80]}"] += 1


# --- what is malformed


def originals() -> list[Payload]:
    """One valid payload of every kind."""
    shortcut: Payload = {
        "type": "message_action", "trigger_id": "9003.1.x", "team": {"id": a.TEAM},
        "channel": {"id": a.IT_HELP}, "user": {"id": a.TOM}, "callback_id": ids.ASK_ABOUT,
        "message": {"ts": "1772452900.000100", "user": a.ANA, "text": "VPN?", "files": [{}]},
    }  # fmt: skip
    slash: Payload = {
        "command": "/helpdesk", "team_id": a.TEAM, "channel_id": a.IT_HELP, "user_id": a.ANA,
        "text": "mine", "trigger_id": "9004.1.x",
    }  # fmt: skip
    home = {"type": "app_home_opened", "user": a.MEI, "channel": a.DIRECT, "tab": "home"}
    at_home = json.dumps({"escalation": 0, "channel": a.ANA, "ts": "", "thread_ts": None})
    asked = valid.submission(ids.ASK_HOME_MODAL, {ids.TEXT: "VPN?"})
    asked["view"]["private_metadata"] = at_home
    events = (
        valid.message(),
        valid.message("VPN?", channel=a.DIRECT, channel_type="im", files=[{"name": "a.png"}]),
        valid.mention(f"<@{a.BOT}> VPN?", attachments=[{"text": "Forwarded."}]),
        valid.changed("new", "old"),
        valid.removed(),
        home,
        {"type": "reaction_added", "user": a.ANA, "item": {"ts": "1.0"}},
    )
    modals = (
        (ids.RESOLVE_MODAL, {ids.CAUSE: "Dust.", ids.FIX: "Cleaned."}),
        (ids.ESCALATE_MODAL, {ids.FINDINGS: "Odd."}),
        (ids.HAND_OVER_MODAL, {ids.TARGET: a.MEI}),
        (ids.WRONG_CALL_MODAL, {ids.LABEL: "L1"}),
        (ids.REMARK_MODAL, {ids.TEXT: "Thanks."}),
    )
    presses = (
        (ids.SOLVED, "1001"), (ids.NOT_HELPFUL, "1001|vpn-connect"), (ids.CALL_PERSON, "1001"),
        (ids.TAKE, "1"), (ids.RESOLVE, "1|L2"), (ids.READ_ARTICLE, "1001|vpn-connect"),
        (ids.MORE, "1|mute"), (f"{ids.CHOOSE}.1", "1001|vpn-connect"), (f"{ids.RATE}.5", "1001|5"),
        (ids.WALK, "1001|vpn-connect"), (ids.ON_CALL_CONFIRM, "{}"),
    )  # fmt: skip
    return [
        *(valid.callback(event) for event in events),
        *(valid.press(action, value) for action, value in presses),
        *(valid.submission(callback, values) for callback, values in modals),
        asked,
        shortcut,
        {**shortcut, "callback_id": ids.SEND_ON},
        {**shortcut, "callback_id": ids.OPEN_ESCALATION},
        {"type": "shortcut", "callback_id": ids.ASK_ANYTHING, "trigger_id": "1.x",
         "user": {"id": a.ANA}, "team": {"id": a.TEAM}},
        slash,
        {**slash, "command": "/oncall", "text": "l2"},
    ]  # fmt: skip


class Mill:
    """Takes a valid payload and spoils it."""

    def __init__(self, seed: int) -> None:
        """Whatever comes follows from the seed."""
        self._chance = random.Random(seed)
        self._originals = originals()

    def payloads(self, count: int) -> Iterator[Payload | str]:
        """Give so many malformed payloads."""
        for number in range(count):
            payload = copy.deepcopy(self._chance.choice(self._originals))
            self._make_new(payload, number)
            for _ in range(self._chance.randint(1, 3)):
                self._spoil(payload)
            if self._chance.random() < 0.05:
                yield self._as_body(payload)
            else:
                yield payload

    def _make_new(self, payload: Payload, number: int) -> None:
        """Give it ids of its own, so that it is not taken for one that came before."""
        if "event_id" in payload:
            payload["event_id"] = f"Ev{number:08d}"
            event = payload["event"]
            event["ts"] = f"17{number:08d}.000001"
        else:
            payload["trigger_id"] = f"{number}.1.x"

    def _spoil(self, payload: Payload) -> None:
        path = self._chance.choice(list(_places(payload)))
        holder: Any = payload
        for step in path[:-1]:
            holder = holder[step]
        match self._chance.randrange(9):
            case 0:
                del holder[path[-1]]
            case 1 | 2 | 3:
                holder[path[-1]] = copy.deepcopy(self._chance.choice(ODD))
            case 4:
                holder[path[-1]] = self._deep()
            case 5:
                holder[path[-1]] = self._large(holder[path[-1]])
            case 6:
                holder[path[-1]] = _spoilt_text(str(holder[path[-1]]), self._chance)
            case 7:
                holder[path[-1]] = [holder[path[-1]]] * self._chance.choice((1, 2, 3_000))
            case _:
                other = self._chance.choice(self._originals)
                holder[path[-1]] = copy.deepcopy(other[self._chance.choice(list(other))])

    def _deep(self) -> Any:
        value: Any = "x"
        for _ in range(self._chance.choice((5, 70, 400, 900))):
            value = [value] if self._chance.random() < 0.5 else {"id": value}
        return value

    def _large(self, value: Any) -> Any:
        times = self._chance.choice((1_000, 50_000, 500_000))
        return (
            f"{str(value)[:5] or 'x'}{self._chance.choice(('x', '&', '<@U1>', chr(0), '😀'))}"
            * (times // 10)
        )

    def _as_body(self, payload: Payload) -> str:
        """Write it as a body over HTTP, in one of the ways in which that goes wrong."""
        try:
            text = json.dumps(payload)
        except (RecursionError, ValueError):
            text = "{"
        match self._chance.randrange(5):
            case 0:
                return text[: self._chance.randrange(len(text) + 1)]
            case 1:
                return "\ufeff" + text
            case 2:
                return urlencode({"payload": text[: len(text) // 2]})
            case 3:
                return text.encode().decode("utf-16", "replace")
            case _:
                return urlencode({"command": "/helpdesk", "text": "\x00%ff"}) + "&user_id=\udcff"


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if len(path) > 12:
        return
    if isinstance(value, dict):
        for key in value:
            yield from _places(value[key], (*path, key))
    elif isinstance(value, list):
        for number in range(min(len(value), 3)):
            yield from _places(value[number], (*path, number))


def _spoilt_text(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    odd = chance.choice(
        ("\x00", "\ud83d", "\udc00\ud83d", "\u202e", "\x1b[31m", "\ufffe", "'\"`;--")
    )
    return text[:at] + odd + text[at:]


# --- the run


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Deliver so many malformed payloads, with a canary after every hundred."""
    with without_network() as slack, patch.object(database, "SYNCHRONOUS", "OFF"):
        # Nobody pulls the plug meanwhile: the disk need not be waited for at each commit.
        desk = FuzzedDesk(folder, slack)
        desk.canary(0)
        for number, payload in enumerate(Mill(seed).payloads(count), start=1):
            desk.receive(payload)
            desk.outcome.payloads += 1
            desk.work()
            if number % A_CANARY_EVERY == 0:
                desk.clock.turn(30)
                desk.canary(number)
        return desk.end()


def quiet() -> None:
    """Say nothing of each failure: they are counted."""
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent)
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)


def main() -> int:
    """Run it and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--payloads", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    quiet()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), given.payloads, given.seed)
    print(f"{outcome.payloads} malformed payloads, seed {given.seed}, "
          f"{time.perf_counter() - started:.0f} s")  # fmt: skip
    print(f"canaries answered: {outcome.answered} of {outcome.canaries}")
    print(f"exceptions out: {outcome.escaped.total()}; unacknowledged: {outcome.unacknowledged}")
    print("rows:", ", ".join(f"{count} {what}" for what, count in sorted(outcome.rows.items())))
    for what, count in outcome.escaped.most_common(20):
        print(f"  {count} x {what}")
    return 0 if outcome.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
