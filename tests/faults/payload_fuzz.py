"""Malformed payloads against Bolt's app, the store and the worker.

Run: .venv/bin/python -m tests.faults.payload_fuzz --payloads 20000 --seed 1
Between them come canaries, questions like any other: each is answered, and nothing gets out.
"""

# ruff: noqa: T201 (a command prints its table)

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import structlog

from bot.store.database import transaction
from bot.store.disk import lasting
from tests import builders as a
from tests.fakes import TurnableClock
from tests.faults.payload_mill import Mill
from tests.faults.whole_desk import NoSlack, Payload, WholeDesk, without_network
from tests.slack import payloads as valid

if TYPE_CHECKING:
    from collections.abc import Callable

A_CANARY_EVERY = 100


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


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Deliver so many malformed payloads, with a canary after every hundred."""
    with without_network() as slack, patch.object(lasting, "_on_disk"):
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
