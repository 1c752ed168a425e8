"""How long people's words are kept, by kind; figures are kept for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Keeping:
    """So long each kind is kept after it was written, or after its ticket ended."""

    messages: timedelta = timedelta(days=400)
    """What was said, and what Frontline said, message by message."""
    conversations: timedelta = timedelta(days=400)
    """All other words of a ticket that ended: its question, findings, cause and fix, remarks."""
    inbox: timedelta = timedelta(days=30)
    """What Slack delivered."""
    audit: timedelta = timedelta(days=1_000)
    """Who did what."""
