"""A desk at work: the whole way from the door to Slack's Web API, its threads running."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from bot.desk.deciding import Action
from bot.desk.tiers import Tier
from bot.worker import AlarmTeller, Worker
from tests import builders as a
from tests.faults.whole_desk import NoSlack, WholeDesk, without_network
from tests.slack import payloads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.desk.ports.time import Clock

PATIENCE_S = 60.0
A_LOOK_S = 0.001


@dataclass
class RunningDesk:
    """Asks, and waits until it reads the answer."""

    whole: WholeDesk
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def answers(self) -> None:
        """From now on questions are answered from an article."""
        self.whole.triager.decision = a.triage(Action.ANSWER)

    def calls(self) -> None:
        """From now on questions are passed to people, with what looks like them."""
        self.whole.triager.decision = a.triage(Action.ESCALATE, Tier.L2)

    def ask(self) -> float:
        """Ask a question; gives the seconds from Slack's delivery to the reply in its thread."""
        number = next(self._numbers)
        ts = f"{1_900_000_000 + number}.000001"
        text = f"the laptop screen is grey and the vpn drops, desk{number}"
        event = payloads.message(
            text, user=f"U{number:09d}", ts=ts, channel=a.DIRECT, channel_type="im"
        )
        started = time.perf_counter()
        assert self.whole.let_in(payloads.callback(event, f"EvNEW{number}")).status == 200
        while ts not in self.whole.slack.answered:
            assert time.perf_counter() - started < PATIENCE_S, "no reply"
            time.sleep(A_LOOK_S)
        return time.perf_counter() - started

    def burst(self, size: int) -> float:
        """Let so many ask at once; gives the seconds until the last has a reply."""
        started = time.perf_counter()
        with ThreadPoolExecutor(size) as people:
            list(people.map(lambda _: self.ask(), range(size)))
        return time.perf_counter() - started

    def idle(self, seconds: float) -> float:
        """Do nothing for so long; gives the share of a core that this takes."""
        self.whole.slack.said.clear()
        time.sleep(2.0)
        started, used = time.perf_counter(), time.process_time()
        time.sleep(seconds)
        return (time.process_time() - used) / (time.perf_counter() - started)


@contextmanager
def running_desk(path: Path, clock: Clock) -> Iterator[RunningDesk]:
    """Let a desk work on a database."""
    with without_network() as slack, at_work(path, clock, slack) as desk:
        yield desk


@contextmanager
def at_work(path: Path, clock: Clock, slack: NoSlack, first: int = 1) -> Iterator[RunningDesk]:
    """Let a desk work beside others that share the Web API; its questions begin at a number."""
    whole = WholeDesk(path, slack, clock)
    worker = Worker(
        whole.store,
        whole.inbox,
        whole.relay,
        whole.timers,
        whole.homes,
        AlarmTeller(whole.store, ()),
    )
    worker.start()
    try:
        yield RunningDesk(whole, count(first))
    finally:
        worker.stop()
        whole.store.release()
