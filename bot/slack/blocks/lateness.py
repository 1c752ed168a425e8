"""What could not be said in time is said as late: when it was asked, and why it comes now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.asking import Answer, Clarify, Courtesy
from bot.desk.tickets import Apology, Card, Passed
from bot.slack.blocks.parts import context, when
from bot.slack.limits import BLOCKS_A_MESSAGE
from bot.slack.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.notices import Notice
    from bot.slack.blocks.parts import Rendered


DATED = Answer | Clarify | Courtesy | Passed
"""What says itself when it was asked, where Frontline was away."""


def said_when_asked(shown: Rendered, asked_at: datetime) -> Rendered:
    """Put a line on top that says what an answer that comes late answers to."""
    at = when(asked_at)
    line = _("I was away for a while; this is to what you asked at {time}.").format(time=at)
    return _topped(shown, line, _("(asked at {time})").format(time=at))


def said_late(shown: Rendered, notice: Notice, since: datetime) -> Rendered:
    """Put a line on top that says since when a message waited for Slack, unless it says so."""
    if isinstance(notice, DATED) and notice.asked_at is not None:
        return shown
    at = when(since)
    if isinstance(notice, Answer | Clarify | Courtesy | Passed | Apology):
        line = _("Asked at {time}, and answered late: Slack could not be reached before.")
    elif isinstance(notice, Card):
        line = "Called at {time}, and shown late: Slack could not be reached before."
    else:
        line = _("From {time}, and said late: Slack could not be reached before.")
    line = line.format(time=at)
    return _topped(shown, f":hourglass: {line}", line)


def _topped(shown: Rendered, line: str, short: str) -> Rendered:
    blocks = [context(line), *shown.blocks]
    return replace(shown, text=f"{short} {shown.text}", blocks=blocks[:BLOCKS_A_MESSAGE])
