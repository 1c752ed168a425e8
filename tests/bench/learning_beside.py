"""Does learning disturb whoever asks meanwhile? From 2,000 outcomes, beside the serving bot.

Real processes: a workspace, `frontline serve`, people who ask at an ordinary rate, and the run of
learning that the bot begins at night. The run is halted and let go on in pairs of turns of some
seconds, either one first by turns, so that both kinds of replies are of the same minutes, whatever
else the machine does. Of each pair the 95th percentiles are compared; the figure is the median of
their quotients, with an interval by drawing pairs. Slack itself answers at once here: what the run
costs is not hidden behind the network.
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
from typing import TYPE_CHECKING, Self

from bot.bootstrap.apart import learn_apart
from bot.bootstrap.lessons import versions_of
from bot.desk.ids import TicketId
from bot.playground import Person
from bot.service.context import utc_now
from bot.settings.loading import load_settings
from classifier.registry import artifact
from kb.sources import read_source
from tests.bench.figures import record
from tests.bench.learning import SEED, office, outcomes
from tests.bench.slack_like import ANA, employee, slack_like
from tests.bench.test_speed import GROUPS, PATIENCE_S, ROOT, _from_event_to_reply
from tests.fitting.on_record import put_on_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.desk.learning import Lesson
    from bot.settings.settings import Settings
    from tests.bench.learning import Office

COMMAND = "python -m tests.bench.learning_beside"
OUTCOMES = 2_000
TURN_S = 12.0
"""So long the run goes on, and so long it is halted."""
EVERY_S = 0.4
"""A question in so many seconds; 150 a minute are those of some thousand people."""
CHANNELS, PEOPLE = 60, 20
GOAL = 1.2
NO_LATENCY = "0,0"
DRAWS = 2_000


@dataclass(frozen=True)
class Pair:
    """What was asked while the run was halted, and while it went on, one after the other."""

    usual: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    """Seconds of a processor that the run had meanwhile."""


def main(where: Path | None, longest_s: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="frontline-beside-") as own:
        there = office((where or Path(own)) / "sample")
        folder = Path(own) / "desk"
        folder.mkdir()
        settings, names = desk(there, folder)
        questions = known_questions()
        with serving(folder, settings, names) as url, Asking(url, names, questions) as asking:
            pairs, ended = ask_beside(asking, settings, longest_s)
            tell(url, pairs, ended, asking)


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


def known_questions() -> list[str]:
    """Give the questions of the articles: each is answered, so there is a reply to wait for."""
    entries = read_source(ROOT / "kb" / "articles", collection="default")
    return [question for each in entries if each.article for question in each.article.questions]


@contextmanager
def serving(folder: Path, settings: Settings, names: Sequence[str]) -> Iterator[str]:
    """Let the bot serve; gives the workspace's page."""
    with slack_like(folder, names, people=PEOPLE, latency=NO_LATENCY) as told:
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
                    ana.wait_for(lambda: ana.boot()["is_connected"], PATIENCE_S * 30)
                yield told["page"]
            finally:
                process.kill()


class Asking:
    """People who ask one after the other, each another question, in another channel."""

    def __init__(self, url: str, channels: Sequence[str], questions: Sequence[str]) -> None:
        """Prepare; they come with `with`."""
        self._url = url
        self._channels = channels
        self._questions = questions
        self._people: list[Person] = []
        self._number = 0
        self.unanswered = 0

    def __enter__(self) -> Self:
        """Let them come."""
        self._people = [Person(self._url, employee(number)) for number in range(PEOPLE)]
        return self

    def __exit__(self, *exception: object) -> None:
        """Let them go."""
        for person in self._people:
            person.close()

    def turn(self, into: list[str], seconds: float) -> None:
        """Ask for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            began = time.monotonic()
            ts = self._ask()
            into += [ts] if ts else []
            time.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))

    def _ask(self) -> str | None:
        number, self._number = self._number, self._number + 1
        person = self._people[number % PEOPLE]
        channel = self._channels[number % len(self._channels)]
        # Round after round somebody else asks a question.
        own = number + number // len(self._questions)
        ts = person.say(channel, self._questions[own % len(self._questions)])
        try:
            person.wait_for(lambda: person.thread(channel, ts)[1:], PATIENCE_S * 4)
        except TimeoutError:
            self.unanswered += 1
            return None
        return ts


def ask_beside(
    asking: Asking, settings: Settings, longest_s: float
) -> tuple[list[Pair], int | None]:
    """Ask until the run has ended, or for so long; gives how it ended."""
    asking.turn([], TURN_S)  # what is warmed up
    child = learn_apart(settings)
    switching = settings.model.with_name("learning") / "switch.json"
    started = time.monotonic()
    pairs: list[Pair] = []
    try:
        while child.poll() is None and time.monotonic() - started < longest_s:
            pair = Pair()
            first, second = (pair.beside, pair.usual)[:: 1 if len(pairs) % 2 else -1]
            for turn in (first, second):
                # What others wait for is done at the usual priority, and is not halted.
                is_halted = turn is pair.usual and not switching.exists()
                child.send_signal(signal.SIGSTOP if is_halted else signal.SIGCONT)
                before = worked_s(child.pid)
                asking.turn(turn, TURN_S)
                if turn is pair.beside:
                    pair.worked.append(worked_s(child.pid) - before)
            child.send_signal(signal.SIGCONT)
            pairs.append(pair)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        elif child.returncode:
            said = versions_of(settings).journal()[-1:]
            raise SystemExit(f"the run of learning ended with {child.returncode}: {said}")
    return pairs, child.poll()


def worked_s(process: int) -> float:
    """Give the seconds of a processor that a process has had; 0 where it has ended."""
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def tell(url: str, pairs: Sequence[Pair], ended: int | None, asking: Asking) -> None:
    """Print both kinds."""
    timed = [
        (_from_event_to_reply(url, pair.usual), _from_event_to_reply(url, pair.beside))
        for pair in pairs
        if min(len(pair.usual), len(pair.beside)) > 1
    ]
    usual, beside = ([each for pair in timed for each in pair[way]] for way in (0, 1))
    p95 = _p95(usual)
    quotients = [_p95(two) / _p95(one) for one, two in timed]
    low, high = _interval(quotients)
    worked = sum(sum(pair.worked) for pair in pairs) / (TURN_S * len(pairs))
    for name, some in (("halted", usual), ("goes on", beside)):
        sys.stdout.write(
            f"replies while learning {name}: {len(some)}, median {statistics.median(some):.1f}, "
            f"95th percentile {_p95(some):.1f} ms, longest {max(some):.0f}; later than {GOAL} "
            f"times the usual 95th percentile: {sum(each > GOAL * p95 for each in some)}\n"
        )
    medians = [statistics.median(two) / statistics.median(one) for one, two in timed]
    sys.stdout.write(
        f"median of the quotients of medians: {statistics.median(medians):.3f}\n"
        f"95th percentile of all, times usual: {_p95(beside) / p95:.2f}\n"
        f"median of {len(quotients)} pairs of turns: {statistics.median(quotients):.3f} "
        f"(95%: {low:.3f} to {high:.3f})\n"
        f"the run had {worked:.0%} of a processor while it went on\n"
        f"without a reply: {asking.unanswered}; the run ended with {ended}; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
    )
    record(
        "learning", "95th percentile of replies while it learns from 2,000 outcomes, times usual",
        statistics.median(quotients), goal="≤ 1.2", command=COMMAND,
    )  # fmt: skip


def _p95(milliseconds: Sequence[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]


def _interval(quotients: Sequence[float]) -> tuple[float, float]:
    """Draw pairs of turns with replacement; gives where the median lies, 95% sure."""
    draw = random.Random(SEED)
    medians = sorted(
        statistics.median(draw.choices(quotients, k=len(quotients))) for _ in range(DRAWS)
    )
    return medians[DRAWS // 40], medians[-DRAWS // 40]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--office", type=Path, help="build the office here, or find it built")
    parser.add_argument("--longest", type=float, default=1_800.0, help="at most so many seconds")
    given = parser.parse_args()
    main(given.office, given.longest)
