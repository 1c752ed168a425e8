"""An office for a story: a workspace on this machine, its people, and the real bot in it."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from pydantic import SecretStr

from bot.bootstrap import Application, start_with
from bot.playground import Person, Playground, Seed
from bot.playground.record.transcript import Transcript
from bot.playground.state.seed import ChannelSeed, PersonSeed
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from bot.slack.manifest import manifest
from bot.store.codec import stamp
from bot.store.database import connect, server_of
from bot.store.privacy.columns import holding
from bot.worker import Clocks
from bot.worker.pacing import Pacer
from tests.scenarios.knowledge import scripted_triager
from tests.scenarios.screen import PATIENCE_S, Screen, reads

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.ports.time import Clock
    from tests.fakes import TurnableClock

ANA, TOM, SAM = "U0ANA00001", "U0TOM00001", "U0SAM00001"
MEI, JONAS, PRIYA = "U0MEI00001", "U0JONAS001", "U0PRIYA001"
NAMELESS = "U0NAMELESS"
BOT = "U0FRONT001"

LOOK_AGAIN_S = 0.02
WAITING = """
SELECT 'inbox', id, state, payload, error FROM inbox
WHERE state IN ('pending', 'in_flight', 'held', 'early')
UNION ALL
SELECT 'outbox', id, state, notice, error FROM outbox WHERE state IN ('pending', 'in_flight')
"""

DUE = "SELECT 'timer', id, kind, due FROM timers WHERE state = 'set' AND due <= ?"

running: list[Office] = []
"""The offices that are open now, so that a failing test can print what happened in them."""


def larkfield() -> Seed:
    """The sample workspace, with a channel more, and somebody who has no name."""
    seed = Seed.larkfield()
    warehouse = ChannelSeed("C0WAREHS01", "warehouse", (ANA, TOM, NAMELESS, BOT))
    anything = ChannelSeed("C0ASKANY01", "ask-anything", (ANA, TOM, BOT))
    it_help = next(channel for channel in seed.channels if channel.name == "it-help")
    others = tuple(channel for channel in seed.channels if channel.name != "it-help")
    return replace(
        seed,
        people=(*seed.people, PersonSeed(NAMELESS, "", "")),
        channels=(
            replace(it_help, members=(*it_help.members, NAMELESS)), *others, warehouse, anything,
        ),
    )  # fmt: skip


def configuration(**groups: dict[str, Any]) -> FileSettings:
    """The sample configuration; `l2` and `l3` change what their groups say."""
    return FileSettings.model_validate({
        # People of a story are quicker than people.
        "who": {"share": 10_000},
        # A story says itself which answers are looked over.
        "learning": {"audit": 0},
        "channels": {"it-help": {"mode": "questions"}, "ask-anything": {"mode": "all"}},
        "groups": {
            name: {
                "tier": name.upper(), "channel": channel, "usergroup": f"{name}-oncall",
                **groups.get(name, {}),
            }
            for name, channel in (("l2", "l2-support"), ("l3", "l3-engineering"))
        },
    })  # fmt: skip


class Office:
    """A workspace and its people; the bot comes to work in it, and can leave and come back."""

    def __init__(
        self,
        folder: Path,
        *,
        file: FileSettings | None = None,
        triager: Any = None,
        pacer: Pacer | None = None,
        seed: Seed | None = None,
        state: Path | None = None,
        clock: TurnableClock | None = None,
        slack_time: Clock | None = None,
    ) -> None:
        """Prepare; by default triage is scripted, and nobody waits for a channel's turn.

        With a `clock`, the bot's time stands still until the story turns it; `slack_time` is what
        Slack's shows meanwhile, the same where it is not given.
        """
        self.folder = folder
        self.file = file or configuration()
        self.triager = triager or scripted_triager()
        self.pacer = pacer
        self.clock = clock
        self.slack_time = slack_time or clock
        self.playground = Playground(seed or larkfield(), state=state, random_seed=1)
        self.application: Application | None = None
        self._people: dict[str, Person] = {}
        self._since = 0
        self._pause = threading.Event()

    # --- opening and closing

    def __enter__(self) -> Self:
        """Open the workspace, install the app as its manifest says, and let the bot come."""
        self.open()
        self.bot_comes()
        return self

    def open(self) -> None:
        """Open the workspace without the bot."""
        self.playground.start()
        self.playground.control("manifest", manifest=manifest())
        running.append(self)

    def __exit__(self, *_: object) -> None:
        """Send everybody home."""
        self.close()

    def close(self) -> None:
        """Send everybody home, the bot first."""
        self.bot_leaves()
        for person in self._people.values():
            person.close()
        self.playground.stop()
        running.remove(self)

    @property
    def settings(self) -> Settings:
        """The bot's settings for this workspace."""
        secrets = Secrets(
            slack_bot_token=SecretStr(self.playground.bot_token),
            slack_app_token=SecretStr(self.playground.app_token),
            slack_api_url=self.playground.api_url,
            frontline_db=self.folder / "frontline.db",
        )
        return Settings(self.file, secrets)

    def bot_comes(self) -> None:
        """Start the bot in this process, on the database that it left."""
        pacer = self.pacer or Pacer(burst=10_000)
        clock = self.clock
        clocks = Clocks(clock, clock.monotonic, self.slack_time) if clock else Clocks()
        self.application = start_with(self.triager, self.settings, clocks, pacer=pacer)

    def bot_leaves(self) -> None:
        """Stop the bot, as Ctrl-C does."""
        if self.application is None:
            return
        # Closed from the workspace's side first: the client waits three seconds for its own.
        client = self.application.line.client
        client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False
        self.playground.control("drop")
        self.ana.wait_for(lambda: not client.is_connected(), PATIENCE_S)
        self.application.stop()
        self.application = None

    # --- people

    def person(self, user_id: str) -> Person:
        """Somebody at the page."""
        if user_id not in self._people:
            self._people[user_id] = Person(self.playground.url, user_id)
        return self._people[user_id]

    @cached_property
    def ana(self) -> Person:
        """An employee in finance."""
        return self.person(ANA)

    @cached_property
    def tom(self) -> Person:
        """An employee in a warehouse."""
        return self.person(TOM)

    @cached_property
    def mei(self) -> Person:
        """An L2 engineer."""
        return self.person(MEI)

    @cached_property
    def jonas(self) -> Person:
        """Another L2 engineer."""
        return self.person(JONAS)

    @cached_property
    def priya(self) -> Person:
        """An L3 engineer."""
        return self.person(PRIYA)

    @cached_property
    def sam(self) -> Person:
        """The admin, in no resolver group."""
        return self.person(SAM)

    # --- what stories begin with

    def ask(self, person: Person, text: str, channel: str = "it-help") -> Screen:
        """Let somebody write a message; gives its thread as they see it."""
        return self.screen(person, channel, person.say(channel, text))

    def say_as(self, user_id: str, channel: str, text: str) -> str:
        """Let somebody write who never sits down at the page; gives the message's `ts`."""
        act = {"as": user_id, "action": "message", "channel": channel, "text": text}
        return str(self.ana._post("/playground/act", act)["ts"])

    def screen(self, person: Person, channel: str, ts: str) -> Screen:
        """A thread as somebody sees it."""
        return Screen(person, channel, ts, self.settle)

    def card(self, engineer: Person, phrase: str, channel: str = "l2-support") -> Screen:
        """Wait for the newest escalation about something; gives its thread as an engineer sees it.

        Gives it once the handoff is there too: the card alone is half an escalation.
        """

        def look() -> Screen | None:
            for message in reversed(engineer.sees(channel)):
                if message.get("bot_id") and phrase in reads(message):
                    found = self.screen(engineer, channel, message["ts"])
                    return found if found.count("Handoff of") else None
            return None

        return engineer.wait_for(look, PATIENCE_S)

    def cards(self, engineer: Person, phrase: str, channel: str = "l2-support") -> list[str]:
        """All escalations about something, as an engineer sees them."""
        seen = [reads(message) for message in engineer.sees(channel) if message.get("bot_id")]
        return [text for text in seen if phrase in text]

    # --- for the tests themselves

    def settle(self) -> None:
        """Wait until everything that was said has been handled, and everything sent."""
        deadline = time.monotonic() + PATIENCE_S
        # A database tells nobody that it changed: it is looked at until it is at rest.
        while self.unacknowledged() or self.waiting():
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"not handled yet: {self.waiting()}; "
                    f"not acknowledged yet: {self.unacknowledged()}"
                )
            self._pause.wait(LOOK_AGAIN_S)

    def waiting(self) -> list[Any]:
        """Give what has yet to be fired, handled or sent."""
        # What a timer brings about is written down as it fires: so timers are looked at first.
        due = self.rows(DUE, stamp(self.clock())) if self.clock and self.application else []
        return due + self.rows(WAITING)

    def turn(self, **span: float) -> None:
        """Let time pass, in `minutes`, `hours` or `days`, and what falls due be done."""
        if self.clock is None:
            raise RuntimeError("This office goes by the real time, which nobody can turn.")
        if self.application is not None:
            self.settle()
        self.clock.turn(timedelta(**span).total_seconds())
        if self.application is not None:
            self.wake()
            self.settle()

    def wake(self) -> None:
        """Tell the bot's threads, which sleep by the real time, that it is later now."""
        store = self._working().store
        store.inbox_wakeup.set()
        store.timers_wakeup.set()
        store.outbox_wakeup.set()

    def look_at_rotas(self) -> None:
        """Let the bot look who is on call, as it does every half minute of the real time."""
        self._working().keeper.step()
        self.settle()

    def _working(self) -> Application:
        if self.application is None:
            raise RuntimeError("The bot is not at work.")
        return self.application

    def unacknowledged(self) -> int:
        """Count the events that the bot has yet to acknowledge."""
        return int(self.playground.control("connections")["in_flight"])

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Look into the bot's database."""
        path = self.settings.db
        there = server_of(path)
        opened: Any = there.connect() if there else sqlite3.connect(path, timeout=5)
        with closing(opened) as connection:
            return connection.execute(query, values).fetchall()

    def holding(self, words: str) -> set[str]:
        """Name the columns of the bot's database that hold some words."""
        with closing(connect(self.settings.db)) as database:
            return {f"{c.table}.{c.name}" for c, _ in holding(database, words)}

    def fault(self, kind: str, method: str | None = None, **given: Any) -> None:
        """Arrange for something in Slack to go wrong."""
        self.playground.control("fault", kind=kind, method=method, **given)

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What the bot asked of the Web API since the test began."""
        return [
            entry
            for entry in self.playground.record(self._since)
            if entry["kind"] == "request" and entry["method"] == method
        ]

    def begin(self) -> None:
        """Forget the faults and the talk of the test before."""
        self.playground.control("clear_faults")
        entries = self.playground.record()
        self._since = entries[-1]["n"] if entries else 0

    def transcript(self) -> str:
        """Tell what happened since the test began, one line for each thing that somebody did."""
        site = self.playground._running()
        return Transcript(site.workspace).tell(self.playground.record(self._since))
