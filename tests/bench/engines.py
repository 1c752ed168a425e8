"""The desk on PostgreSQL beside the desk on SQLite, in turns: `python -m tests.bench.engines`.

The whole way of a question from Slack's delivery to the last message that it leads to, its threads
running; only what is decided and the network are left out, so that the ratio is the hardest there
is. PostgreSQL is one of its own with its usual settings: it waits for the disk as SQLite does, and
has seen how much there is, as it does by itself within a minute.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg
import structlog

from bot.service.context import utc_now
from bot.store.database import put_on
from bot.store.postgresql.connection import Session
from bot.store.postgresql.server import Server
from tests.bench.figures import record
from tests.bench.running_desk import at_work
from tests.chaos.replicas import Cluster
from tests.faults.whole_desk import without_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.running_desk import RunningDesk

COMMAND = "python -m tests.bench.engines"
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
WARM = 10
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Ask in turns, and print."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--questions", type=int, default=15, help="in a round")
    given.add_argument("--rounds", type=int, default=8)
    options = given.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    cluster = Cluster()
    try:
        with tempfile.TemporaryDirectory() as folder, without_network() as slack, ExitStack() as on:
            paths = {name: Path(folder) / name / "frontline.db" for name in (SQLITE, POSTGRESQL)}
            put_on(paths[POSTGRESQL], Server(cluster.address))
            desks = {}
            for first, (name, path) in enumerate(paths.items(), start=1):
                path.parent.mkdir()
                desks[name] = on.enter_context(at_work(path, utc_now, slack, first * 1_000_000))
            ways = Ways()
            ways.watch(setattr)
            for what in ("answers", "calls"):
                measure(what, desks, options, cluster.address, ways)
    finally:
        cluster.close()


def measure(
    what: str,
    desks: dict[str, RunningDesk],
    options: argparse.Namespace,
    address: str,
    ways: Ways,
) -> None:
    """Ask what is answered, or what people are called for."""
    took: dict[str, list[float]] = {name: [] for name in desks}
    spent = dict.fromkeys((*desks, "the server"), 0.0)
    for desk in desks.values():
        getattr(desk, what)()
        for _ in range(WARM):
            desk.ask()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ANALYZE")
    for desk in desks.values():
        for _ in range(WARM):
            desk.ask()
    statements, waits = ways.statements, ways.count
    for _ in range(options.rounds):
        for name, desk in desks.items():
            used, served, began = time.process_time(), server_time(address), time.perf_counter()
            for _ in range(options.questions):
                desk.ask()
            took[name].append(time.perf_counter() - began)
            spent[name] += time.process_time() - used
            spent["the server"] += server_time(address) - served
    asked = options.questions * options.rounds
    statements, waits = ways.statements - statements, ways.count - waits
    ratio = min(took[SQLITE]) / min(took[POSTGRESQL])
    middle = sorted(map(lambda one, other: one / other, took[SQLITE], took[POSTGRESQL]))
    print(
        f"a question {what}: {statements / asked:.0f} statements, waited for {waits / asked:.0f} "
        "times; of the processor, "
        + ", ".join(f"{name} {seconds / asked * 1e3:.1f} ms" for name, seconds in spent.items())
    )
    print(
        f"  rate of PostgreSQL over SQLite's: best round {ratio:.2f}, median of rounds "
        f"{middle[len(middle) // 2]:.2f} ({options.rounds} rounds of {options.questions})"
    )
    print(
        "  a question, best round; median: "
        + ", ".join(
            f"{name} {min(times) / options.questions * 1e3:.1f}; "
            f"{median(times) / options.questions * 1e3:.1f} ms"
            for name, times in took.items()
        )
    )
    record("desk speed", f"rate on PostgreSQL over SQLite's, {what}", ratio, command=COMMAND)


class Ways:
    """Counts the statements that PostgreSQL is sent, and how often it is waited for."""

    def __init__(self) -> None:
        """Begin with none."""
        self.statements = self.count = 0

    def watch(self, put: Callable[[type, str, object], object]) -> None:
        """Count from now on; `put` puts what counts in the place of what does not."""
        run, arrive, leave = Session.run, Session.arrive, Session.leave

        def ran(session: Session, *given: Any, **named: Any) -> Any:
            self.statements += 1
            self.count += session.pipeline is None
            return run(session, *given, **named)

        def arrived(session: Session) -> None:
            self.count += session.pipeline is not None
            arrive(session)

        def left(session: Session) -> None:
            self.count += session.pipeline is not None
            leave(session)

        for name, counted in (("run", ran), ("arrive", arrived), ("leave", left)):
            put(Session, name, counted)


def server_time(address: str) -> float:
    """Processor time of PostgreSQL's processes, its writers of the log included, in seconds."""
    with psycopg.connect(address, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        ).fetchall()
    return sum(ticks(int(row[0])) for row in rows) / TICKS


def ticks(process: int) -> int:
    """Processor time of a process; none where it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    main()
