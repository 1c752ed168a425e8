"""A workspace as slow and as strict as Slack, in a process of its own: what benches measure in.

Latency and rate limits are on unless a bench says otherwise.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.playground import Seed
from bot.playground.faults.latency import MEDIAN_S, P99_S
from bot.playground.state.seed import ChannelSeed, PersonSeed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
AS_SLACK = f"{MEDIAN_S},{P99_S}"
ANA, BOT = "U0ANA00001", "U0FRONT001"
TOLD = {"page", "SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}


def employee(number: int) -> str:
    """Give the id of one of many who ask: each is somebody whom Frontline has to know."""
    return f"U0EMP{number:05}"


@contextmanager
def slack_like(
    folder: Path, channels: Sequence[str], *, people: int = 0, latency: str = AS_SLACK
) -> Iterator[dict[str, str]]:
    """Open the workspace, with the bot in each channel; gives what it prints."""
    seed = Seed.larkfield()
    many = [PersonSeed(employee(n), f"employee{n}", f"Employee {n}") for n in range(people)]
    each = (ANA, BOT, *(person.id for person in many))
    here = [ChannelSeed(f"C0DESK{n:04}", name, each) for n, name in enumerate(channels)]
    seed = replace(seed, people=(*seed.people, *many), channels=(*seed.channels, *here))
    file = folder / "seed.json"
    file.write_text(json.dumps(asdict(seed)))
    command = [sys.executable, "-m", "bot.playground", "--port", "0", "--seed", str(file)]
    with subprocess.Popen(
        [*command, "--limits", "--latency", latency], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        told: dict[str, str] = {}
        for line in process.stdout or ():
            name, _, value = line.strip().partition(" ")
            told[name] = value.strip()
            if told.keys() >= TOLD:
                break
        try:
            yield told
        finally:
            process.kill()
