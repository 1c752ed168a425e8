"""What is played beside `serve`, on clocks that can be turned or on years of history."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.scenarios.models import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 1_200.0
MOST_IDLE = 0.01
MOST_SLOWER = 1.5
"""The goal is 1.2; above it no more than said, up to here, as others may use the machine."""
CHECKS = re.compile(r"(\d+) (passed|failed|error|skipped)")


@dataclass(frozen=True)
class Part:
    """A row of the table: the command that measures it, and how its output reads."""

    what: str
    goal: str
    command: tuple[str, ...]
    read: Callable[[str], tuple[str, bool]]
    is_timed: bool = False
    """Whether it goes by the clock of this machine, which others may use as well."""

    def play(self) -> tuple[str, bool]:
        """Run it; gives what was measured, and whether that is good."""
        try:
            done = subprocess.run(  # noqa: PLW1510 - how it ends is what is looked at
                [sys.executable, "-m", *self.command],
                cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True, text=True, timeout=PATIENCE_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"not done within {PATIENCE_S:.0f} s", False
        measured, good = self.read(done.stdout)
        if not good or done.returncode:
            sys.stderr.write(f"{done.stdout[-3_000:]}\n{done.stderr[-3_000:]}\n")
        return measured, good


def checks(said: str) -> tuple[str, bool]:
    """Read what pytest says at its end."""
    last = said.strip().splitlines()[-1] if said.strip() else ""
    counts = {word: int(count) for count, word in CHECKS.findall(last)}
    passed = counts.get("passed", 0)
    ran = passed + counts.get("failed", 0) + counts.get("error", 0)
    return f"{passed} of {ran} checks", 0 < passed == ran


def canaries(said: str) -> tuple[str, bool]:
    """Read the table of the payload fuzz."""
    answered = re.search(r"canaries answered: (\d+) of (\d+)", said)
    out = re.search(r"exceptions out: (\d+); unacknowledged: (\d+)", said)
    if answered is None or out is None:
        return "it broke off", False
    good = answered[1] == answered[2] and out.groups() == ("0", "0")
    return f"{answered[1]} of {answered[2]}; {out[1]}", good


def history(said: str) -> tuple[str, bool]:
    """Read the first half of the table: what was settled lies where it belongs."""
    idle = re.search(r"idle: ([\d.]+)%", said)
    answer = re.search(r"question to answer: .*?([\d.]+) times", said)
    if idle is None or answer is None:
        return "it broke off", False
    good = float(idle[1]) / 100 <= MOST_IDLE and float(answer[1]) <= MOST_SLOWER
    return f"{idle[1]}%; {answer[1]} times", good


def pytest(*where: str) -> tuple[str, ...]:
    """Run tests wherever they are marked as rare."""
    return ("pytest", "-m", "", "--no-header", "-p", "no:cacheprovider", *where)


def parts(seed: int, *, payloads: int, events: int) -> tuple[Part, ...]:
    """Give all of them, so large."""
    refused = "tests/worker/test_refused.py"
    return (
        Part(
            "each error about us for 1 min, 1 h, 2 days (turned clock): all, in order",
            "all",
            pytest(refused, "-k", "arrives_in_order or missing_scope or held_is_tried"),
            checks,
        ),
        Part(
            "meanwhile a P1 is heard within 1 min by another way (turned clock)",
            "all",
            pytest(refused, "-k", "first_priority or by_another_way"),
            checks,
        ),
        Part(
            "500s for 6 h; 429s for 1 h (turned clock): none lost",
            "all",
            pytest(refused, "-k", "hours_of_failures or obeyed_wish or waited_for_hours"),
            checks,
        ),
        Part(
            f"{payloads:,} malformed payloads: canaries answered; exceptions out",
            "all; 0",
            ("tests.faults.payload_fuzz", "--payloads", str(payloads), "--seed", str(seed)),
            canaries,
        ),
        Part(
            f"{events:,} events and {events // 2:,} tickets on record: idle; question to answer",
            "1%; 1.2 times empty",
            ("tests.bench.desk_history", "--events", str(events), "--tickets", str(events // 2),
             "--idle", "10", "--settled"),
            history,
            is_timed=True,
        ),
        Part(
            "250 escalations wait for one channel: another's answer within 1 s",
            "all",
            pytest("tests/worker/test_senders.py"),
            checks,
        ),
        Part(
            "clock jumps (hour back, 3 min and 30 days ahead, DST): nobody mute, nothing twice",
            "all",
            pytest(
                "tests/worker/test_clock_watch.py",
                "tests/faults/test_clock_jumps.py",
                "tests/faults/test_serve_clock.py",
            ),
            checks,
        ),
        Part(
            "hostile texts and files: none stalls, crashes or leaks",
            "all",
            pytest("tests/hostile/test_readers_of_text.py", "tests/kb/sources/test_bombs.py"),
            checks,
        ),
    )  # fmt: skip
