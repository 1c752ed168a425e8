"""`frontline serve` as a process of its own against a local workspace, to be ill-treated."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.beyond.receiving import receiver
from tests.faults.test_serve_killed import CONFIGURATION
from tests.scenarios.models import ARTICLES, ROOT, real_triager, small_model
from tests.scenarios.office import Office

if TYPE_CHECKING:
    from pathlib import Path

START_S = 90.0
ADMIN = '\n[desk]\nadmins = ["U0SAM00001"]\nalarm_webhook_env = "CHAOS_ALARM"\n'


class Served:
    """The workspace, and the bot as an admin runs it: started, killed, started again."""

    def __init__(self, folder: Path) -> None:
        """Open the workspace; train a small model, load a few articles."""
        self.folder = folder
        self._receiving = receiver()
        self._pager = self._receiving.__enter__()
        self.office = Office(folder)
        self.office.open()
        model = small_model(folder, each=60)
        self._configure(str(ROOT), str(model))
        settings = self.office.settings
        settings.model = model
        real_triager(settings, *sorted(ARTICLES.glob("laptop-*.md")))
        self.process: subprocess.Popen[bytes] | None = None
        self.kills = self.kills_while_starting = 0
        self._is_up = False
        self.starts: list[float] = []
        self._log = (folder / "serve.log").open("ab")

    def _configure(self, root: str, model: str) -> None:
        text = CONFIGURATION.format(root=root, model=model) + ADMIN
        (self.folder / "frontline.toml").write_text(text, encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """What the process is told."""
        playground = self.office.playground
        return {
            **os.environ,
            "CHAOS_ALARM": self._pager.url,
            "SLACK_API_URL": playground.api_url,
            "SLACK_BOT_TOKEN": playground.bot_token,
            "SLACK_APP_TOKEN": playground.app_token,
            "FRONTLINE_DB": str(self.office.settings.db),
            "FRONTLINE_CONFIG": str(self.folder / "frontline.toml"),
        }

    @property
    def alarms(self) -> list[str]:
        """What the admin was told by the webhook, in order."""
        return [str(got.body["text"]) for got in list(self._pager.got)]

    def command(self, *arguments: str, timeout: float = START_S) -> tuple[int, str]:
        """Run a command beside the bot; gives how it ended and what it said."""
        done = subprocess.run(  # noqa: PLW1510 - how it ends is what is looked at
            [sys.executable, "-m", "bot", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        return done.returncode, done.stderr

    def start(self, *, wait: bool = True) -> None:
        """Start the bot, and wait until it is connected."""
        begun = time.monotonic()
        command = [sys.executable, "-m", "bot", "serve"]
        self.process = subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=self._log, stderr=self._log
        )
        self._is_up = wait
        if wait:
            self.office.ana.wait_for(lambda: self.office.ana.boot()["is_connected"], START_S)
            self.starts.append(time.monotonic() - begun)

    def kill(self) -> None:
        """Kill the bot with signal 9, which nothing can catch."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.kills += 1
            self.kills_while_starting += not self._is_up
        self.process = None

    def a_start(self) -> float:
        """Give the seconds that the last start took."""
        return self.starts[-1] if self.starts else 3.0

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def close(self) -> None:
        """End everything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
        self._log.close()
        self.office.close()
        self._receiving.__exit__(None, None, None)
