"""Threads say whose they are: what a desk's thread begins works for the same workspace."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from structlog.contextvars import bind_contextvars, get_contextvars

if TYPE_CHECKING:
    from collections.abc import Callable

WORKSPACE = "workspace"
"""By this name each line of the log says it."""

_begin = threading.Thread.start


def say_whose() -> None:
    """From now on a thread that is begun works for the workspace that its beginner works for.

    Libraries begin threads too, and what they log is as much of one workspace as our own lines.
    """
    threading.Thread.start = _start  # type: ignore[method-assign, assignment]


def _start(thread: threading.Thread) -> None:
    home = get_contextvars().get(WORKSPACE)
    if home is not None:
        thread.run = partial(_run_for, home, thread.run)  # type: ignore[method-assign]
    _begin(thread)


def _run_for(home: str, run: Callable[[], None]) -> None:
    bind_contextvars(**{WORKSPACE: home})
    run()
