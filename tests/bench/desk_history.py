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
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from bot.service.context import utc_now
from bot.store.database import migrate
from tests.bench.running_desk import at_work, running_desk
from tests.bench.years_on_record import fill
from tests.faults.whole_desk import without_network

BURST = 40
QUESTIONS = 60
BURSTS = 5
WARMING_UP = 5
MOST_IDLE = 0.01
MOST_SLOWER = 1.2


@dataclass
class Figures:
    """What was measured on one database, in seconds."""

    answer: list[float] = field(default_factory=list)
    burst: list[float] = field(default_factory=list)
    call: list[float] = field(default_factory=list)


WORDS = {
    "answer": "question to answer",
    "burst": f"burst of {BURST}, until the last answer",
    "call": "question to call for people",
}


def idle_share(path: Path, seconds: float) -> float:
    """Give the share of a core that a desk takes which has nothing to do."""
    with running_desk(path, utc_now) as desk:
        desk.ask()
        return desk.idle(seconds)


def side_by_side(full: Path, empty: Path) -> tuple[Figures, Figures]:
    """Let two desks be asked in turns, so that whatever else this machine does hits both alike."""
    figures = Figures(), Figures()
    with (
        without_network() as slack,
        at_work(full, utc_now, slack, 1_000_000) as one,
        at_work(empty, utc_now, slack, 2_000_000) as other,
    ):
        desks = tuple(zip((one, other), figures, strict=True))
        for desk, _ in desks:
            desk.answers()
            desk.burst(WARMING_UP)
        for _ in range(QUESTIONS):
            for desk, found in desks:
                found.answer.append(desk.ask())
        for _ in range(BURSTS):
            for desk, found in desks:
                found.burst.append(desk.burst(BURST))
        for desk, _ in desks:
            desk.calls()
            desk.burst(WARMING_UP)
        for _ in range(QUESTIONS):
            for desk, found in desks:
                found.call.append(desk.ask())
    return figures


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds of doing nothing")
    parser.add_argument("--settled", action="store_true", help="only with history put away")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    well = True
    with tempfile.TemporaryDirectory() as folder:
        for moved in (True,) if given.settled else (True, False):
            full, empty = Path(folder) / f"full-{moved}.db", Path(folder) / f"empty-{moved}.db"
            migrate(empty)
            migrate(full)
            started = time.perf_counter()
            fill(full, events=given.events, tickets=given.tickets, moved=moved)
            where = "put away" if moved else "still where an older version left them"
            print(
                f"{given.events} settled events {where}, {given.tickets} tickets: "
                f"{full.stat().st_size / 1e6:.0f} MB, "
                f"filled in {time.perf_counter() - started:.0f} s"
            )
            shares = idle_share(empty, given.idle), idle_share(full, given.idle)
            print(f"  idle: {shares[1]:.2%} of a core (empty: {shares[0]:.2%})")
            figures = side_by_side(full, empty)
            slower = [_compare(what, *figures) for what in WORDS]
            # While it is being put away, all may take longer, for some hours once; and a call
            # looks for what was alike, of which there is nothing in an empty database.
            well &= not moved or (shares[1] <= MOST_IDLE and max(slower[:2]) <= MOST_SLOWER)
            full.unlink()
    return 0 if well else 1


def _compare(what: str, full: Figures, empty: Figures) -> float:
    took, base = (statistics.median(getattr(each, what)) for each in (full, empty))
    times = took / base
    print(
        f"  {WORDS[what]}: {took * 1e3:.1f} ms (empty: {base * 1e3:.1f} ms, {times:.2f} times)",
        flush=True,
    )
    return times


if __name__ == "__main__":
    sys.exit(main())
