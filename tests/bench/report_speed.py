"""How long `report` takes over a million tickets, and how much memory.

Run: .venv/bin/python -m tests.bench.report_speed --tickets 1000000
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.store.database import migrate
from tests.bench.desk_on_record import fill_desk
from tests.bench.figures import record

MOST_S, MOST_MB = 5.0, 300.0
TIMES = 3
WHOLE = 1_000_000
COMMAND = "python -m tests.bench.report_speed"


def filled(path: Path, tickets: int) -> None:
    """Write a desk."""
    migrate(path)
    fill_desk(path, tickets)


def once(database: Path, page: Path) -> tuple[float, float, float]:
    """Run the command; gives seconds, seconds of the processor, and megabytes at its peak."""
    command = [sys.executable, "-m", "bot", "--db", str(database), "report", "--since", "800d"]
    began = time.perf_counter()
    run = subprocess.Popen([*command, "--html", str(page)], stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(run.pid, 0)
    if status:
        raise SystemExit(f"frontline report failed ({status})")
    took = time.perf_counter() - began
    return took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tickets", type=int, default=WHOLE)
    parser.add_argument("--db", type=Path, help="one that was filled before")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.db or Path(folder) / "desk.db"
        if given.db is None:
            # In a process of its own: a child's peak is at least what its parent held at its birth.
            alone = multiprocessing.get_context("spawn").Process(
                target=filled, args=(path, given.tickets)
            )
            alone.start()
            alone.join()
        runs = [once(path, Path(folder) / "desk.html") for _ in range(TIMES)]
    first = runs[0]
    took, processor, memory = (min(column) for column in zip(*runs, strict=True))
    print(f"report over {given.tickets} tickets, the best of {TIMES}:")
    print(
        f"  the first, which keeps what moves no more: {first[0]:.1f} s, "
        f"{first[1]:.1f} s of the processor"
    )
    print(f"  {took:.1f} s (goal {MOST_S:.0f}), {processor:.1f} s of the processor")
    print(f"  {memory:.0f} MB at its peak (goal {MOST_MB:.0f})")
    if given.tickets == WHOLE and given.db is None:
        over = "`frontline report` over 1,000,000 tickets"
        for name, value, unit, goal in (
            (over, took, "s", f"≤ {MOST_S:.0f}"),
            (f"{over}, the first after an upgrade", first[0], "s", ""),
            (f"{over}, memory at its peak", memory, "MB", f"≤ {MOST_MB:.0f}"),
        ):
            record("desk speed", name, value, unit=unit, goal=goal, command=COMMAND)
    return 0 if took <= MOST_S and memory <= MOST_MB else 1


if __name__ == "__main__":
    sys.exit(main())
