"""Does history slow the present? A desk on an empty database beside one with years on record.

Run: .venv/bin/python -m tests.bench.desk_history --events 2000000 --tickets 1000000
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.service.context import utc_now
from bot.store.database import migrate
from tests.bench.running_desk import running_desk
from tests.bench.years_on_record import fill

BURST = 40
QUESTIONS = 60
BURSTS = 5
WARMING_UP = 5
MOST_IDLE = 0.01
MOST_SLOWER = 1.2


@dataclass(frozen=True)
class Figures:
    """What was measured on one database; times in seconds, the idle share of one core."""

    size_mb: float
    idle: float
    answer: float
    call: float
    burst: float


def measure(path: Path, idle_s: float) -> Figures:
    """Measure a desk at work on a database."""
    with running_desk(path, utc_now) as desk:
        desk.answers()
        for _ in range(WARMING_UP):
            desk.ask()
        idle = desk.idle(idle_s)
        answer = statistics.median(desk.ask() for _ in range(QUESTIONS))
        burst = statistics.median(desk.burst(BURST) for _ in range(BURSTS))
        desk.calls()
        desk.ask()
        call = statistics.median(desk.ask() for _ in range(QUESTIONS // 3))
    return Figures(path.stat().st_size / 1e6, idle, answer, call, burst)


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds of doing nothing")
    given = parser.parse_args()
    silent = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=silent)
    found: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("empty", "moved", "as left by an older version"):
            path = Path(folder) / "desk.db"
            path.unlink(missing_ok=True)
            migrate(path)
            if name != "empty":
                started = time.perf_counter()
                fill(path, events=given.events, tickets=given.tickets, moved=name == "moved")
                print(f"filled in {time.perf_counter() - started:.0f} s", file=sys.stderr)
            found[name] = measure(path, given.idle)
            _print(name, found[name], found["empty"])
    full = found["moved"]
    well = full.idle <= MOST_IDLE and full.answer <= MOST_SLOWER * found["empty"].answer
    return 0 if well and full.burst <= MOST_SLOWER * found["empty"].burst else 1


def _print(name: str, full: Figures, empty: Figures) -> None:
    print(f"{name}: {full.size_mb:.0f} MB, idle {full.idle:.2%} of a core")
    for what in ("answer", "burst", "call"):
        took, base = getattr(full, what), getattr(empty, what)
        label = {
            "answer": "question to answer",
            "burst": f"burst of {BURST}, until the last answer",
            "call": "question to call for people",
        }[what]
        print(f"  {label}: {took * 1e3:.1f} ms ({took / base:.2f} times empty)")


if __name__ == "__main__":
    sys.exit(main())
