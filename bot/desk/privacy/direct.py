"""What is said to Frontline directly is quoted to nobody but those who handle it."""

from __future__ import annotations

DIRECT_CHANNEL = "D"
"""Begins the id of a conversation that one person has with Frontline."""

UNQUOTED = "(asked in a direct message)"
"""Stands where the words of such a message would."""


def is_direct(channel: str) -> bool:
    """Tell whether a conversation is between one person and Frontline."""
    return channel.startswith(DIRECT_CHANNEL)
