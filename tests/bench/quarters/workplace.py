"""The office of the quarter: many people, clocks that are turned, and quick hands."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from bot.bootstrap import build_knowledge, build_triager
from bot.bootstrap.learning import learning_setup
from bot.bootstrap.lessons import lessons_of
from bot.fitting.learning.running import learn
from bot.playground import Playground, Seed
from bot.playground.acts import ACTS, Act
from bot.playground.delivery.delivery import NotDeliveredError
from bot.playground.errors import Refused
from bot.playground.state.clock import Clock
from bot.playground.state.seed import PersonSeed
from bot.settings.file import ClassifierSettings, KnowledgeSettings, LearningSettings
from bot.store.codec import stamp
from classifier.progress import silent
from classifier.registry import artifact
from kb.questions.clustering import grouped
from tests.bench.quarters.fixes import TERSE
from tests.bench.quarters.model import learned_messages
from tests.bench.quarters.truth import ARTICLES
from tests.fakes import TurnableClock
from tests.scenarios import office as offices
from tests.scenarios.office import Office, configuration

if TYPE_CHECKING:
    from pathlib import Path

    from kb.encoding.encoder import Encoder
    from tests.scenarios.screen import Message

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EMPLOYEES = tuple(f"U0EMP{number:05d}" for number in range(1, 161))
L2 = ("U0MEI00001", "U0JONAS001", "U0L2THREE1")
L3 = ("U0PRIYA001", "U0L3SECOND")
REVIEWERS = {"C0L2SUPP01": "U0MEI00001", "C0L3ENG001": "U0PRIYA001"}
"""Who looks at the drafts of a channel, once a day."""
DESK = "C0ITHELP01"
PATIENCE_S = 300.0
LOOK_AGAIN_S = 0.005
OFTEN = 50
LATER = "SELECT 1 FROM outbox WHERE state = 'pending' AND due > ? LIMIT 1"


def crowded() -> Seed:
    """The sample workspace with more people in it."""
    seed = Seed.larkfield()
    people = [PersonSeed(user, f"emp{n}", f"Employee {n}") for n, user in enumerate(EMPLOYEES)]
    people += [
        PersonSeed("U0L2THREE1", "lena", "Lena Ek"),
        PersonSeed("U0L3SECOND", "omar", "Omar"),
    ]
    more = {DESK: EMPLOYEES, "C0L2SUPP01": L2, "C0L3ENG001": L3}
    channels = tuple(
        replace(c, members=tuple(dict.fromkeys((*c.members, *more.get(c.id, ())))))
        for c in seed.channels
    )
    on_call = {"l2-oncall": L2, "l3-oncall": L3}
    groups = tuple(replace(g, users=on_call.get(g.handle, g.users)) for g in seed.usergroups)
    return replace(seed, people=(*seed.people, *people), channels=channels, usergroups=groups)


class QuickOffice(Office):
    """An office that is looked at thousands of times: by one connection, and without HTTP."""

    def open(self) -> None:
        """Open the workspace without the bot."""
        super().open()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Send everybody home, the bot first."""
        super().close()
        if self._connection is not None:
            self._connection.close()

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Look into the bot's database."""
        if self._connection is None:
            self._connection = sqlite3.connect(self.settings.db, timeout=PATIENCE_S)
        return self._connection.execute(query, values).fetchall()

    def settle(self) -> None:
        """Wait until everything is handled and sent; what is tried again later comes to its time.

        On a busy machine a call may be answered too late: it is tried again in a second, which
        on a clock that stands still never comes.
        """
        until, looked = time.monotonic() + PATIENCE_S, 0
        while self.unacknowledged() or self.waiting():
            if time.monotonic() > until:
                raise AssertionError(f"not handled yet: {self.waiting()}")
            looked += 1
            if looked % OFTEN == 0 and self.clock and self.rows(LATER, stamp(self.clock())):
                self.clock.turn(1.0)
                self.wake()
            time.sleep(offices.LOOK_AGAIN_S)

    def unacknowledged(self) -> int:
        """Count the events that the bot has yet to acknowledge."""
        return self.playground._running().delivery.in_flight()


class Workplace:
    """The real bot in a local workspace, both on one clock that stands still until it is turned."""

    def __init__(self, folder: Path, model: Path, encoder: Encoder, *, loop: bool) -> None:
        """Prepare a desk that lacks a third of its articles; with the loop, it publishes."""
        self.clock = TurnableClock(MONDAY)
        published = folder / "published"
        own = folder / "model"
        artifact.copy(model, own)
        self.encoder = encoder
        file = configuration().model_copy(
            update={
                "classifier": ClassifierSettings(model=own),
                "knowledge": KnowledgeSettings(publish_to=published if loop else None),
                "learning": LearningSettings(
                    audit=0, gaps=False, lean=loop, data=(learned_messages(folder / "learned"),)
                ),
            }
        )
        self.office = QuickOffice(folder, file=file, clock=self.clock)
        workspace_clock = Clock(source=lambda: self.clock().timestamp())
        self.office.playground = Playground(crowded(), clock=workspace_clock, random_seed=1)
        self.knowledge = build_knowledge(self.office.settings, encoder)
        self.knowledge.sync([p for p in sorted(ARTICLES.glob("*.md")) if p.stem not in TERSE])
        self.office.triager = build_triager(self.office.settings, self.knowledge, encoder)

    def __enter__(self) -> Self:
        """Open it, with the bot at work; a busy machine is waited for."""
        offices.PATIENCE_S = PATIENCE_S
        self.office.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Send everybody home."""
        self.office.close()

    # --- hands

    def act(self, user: str, action: str, **given: Any) -> dict[str, Any]:
        """Do what a person can do at the page."""
        playground = self.office.playground
        act = Act(playground._running(), user, given)
        loop = playground._loop
        assert loop is not None
        until = time.monotonic() + PATIENCE_S
        while True:
            done = asyncio.run_coroutine_threadsafe(ACTS[action](act), loop)
            try:
                answer: dict[str, Any] = done.result(PATIENCE_S)
            except Refused as refusal:
                # On a busy machine the bot may be too late for Slack: people try again.
                late = isinstance(refusal.__cause__, NotDeliveredError)
                if not late or time.monotonic() > until:
                    raise
                time.sleep(OFTEN * LOOK_AGAIN_S)
            else:
                return answer

    def say(self, user: str, text: str, thread: str | None = None, channel: str = DESK) -> str:
        """Write a message; gives its `ts`."""
        return str(self.act(user, "message", channel=channel, text=text, thread_ts=thread)["ts"])

    def press(self, user: str, channel: str, message: Message, label: str) -> bool:
        """Press the button of that label; tells whether it is there."""
        for block in message.get("blocks") or ():
            for element in block.get("elements") or ():
                if element.get("type") == "button" and element["text"]["text"] == label:
                    try:
                        self.act(
                            user, "press", channel=channel, ts=message["ts"],
                            action_id=element["action_id"], block_id=block["block_id"],
                            value=element.get("value"),
                        )  # fmt: skip
                    except Refused:
                        return False
                    return True
        return False

    def fill(self, user: str, values: dict[str, str]) -> None:
        """Fill in the modal that opens, each field by its block, and submit it."""
        view = self._modal(user)
        entered: dict[str, dict[str, Any]] = {}
        for block in view["blocks"]:
            element = block.get("element") or {}
            if block["block_id"] in values:
                value: Any = values[block["block_id"]]
                kind = element["type"]
                entered[block["block_id"]] = {
                    element["action_id"]: [value] if kind == "checkboxes" else value
                }
        told = self.act(user, "submit", view_id=view["id"], values=entered)
        if told.get("errors"):
            raise AssertionError(f"the modal refuses {told['errors']}")

    def _modal(self, user: str) -> dict[str, Any]:
        surfaces = self.office.playground._running().surfaces
        until = time.monotonic() + PATIENCE_S
        while not surfaces.stack(user):
            if time.monotonic() > until:
                raise AssertionError(f"no modal opens for {user}")
            time.sleep(LOOK_AGAIN_S)
        return surfaces.stack(user)[-1]

    # --- eyes

    def thread(self, ts: str, channel: str = DESK) -> list[Message]:
        """Read a thread."""
        workspace = self.office.playground._running().workspace
        return workspace.timelines[channel].thread(ts)

    def message(self, channel: str, ts: str) -> Message:
        """Read one message."""
        workspace = self.office.playground._running().workspace
        return workspace.timelines[channel].by_ts[ts]

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Look into the bot's database, where it is quicker than reading every channel."""
        return self.office.rows(query, *values)

    # --- time

    def settle(self) -> None:
        """Wait until everything is handled and sent."""
        self.office.settle()

    def weekend(self) -> None:
        """Let the bot look for gaps and tell their owners, which it does once a week."""
        learning = self.office._working().learning
        # In this process, and once a week: what is told is the same, and quicker found.
        learning._sight = replace(learning._sight, grouped=grouped)
        learning._problems, learning._gaps = False, True
        learning.step()
        learning._gaps = False

    def night(self) -> None:
        """Let the bot do what it does each day by itself."""
        learning = self.office._working().learning
        learning._problems = False
        learning.step()
        learning.look_for_alike()

    def learn(self) -> str:
        """Learn from outcomes, as `serve` does at night; in this process, by the turned clock.

        Tells what came of it.
        """
        settings = self.office.settings
        lessons = lessons_of(settings)
        with learning_setup(settings, self.encoder, told=silent) as setup:
            now = replace(setup, now=self.clock())
            report = learn(now, lessons, dry_run=False, by_hand=False)
        return "; ".join((report.outcome, *report.reasons[:1], *report.refitted))

    def until(self, moment: datetime) -> None:
        """Let time pass until then, and what falls due be done."""
        left = (moment - self.clock()) / timedelta(seconds=1)
        if left > 0:
            self.office.turn(seconds=left)


def ids_in(texts: str) -> list[str]:
    """Read a list that stands as JSON in a column."""
    return [str(each) for each in json.loads(texts)]
