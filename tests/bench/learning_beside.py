"""Does learning disturb whoever asks meanwhile? From 2,000 outcomes, beside the serving bot.

Real processes: a workspace, `frontline serve`, somebody who asks at an ordinary rate, and the run
of learning that the bot begins at night. The run is halted and let go on in turns of some seconds,
so that both kinds of replies are of the same minutes, whatever else the machine does.
`python -m tests.bench.learning_beside --office DIR` (the office of `tests.bench.learning`)
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap.apart import learn_apart
from bot.desk.ids import TicketId
from bot.playground import Person
from bot.service.context import utc_now
from bot.settings.loading import load_settings
from classifier.registry import artifact
from tests.bench.figures import record
from tests.bench.learning import SEED, office, outcomes
from tests.bench.test_speed import ANA, GROUPS, PATIENCE_S, ROOT, _from_event_to_reply, _workspace
from tests.fitting.on_record import put_on_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.desk.learning import Lesson
    from bot.settings.settings import Settings
    from tests.bench.learning import Office

COMMAND = "python -m tests.bench.learning_beside"
OUTCOMES = 2_000
TURN_S = 20.0
"""So long the run goes on, and so long it is halted."""
EVERY_S = 0.8
"""A question in so many seconds; 75 a minute are those of some thousand people."""
CHANNELS = 60
GOAL = 1.2


@dataclass
class Asked:
    """What was asked while the run was halted, and while it went on."""

    usual: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)


def main(where: Path | None, longest_s: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="frontline-beside-") as own:
        there = office((where or Path(own)) / "sample")
        folder = Path(own) / "desk"
        folder.mkdir()
        settings, names = desk(there, folder)
        with serving(folder, settings, names) as url, Person(url, ANA) as ana:
            asked, ended = ask_beside(ana, settings, names, longest_s, there)
            tell(url, asked, ended)


def desk(there: Office, folder: Path) -> tuple[Settings, list[str]]:
    """Write a desk of the office with its outcomes on record."""
    names = [f"desk-{number:02}" for number in range(CHANNELS)]
    config = folder / "frontline.toml"
    modes = "".join(f'[channels.{name}]\nmode = "all"\n' for name in names)
    text = GROUPS.format(root=ROOT).replace(f"{ROOT}/var/model", str(folder / "model"))
    config.write_text(f'database = "{folder}/frontline.db"\n{text}[learning]\n'
                      f'data = ["{there.data}"]\n{modes}')  # fmt: skip
    artifact.copy(there.folder / "model", folder / "model")
    (folder / "frontline.db").write_bytes((there.folder / "kb.db").read_bytes())
    settings = load_settings(config)
    put_on_record(settings.db, two_thousand(there), later=utc_now())
    return settings, names


def two_thousand(there: Office) -> list[Lesson]:
    """What the office settled, some of it twice by others."""
    draw = random.Random(SEED)
    found = outcomes(there.asked, draw)
    more = draw.choices(found, k=max(0, OUTCOMES - len(found)))
    again = [
        replace(each, ticket=TicketId(10_000 + number), asker=f"q{number % 40}")
        for number, each in enumerate(more)
    ]
    return sorted([*found, *again][:OUTCOMES], key=lambda each: each.at)


@contextmanager
def serving(folder: Path, settings: Settings, names: Sequence[str]) -> Iterator[str]:
    """Let the bot serve; gives the workspace's page."""
    with _workspace(folder, names) as told:
        environment = {
            **os.environ,
            **{name: value for name, value in told.items() if name.isupper()},
        }
        command = [sys.executable, "-m", "bot", "--config", str(settings.config), "serve"]
        with (
            (folder / "log").open("w") as log,
            subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log) as process,
        ):
            try:
                with Person(told["page"], ANA) as ana:
                    ana.wait_for(lambda: ana.boot()["is_connected"], PATIENCE_S * 4)
                yield told["page"]
            finally:
                process.kill()


def ask_beside(
    ana: Person, settings: Settings, names: Sequence[str], longest_s: float, there: Office
) -> tuple[Asked, int | None]:
    """Ask until the run has ended, or for so long; gives how it ended."""
    questions = [each.text for each in there.asked if each.label == "L1"]
    asked = Asked()
    number = 0

    def turn(into: list[str], seconds: float) -> None:
        nonlocal number
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            number += 1
            began = time.monotonic()
            channel = names[number % len(names)]
            ts = ana.say(channel, f"{questions[number % len(questions)]}")
            ana.wait_for(lambda: ana.thread(channel, ts)[1:], PATIENCE_S * 4)  # noqa: B023 - at once
            into.append(ts)
            time.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))

    turn([], TURN_S)  # what is warmed up
    child = learn_apart(settings)
    switching = settings.model.with_name("learning") / "switch.json"
    started = time.monotonic()
    try:
        while child.poll() is None and time.monotonic() - started < longest_s:
            turn(asked.beside, TURN_S)
            if child.poll() is None and not switching.exists():
                child.send_signal(signal.SIGSTOP)
                turn(asked.usual, TURN_S)
                child.send_signal(signal.SIGCONT)
    finally:
        if child.poll() is None:
            child.kill()
    turn(asked.usual, TURN_S)
    return asked, child.poll()


def tell(url: str, asked: Asked, ended: int | None) -> None:
    """Print both kinds."""
    usual, beside = (_from_event_to_reply(url, each) for each in (asked.usual, asked.beside))
    p95, other = (statistics.quantiles(each, n=20)[-1] for each in (usual, beside))
    late = sum(each > GOAL * p95 for each in beside) / len(beside)
    late_anyway = sum(each > GOAL * p95 for each in usual) / len(usual)
    sys.stdout.write(
        f"replies while learning is halted: {len(usual)}, median {statistics.median(usual):.0f}, "
        f"95th percentile {p95:.0f} ms, longest {max(usual):.0f}\n"
        f"replies while it goes on: {len(beside)}, median {statistics.median(beside):.0f}, "
        f"95th percentile {other:.0f} ms, longest {max(beside):.0f}; {other / p95:.2f} times\n"
        f"later than {GOAL} times the usual 95th percentile: {late:.1%}, halted {late_anyway:.1%}\n"
        f"the run ended with {ended}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
    )
    record(
        "learning", "95th percentile of replies while it learns from 2,000 outcomes, times usual",
        other / p95, goal="≤ 1.2", command=COMMAND,
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--office", type=Path, help="build the office here, or find it built")
    parser.add_argument("--longest", type=float, default=1_800.0, help="at most so many seconds")
    given = parser.parse_args()
    main(given.office, given.longest)
