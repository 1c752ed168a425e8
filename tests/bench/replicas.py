"""Replicas on one PostgreSQL are killed while people write; nothing lost or twice, nobody silent.

`python -m tests.bench.replicas --kills 300 --restarts 10 --messages 5000`. With `--rolling`, each
replica is stopped and started once instead, as by an update, and nobody may notice.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figures import record
from tests.chaos.people import People, Verdict, judge
from tests.chaos.replicas import Replicas, answered_after, quantile

COUNT = 3


def main() -> int:
    """Play, settle, judge, print; 1 where anything was lost, doubled or left silent."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--kills", type=int, default=300)
    given.add_argument("--restarts", type=int, default=10)
    given.add_argument("--messages", type=int, default=5_000)
    given.add_argument("--rate", type=float, default=3.0, help="what people do, a second")
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--rolling", action="store_true")
    given.add_argument("--log", type=Path, help="where the log of the replicas is written")
    options = given.parse_args()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        replicas = Replicas(Path(folder), COUNT)
        people = People(replicas.office, dice, options.rate)
        try:
            replicas.start_all()
            troubles = (roll if options.rolling else kill)(replicas, people, dice, options)
            settled = replicas.settle()
            verdict = judge(people)
            tell(replicas, people, verdict, troubles, settled=settled)
        finally:
            if options.log is not None:
                shutil.copy(Path(folder) / "serve.log", options.log)
            replicas.close()
    return int(not (settled and verdict.nothing_lost and not verdict.out_of_order))


def kill(
    replicas: Replicas, people: People, dice: random.Random, options: argparse.Namespace
) -> list[float]:
    """Kill and start again at random, PostgreSQL too, until all was written."""
    work = ["kill"] * options.kills + ["restart"] * options.restarts
    dice.shuffle(work)
    each, troubles = options.messages / (len(work) + 1), []
    for count, what in enumerate(work, start=1):
        # Others are there: one is killed, not all of them.
        while written(people) < each * count or replicas.connected() < COUNT:
            people.talk(0.5)
            # One that starts while PostgreSQL does ends in a line; whoever watches it starts it.
            for died in replicas.died():
                replicas.start(died)
        if what == "restart":
            troubles.append(time.time())
            replicas.cluster.restart(dice.choice(["fast", "immediate"]))
        else:
            troubles.append(time.time())
            which = dice.choice(replicas.living())
            replicas.kill(which)
            people.talk(1.0)
            replicas.start(which)
        sys.stderr.write(f"  {what} {count} of {len(work)}: {written(people)} written\n")
    while written(people) < options.messages:
        people.talk(0.5)
    replicas.wait_for_all()
    return troubles


def roll(
    replicas: Replicas, people: People, dice: random.Random, options: argparse.Namespace
) -> list[float]:
    """Stop and start one after the other, as an update does."""
    del dice
    troubles, each = [], options.messages / (COUNT + 1)
    for which in range(COUNT):
        while written(people) < each * (which + 1):
            people.talk(0.5)
        troubles.append(time.time())
        replicas.stop(which)
        replicas.start(which)
        until = time.monotonic() + 120
        while replicas.connected() < COUNT and time.monotonic() < until:
            people.talk(0.5)
    while written(people) < options.messages:
        people.talk(0.5)
    return troubles


def written(people: People) -> int:
    """Count what people did."""
    return len(people.asked) + len(people.said_more) + people.pressed + people.refused_presses


def tell(
    replicas: Replicas, people: People, verdict: Verdict, troubles: list[float], *, settled: bool
) -> None:
    """Print what was measured."""
    took, amid = answered_after(people, troubles)
    rows = (
        ("questions; follow-ups; presses; refused presses",
         f"{verdict.asked}; {len(people.said_more)}; {people.pressed}; {people.refused_presses}"),
        ("SIGKILLs; restarts of PostgreSQL", f"{replicas.kills}; {replicas.cluster.restarts}"),
        ("questions lost; twice (tickets, messages, cards); silent",
         (f"{len(verdict.lost)}; {verdict.tickets_twice}, {len(verdict.doubled)}, "
          f"{verdict.cards_twice}; {len(verdict.silent)}")),
        ("follow-ups lost; twice; silent",
         f"{len(verdict.more_lost)}; {verdict.more_twice}; {len(verdict.more_silent)}"),
        ("presses lost", str(verdict.presses_lost)),
        ("first reply, median; p95; longest",
         f"{quantile(took, 0.5):.1f}; {quantile(took, 0.95):.1f}; {quantile(took, 1):.1f} s"),
        ("the same amid trouble",
         (f"{quantile(amid, 0.5):.1f}; {quantile(amid, 0.95):.1f}; "
          f"{quantile(amid, 1):.1f} s of {len(amid)}")),
        ("settled", str(settled)),
    )  # fmt: skip
    for row in rows:
        sys.stdout.write(f"| {' | '.join(row)} |\n")
    lost = len(verdict.lost) + len(verdict.more_lost) + verdict.presses_lost
    command = "python -m tests.bench.replicas"
    record("faults", "SIGKILLs of one of three replicas", replicas.kills, command=command)
    record("faults", "lost, three replicas", lost, command=command, goal="≤ 0")


if __name__ == "__main__":
    sys.exit(main())
