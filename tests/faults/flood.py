"""Everybody writes at once: `python -m tests.faults.flood --questions 10000`.

The whole desk in this process, its threads running, on a Web API that takes as long as Slack's.
Some write in one channel, the others directly, some of them several times. Afterwards: was
anything lost or said twice, did the order hold, how soon had each a sign, and what memory it took.
"""

# ruff: noqa: T201 (a command prints what it found)

from __future__ import annotations

import argparse
import os
import random
import subprocess
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.desk.deciding import Action
from bot.playground.faults.latency import Latency
from bot.service.context import utc_now
from bot.slack.parsing.commands import parse
from bot.store.database import reading
from bot.store.privacy.once import SEEN_FOR
from bot.worker import AlarmTeller, Hearing, Worker
from tests import builders as a
from tests.faults.whole_desk import NoSlack, WholeDesk, without_network
from tests.slack import payloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk.web import SlackResponse

PATIENCE_S = 3_600.0
LOOK_EVERY_S = 0.2
IN_THE_CHANNEL = 0.4
"""So many of all write in one channel; the others directly."""

AGAIN = 0.1
"""So many of those who write directly add two messages."""

FIRST_TS = 1_900_000_000
DELIVERIES, ACKNOWLEDGED = 4, 200
"""Slack delivers what nobody acknowledged three times more."""


@dataclass(frozen=True)
class Asked:
    """A message of somebody."""

    user: str
    channel: str
    ts: str
    is_first: bool


@dataclass
class Found:
    """What came of it."""

    messages: int = 0
    again: int = 0
    unhandled: int = 0
    unanswered: int = 0
    twice: int = 0
    out_of_order: int = 0
    signs_s: list[float] = field(default_factory=list)
    before_mb: float = 0.0
    most_mb: float = 0.0

    def show(self) -> None:
        """Print it."""
        p50, p99 = (self.signs_s[int(len(self.signs_s) * q)] for q in (0.5, 0.99))
        print(f"messages {self.messages}, delivered again {self.again}", end=", ")
        print(f"unhandled {self.unhandled}, twice {self.twice}")
        print(f"unanswered {self.unanswered}, out of order {self.out_of_order}")
        print(f"a sign or an answer: p50 {p50:.2f} s, p99 {p99:.2f} s, {self.signs_s[-1]:.2f} s")
        print(f"memory: {self.before_mb:.0f} MB before, {self.most_mb:.0f} MB at most")


class SlowSlack(NoSlack):
    """Takes as long as Slack, and keeps when it said what where, and no more."""

    def __init__(self, latency: Latency) -> None:
        """Say nothing yet."""
        super().__init__()
        self._latency = latency
        self._lock = threading.Lock()
        self.signs: dict[str, list[float]] = defaultdict(list)
        self.answers: dict[tuple[str, str], float] = {}
        self.times: Counter[tuple[str, str, str]] = Counter()

    def take(self, api_method: str, **given: Any) -> SlackResponse:
        """Answer after a while."""
        took = self._latency.draw(api_method)
        if took:
            time.sleep(took)
        sent = given.get("json") or given.get("params") or given.get("data") or {}
        if api_method == "chat.postMessage":
            channel, thread = str(sent["channel"]), str(sent.get("thread_ts") or "")
            with self._lock:
                if thread:
                    self.answers.setdefault((channel, thread), time.monotonic())
                else:
                    self.signs[channel].append(time.monotonic())
                self.times[channel, thread, str(sent.get("text"))] += 1
        answered = super().take(api_method, **given)
        self.said.clear()
        return answered


def crowd(count: int, chance: random.Random) -> Iterator[Asked]:
    """Give who writes what, in the order in which it comes."""
    number = 0
    while number < count:
        user = f"U{number:09d}"
        if chance.random() < IN_THE_CHANNEL:
            yield Asked(user, a.IT_HELP, _ts(number), is_first=True)
            number += 1
            continue
        messages = 3 if chance.random() < AGAIN else 1
        for each in range(min(messages, count - number)):
            yield Asked(user, f"D{user[1:]}", _ts(number), is_first=not each)
            number += 1


def _ts(number: int) -> str:
    return f"{FIRST_TS + number}.000001"


def play(folder: Path, questions: int, *, seconds: float, latency: Latency, seed: int) -> Found:
    """Let them write within so many seconds, and wait until everything was answered."""
    found = Found(messages=questions)
    with without_network() as nothing:
        slack = SlowSlack(latency)
        nothing.take = slack.take  # type: ignore[method-assign]
        whole = WholeDesk(folder / "frontline.db", slack, utc_now)
        whole.triager.decision = a.triage(Action.ANSWER)
        worker = _worker(whole)
        asked = list(crowd(questions, random.Random(seed)))
        found.before_mb = found.most_mb = resident_mb()
        came: dict[str, float] = {}
        worker.start()
        try:
            began = time.monotonic()
            for number, one in enumerate(asked):
                _wait_until(began + seconds * number / questions)
                came[one.ts] = time.monotonic()
                _deliver(whole, one, found)
            _wait_until_done(whole, found)
        finally:
            worker.stop()
            whole.store.release()
    _judge(folder / "frontline.db", found, asked, came, slack)
    return found


def _deliver(whole: WholeDesk, one: Asked, found: Found) -> None:
    """Deliver as Slack does: what is not acknowledged comes again, a few times."""
    for _ in range(DELIVERIES):
        if whole.let_in(_event(one)).status == ACKNOWLEDGED:
            return
        found.again += 1
    raise AssertionError(f"{one.ts} was never acknowledged")


def _worker(whole: WholeDesk) -> Worker:
    return Worker(
        whole.store,
        whole.inbox,
        whole.relay,
        whole.timers,
        whole.homes,
        AlarmTeller(whole.store, ()),
        hearing=Hearing(whole.store, whole.desk, partial(parse, bot_user=a.BOT)),
    )


def _event(one: Asked) -> dict[str, Any]:
    text = "How do I connect to the VPN?" if one.is_first else f"It still drops, {one.ts[-12:]}"
    kind = "channel" if one.channel == a.IT_HELP else "im"
    event = payloads.message(text, user=one.user, ts=one.ts, channel=one.channel, channel_type=kind)
    return payloads.callback(event, f"Ev{one.ts.replace('.', '')}")


def _wait_until(at: float) -> None:
    time.sleep(max(0.0, at - time.monotonic()))


def _wait_until_done(whole: WholeDesk, found: Found) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found.most_mb = max(found.most_mb, resident_mb())
        with reading(whole.store.path) as db:
            waiting = db.execute(
                "SELECT (SELECT count(*) FROM inbox WHERE state IN ('pending', 'in_flight')) + "
                "(SELECT count(*) FROM outbox WHERE state IN ('pending', 'in_flight') "
                "AND urgency <= 0)"
            ).fetchone()[0]
        if not waiting:
            return
        time.sleep(LOOK_EVERY_S)


def _judge(
    path: Path, found: Found, asked: list[Asked], came: dict[str, float], slack: SlowSlack
) -> None:
    with reading(path) as db:
        done = db.execute(
            "SELECT count(*) FROM (SELECT event_id FROM inbox WHERE state = 'done' "
            "UNION SELECT event_id FROM inbox_history WHERE state = 'done')"
        ).fetchone()[0]
        found.unhandled = len(asked) - done
        found.out_of_order = sum(
            db.execute(
                f"SELECT count(*) FROM {table} AS one JOIN {table} AS next "
                f"ON next.lane = one.lane AND next.id > one.id AND next.{at} < one.{at}"
            ).fetchone()[0]
            for table, at in (("inbox", "finished_at"), ("outbox", "sent_at"))
        )
    found.twice = sum(times - 1 for (_, thread, _), times in slack.times.items() if thread)
    for one in asked:
        if not one.is_first:
            continue
        at = came[one.ts]
        answer = slack.answers.get((one.channel, one.ts), float("inf"))
        found.unanswered += answer == float("inf")
        # A sign that stands there already is read by who writes below it within the minute.
        signs = [sign for sign in slack.signs[one.channel] if sign >= at - SEEN_FOR.total_seconds()]
        found.signs_s.append(max(0.0, min([answer, *signs]) - at))
    found.signs_s.sort()


def resident_mb() -> float:
    """Tell what this process holds in memory."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True
    )
    return int(told.stdout) / 1024


def main() -> None:
    """Play it, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="within which they come")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    latency = Latency(given.seed)
    latency.set()
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        found = play(
            Path(folder),
            given.questions,
            seconds=given.seconds,
            latency=latency,
            seed=given.seed,
        )
        print(f"{given.questions} within {given.seconds:.0f} s, done after", end=" ")
        print(f"{time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.0f}")
        found.show()


if __name__ == "__main__":
    main()
