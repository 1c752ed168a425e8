"""Turns: the writers of one process go one after the other."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_TIMEOUT_MS = 5_000

_turns: dict[Path, threading.Lock] = {}


@contextmanager
def turn_to_write(path: Path) -> Iterator[None]:
    """Let the writers of this process go one after the other.

    SQLite alone lets them sleep and try again, for longer and longer: of many, some never get
    on. Whoever waits too long tries it with SQLite's own patience, and its own error.
    """
    turn = _turns.setdefault(path, threading.Lock())
    is_ours = turn.acquire(timeout=BUSY_TIMEOUT_MS / 1e3)
    try:
        yield
    finally:
        if is_ours:
            turn.release()
