"""A thousand people write after an outage: `pytest tests/bench/desk_outage.py -m bench -s`.

Real processes and models, Slack's latency and limits: who had a sign how soon, how many were
answered one by one before the incident was known, and whether anybody was served twice.
`FRONTLINE_BENCH_PEOPLE` is how many they are (1000), `FRONTLINE_BENCH_SECONDS` within what (60).
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from tests.bench.desk_latency import Desk, opened, shown
from tests.bench.slack_like import BOT, employee

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.bench

PEOPLE = int(os.environ.get("FRONTLINE_BENCH_PEOPLE", "1000"))
SECONDS = int(os.environ.get("FRONTLINE_BENCH_SECONDS", "60"))
CHANNELS = 20
DIRECTLY = 3
"""One in three writes directly."""

SEEN_FOR_S = 60.0
SAYS = (
    "The wiki is down, 503", "wiki not loading", "is the wiki down for anyone else?",
    "Wiki: service unavailable", "I cannot open any page of the wiki, it spins for ever",
    "wiki gives a 502 since this morning", "nobody in our team gets into the wiki",
    "the wiki hangs when I sign in", "Wiki outage?", "wiki keeps timing out for me",
    "WIKI DOWN!!", "the wiki does not answer from home either",
)  # fmt: skip


def test_a_thousand_after_an_outage(tmp_path: Path) -> None:
    """All write within a minute about the same, in channels and directly."""
    with opened(tmp_path, CHANNELS, people=PEOPLE) as desk:
        came = _write(desk)
        desk.wait("SELECT count(*) FROM inbox WHERE state = 'done'", len(came))
        handled = time.monotonic()
        desk.wait(
            "SELECT count(*) FROM outbox WHERE state IN ('pending', 'in_flight') AND urgency <= 0",
            0,
        )
        sent = time.monotonic()
        began = desk.rows("SELECT min(opened_at) FROM incidents")[0][0]
        alone = desk.rows(f"SELECT count(*) FROM tickets WHERE opened_at < '{began}'")[0][0]
        cards = desk.rows("SELECT count(*) FROM escalations")[0][0]
        incidents = desk.rows("SELECT count(*) FROM incidents")[0][0]
        signs, twice, silent = _judged(desk, came)
    first = min(at for _, _, at in came)
    print(f"\n{PEOPLE} people within {SECONDS} s, a third directly, Slack's latency and limits:")
    print(f"  a sign or an answer: {shown(signs)} (goal 3 s)")
    print(f"  handled after {handled - first:.0f} s, the last answer sent after", end=" ")
    print(f"{sent - first:.0f} s")
    print(f"  tickets before the incident was known: {alone}; incidents {incidents};", end=" ")
    print(f"people called for {cards} of {PEOPLE}")
    print(f"  served twice {twice}, silent {silent}")
    print(f"  (load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    assert (twice, silent) == (0, 0)


def _write(desk: Desk) -> list[tuple[str, str, float]]:
    """Let everybody write; gives the channel, the timestamp and when, of each message."""
    came = []
    began = time.monotonic()
    for number in range(PEOPLE):
        time.sleep(max(0.0, began + SECONDS * number / PEOPLE - time.monotonic()))
        who, channel = employee(number), f"C0DESK{number % CHANNELS:04}"
        if number % DIRECTLY == 0:
            channel = desk.act(who, "open_im", user=BOT)["channel"]
        text = SAYS[number % len(SAYS)]
        ts = desk.act(who, "message", channel=channel, text=text)["ts"]
        came.append((str(channel), str(ts), time.monotonic()))
    return came


def _judged(desk: Desk, came: list[tuple[str, str, float]]) -> tuple[list[float], int, int]:
    """By the workspace's record: seconds to a sign, how many twice, and how many got nothing."""
    signs: dict[str, list[float]] = defaultdict(list)
    answers: dict[str, float] = {}
    times: Counter[tuple[str, str]] = Counter()
    for entry in desk.record():
        arguments: dict[str, Any] = entry.get("arguments") or {}
        posted = entry["kind"] == "request" and entry["method"] == "chat.postMessage"
        if not posted or not entry["answer"]["ok"]:
            continue
        thread = str(arguments.get("thread_ts") or "")
        if thread:
            answers.setdefault(thread, entry["at"])
            times[thread, str(arguments.get("text"))] += 1
        else:
            signs[str(arguments["channel"])].append(entry["at"])
    taken = []
    for channel, ts, _ in came:
        wrote = float(ts)
        seen = [at for at in signs[channel] if at >= wrote - SEEN_FOR_S]
        heard = min([*seen, answers.get(ts, float("inf"))])
        taken.append(max(0.0, heard - wrote))
    silent = sum(seconds == float("inf") for seconds in taken)
    twice = sum(count - 1 for count in times.values())
    return taken, twice, silent
