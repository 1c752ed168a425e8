"""What the running bot does in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.settings.settings import Settings


def learn_apart(settings: Settings) -> subprocess.Popen[bytes]:
    """Begin a run of learning in a process of its own; it gives way by itself."""
    kept = {name: value for name, value in _without_slack().items() if "TOKEN" not in name}
    return _apart(settings, ["learn", "--nightly"], kept)


def bring_in_apart(settings: Settings, names: Sequence[str]) -> subprocess.Popen[bytes]:
    """Begin to bring in live sources in a process of its own, which knows no token of Slack."""
    chosen = [part for name in names for part in ("--source", name)]
    return _apart(settings, ["kb", "sync", "--gently", *chosen], _without_slack())


def _without_slack() -> dict[str, str]:
    """Give the environment without Slack's tokens and its signing secret."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SLACK_") and name != "FRONTLINE_TOKENS_KEY"
    }


def _apart(
    settings: Settings, command: Sequence[str], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    config = ["--config", str(settings.config.absolute())] if settings.config is not None else []
    # Not as an argument, which others see: an address may hold a password.
    address = settings.server.get_secret_value() if settings.server else None
    database = address or str(settings.db.absolute())
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", *config, *command],
        cwd=settings.root,
        env={**environment, "OMP_NUM_THREADS": "1", "FRONTLINE_DB": database},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A session of its own, so that what it is given is not taken from the bot's share.
        start_new_session=True,
    )
