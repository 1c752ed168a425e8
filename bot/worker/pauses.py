"""How long to wait before trying again."""

from __future__ import annotations

from datetime import timedelta

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
"""After an outage of days, what waits goes out within a minute of its end."""

MOST_DOUBLINGS = 20


def pause_after(attempts: int) -> timedelta:
    """Give the pause before the next attempt: doubling, up to a minute."""
    doubled = FIRST_PAUSE_S * 2.0 ** min(attempts - 1, MOST_DOUBLINGS)
    return timedelta(seconds=min(doubled, LONGEST_PAUSE_S))
