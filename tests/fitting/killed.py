"""A run of learning that is killed at a step, as a process of its own.

`python -m tests.fitting.killed MADE FOLDER COUNT STEP`: on the desk in FOLDER, learning of COUNT.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.fitting.learning.running import learn
from tests.fitting.small_desk import lessons, set_up


def main(made: str, folder: str, count: str, step: str) -> None:
    """Learn, and die at the step."""

    def kill(reached: str) -> None:
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    setup = set_up(Path(made), Path(folder))
    later = replace(setup, now=setup.now + timedelta(seconds=1), reached=kill)
    learn(later, lessons(int(count)), dry_run=False, by_hand=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
