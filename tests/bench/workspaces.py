"""What each further workspace of one process costs: memory, threads, processor, and its start.

`python -m tests.bench.workspaces [NUMBER]`, by the real `frontline serve`; none of them has an
article yet.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from cryptography.fernet import Fernet

from bot.playground import Playground, Seed
from bot.playground.several import CLIENT_ID, CLIENT_SECRET, Several
from tests.scenarios.models import trained_model
from tests.scenarios.tenants import allowed_in

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY = 10
PATIENCE_S, QUIET_S = 180.0, 20.0
TICKS = os.sysconf("SC_CLK_TCK")
PORT = 8799
URL = f"http://127.0.0.1:{PORT}"


@dataclass(frozen=True)
class Cost:
    """What a process holds, and what it used of a processor so far."""

    megabytes: float
    threads: int
    seconds: float


def cost_of(process: subprocess.Popen[Any]) -> Cost:
    """Look at a process."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    told = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    used = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    seconds = (int(used[11]) + int(used[12])) / TICKS
    return Cost(int(told["VmRSS"].split()[0]) / 1024, int(told["Threads"]), seconds)


def wait_until_served(many: int) -> float:
    """Wait until so many desks are served; gives the seconds."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        try:
            with urllib.request.urlopen(f"{URL}/readyz", timeout=5) as answer:
                if json.load(answer)["workspaces_served"]["is"] == many:
                    return time.monotonic() - began
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"{many} desks are not served")


def seeds(many: int) -> list[Seed]:
    """So many workspaces."""
    seed = Seed.larkfield()
    return [
        replace(
            seed,
            team=replace(seed.team, id=f"T0BENCH{number:03d}", name=f"Bench {number}"),
            bot=replace(seed.bot, bot_token=f"xoxb-bench-{number}"),
        )
        for number in range(many)
    ]


def serve(folder: Path, slack: Several, key: str, secret: str) -> subprocess.Popen[Any]:
    """Start the real thing."""
    given = {
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "SLACK_SIGNING_SECRET": secret,
        "FRONTLINE_TOKENS_KEY": key,
        "SLACK_API_URL": slack.api_url,
    }
    command = [sys.executable, "-m", "bot", "serve", "--http", f"127.0.0.1:{PORT}"]
    with (folder / "log").open("a", encoding="utf-8") as log:
        return subprocess.Popen(
            command, cwd=folder, env={**os.environ, **given}, stdout=log, stderr=log
        )


def measure(folder: Path, workspaces: Sequence[Playground]) -> None:
    """Install the app in one, then in all; print what each costs."""
    slack, key = Several(workspaces).start(), Fernet.generate_key().decode()
    slack.redirect_url = f"{URL}/slack/oauth_redirect"
    homes = [each.seed.team.id for each in workspaces]
    (folder / "frontline.toml").write_text(
        f'database = "house.db"\n[classifier]\nmodel = "{trained_model(folder / "model")}"\n'
        f'[workspaces]\nfolder = "all"\nallow = {json.dumps(homes)}\n'
    )
    secret = workspaces[0].signing_secret
    process = serve(folder, slack, key, secret)
    wait_until_served(0)
    found: dict[int, tuple[Cost, float]] = {}
    for many in (1, len(homes)):
        for home in homes[0 if many == 1 else 1 : many]:
            allowed_in(URL, slack, home)
        wait_until_served(many)
        time.sleep(QUIET_S / 2)
        before = cost_of(process)
        time.sleep(QUIET_S)
        after = cost_of(process)
        found[many] = after, (after.seconds - before.seconds) / QUIET_S
        click.echo(
            f"{many} desks: {after.megabytes:.0f} MB, {after.threads} threads, "
            f"{1e3 * found[many][1]:.1f} ms of a processor a second while quiet"
        )
    process.terminate()
    process.wait(60)
    process = serve(folder, slack, key, secret)
    click.echo(f"a start of {len(homes)}: {wait_until_served(len(homes)):.1f} s")
    process.terminate()
    process.wait(60)
    slack.stop()
    (one, _), (all_of_them, _) = found[1], found[len(homes)]
    further = len(homes) - 1
    click.echo(
        f"each further desk: {(all_of_them.megabytes - one.megabytes) / further:.0f} MB, "
        f"{(all_of_them.threads - one.threads) / further:.0f} threads"
    )


def main() -> None:
    """Measure in a folder of its own."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        measure(folder, [stack.enter_context(Playground(seed)) for seed in seeds(many)])


if __name__ == "__main__":
    main()
