"""Timers: what happens if nobody does anything until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import EscalationId, TicketId
    from bot.desk.promises.sla import Promise

TimerId = NewType("TimerId", int)


class TimerKind(StrEnum):
    """What is done when a timer falls due; the first five are the rungs of a ladder."""

    REMIND_ASSIGNEE = "remind assignee"
    REMIND_GROUP = "remind group"
    CALL_NEXT = "call next"
    CALL_LEAD = "call lead"
    MOVE_UP = "move up"
    NUDGE_REQUESTER = "nudge requester"
    CLOSE_SILENT = "close silent"
    DRAFT_WAITS = "draft waits"
    SNOOZE_OVER = "snooze over"


@dataclass(frozen=True)
class Timer:
    """A due time and what is done then.

    Its id is its token: a timer that was cancelled or has fired is no longer found, so a
    stale firing does nothing. `promise` is the promise whose ladder it is a rung of.
    """

    id: TimerId
    ticket: TicketId
    escalation: EscalationId | None
    kind: TimerKind
    due: datetime
    promise: Promise | None = None
    always: bool = False


@dataclass(frozen=True)
class Patience:
    """How long the desk waits for a requester's word."""

    nudge: timedelta = timedelta(days=1)
    """After so long without an answer to our question, ask again."""
    close_waiting: timedelta = timedelta(days=4)
    """After so long without an answer to our question, close as `no reply`."""
    close_answered: timedelta = timedelta(days=3)
    """After so long without a word on an article, close as `no reply`."""
    close_resolved: timedelta = timedelta(days=3)
    """After so long without a word on a resolution, close, unconfirmed."""
    draft: timedelta = timedelta(days=2)
    """After so long without a word on a draft, remind those who decide, once."""
