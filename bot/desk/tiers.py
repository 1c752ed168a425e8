"""The tiers of the desk: Frontline itself, specialists, engineers."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """Who settles a request."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"

    @property
    def rank(self) -> int:
        """The tier's place in the order of escalation, from 1."""
        return int(self.value[1])
