"""How long to wait before trying again."""

from __future__ import annotations

from datetime import timedelta

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0


def pause_after(attempts: int) -> timedelta:
    """Give the pause before the next attempt: doubling, up to five minutes."""
    return timedelta(seconds=min(FIRST_PAUSE_S * 2 ** (attempts - 1), LONGEST_PAUSE_S))
