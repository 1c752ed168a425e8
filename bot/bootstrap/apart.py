"""What the running bot does in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings.settings import Settings


def learn_apart(settings: Settings) -> subprocess.Popen[bytes]:
    """Begin a run of learning in a process of its own; it gives way by itself."""
    config = ["--config", str(settings.config)] if settings.config is not None else []
    command = [sys.executable, "-m", "bot", *config, "--db", str(settings.db), "learn", "--nightly"]
    kept = {name: value for name, value in os.environ.items() if "TOKEN" not in name}
    return subprocess.Popen(  # noqa: S603 - our own command
        command,
        env={**kept, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
