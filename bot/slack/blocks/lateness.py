"""What could not be said in time is said as late: when it was asked, and why it comes now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.asking import Answer, Clarify, Courtesy
from bot.desk.tickets import Apology, Card, Passed
from bot.slack.blocks.parts import context, when
from bot.slack.limits import BLOCKS_A_MESSAGE

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.notices import Notice
    from bot.slack.blocks.parts import Rendered


def said_late(shown: Rendered, notice: Notice, since: datetime) -> Rendered:
    """Put a line on top that says since when a message waited for Slack."""
    at = when(since)
    if isinstance(notice, Answer | Clarify | Courtesy | Passed | Apology):
        line = f"Asked at {at}, and answered late: Slack could not be reached before."
    elif isinstance(notice, Card):
        line = f"Called at {at}, and shown late: Slack could not be reached before."
    else:
        line = f"From {at}, and said late: Slack could not be reached before."
    blocks = [context(f":hourglass: {line}"), *shown.blocks]
    return replace(shown, text=f"{line} {shown.text}", blocks=blocks[:BLOCKS_A_MESSAGE])
