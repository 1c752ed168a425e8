"""The states that Slack brings back with an installation: each serves once, for a short time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.store.codec import stamp
from bot.store.database import transaction

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.ports.time import Clock

SERVES = timedelta(minutes=10)
MOST = 1_000
"""Whoever reloads the page for ever pushes out only what is oldest."""


class States:
    """As slack_sdk's `OAuthStateStore`; whoever brings a state a second time is refused."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Work on a database."""
        self._path = path
        self._clock = clock

    def issue(self, *_: object, **__: object) -> str:
        """Make a state that nobody can guess."""
        state, now = secrets.token_urlsafe(32), self._clock()
        with transaction(self._path) as db:
            db.execute("DELETE FROM install_states WHERE until <= ?", [stamp(now)])
            db.execute(
                "DELETE FROM install_states WHERE state NOT IN "
                "(SELECT state FROM install_states ORDER BY until DESC LIMIT ?)",
                [MOST - 1],
            )
            db.execute("INSERT INTO install_states VALUES (?, ?)", [state, stamp(now + SERVES)])
        return state

    def consume(self, state: str) -> bool:
        """Take a state back: True once, and not after its time."""
        with transaction(self._path) as db:
            done = db.execute(
                "DELETE FROM install_states WHERE state = ? AND until > ?",
                [state, stamp(self._clock())],
            )
            return bool(done.rowcount)
