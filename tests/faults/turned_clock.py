"""`frontline serve` on a machine whose clock is set: by how much stands in a file.

`python -m tests.faults.turned_clock FILE serve` is the bot's own command; whatever of it asks for
the wall clock is told that many seconds more. The monotonic clock goes on, as a machine's does.
"""

from __future__ import annotations

import runpy
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from bot.beyond import calling
from bot.live import asking
from bot.service import context
from bot.slack import canary, history
from bot.slack.installing import rotating
from bot.store import health
from bot.store.figures import figures
from bot.store.postgresql import clock

ASKING = (context, history, canary, health, figures, calling, asking, rotating, clock)
"""The modules that look at the clock themselves; `tests/faults/test_serve_clock.py` finds them."""


def turn(by: Path) -> None:
    """Let the wall clock show what a file says from now on, whenever it changes."""

    class Turned(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=float(by.read_text() or 0))

    for module in ASKING:
        module.datetime = Turned  # type: ignore[attr-defined]


if __name__ == "__main__":
    turn(Path(sys.argv[1]))
    sys.argv = ["frontline", *sys.argv[2:]]
    runpy.run_module("bot", run_name="__main__")
