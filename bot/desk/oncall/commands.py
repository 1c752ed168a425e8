"""What people do about who is on call."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.addresses import Spot
from bot.desk.oncall.shifts import Proposal


@dataclass(frozen=True)
class AskOnCall:
    """`/oncall`, and what was written behind it."""

    at: Spot
    text: str


@dataclass(frozen=True)
class ConfirmOnCall:
    """*Confirm* or *Leave it* under a proposal of `/oncall`."""

    at: Spot
    proposal: Proposal
    agreed: bool = True


OnCallCommand = AskOnCall | ConfirmOnCall
"""What people do about who is on call."""
