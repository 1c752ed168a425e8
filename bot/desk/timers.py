"""Timers: what must happen if nobody does anything until then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import EscalationId, TicketId

TimerId = NewType("TimerId", int)


class TimerKind(StrEnum):
    """What happens when a timer falls due."""

    REMIND_GROUP = "remind the group"
    CALL_NEXT = "call the next"
    GO_UP = "go up a tier"
    REMIND_ASSIGNEE = "remind the assignee"
    OVERDUE = "overdue"
    NUDGE_REQUESTER = "nudge the requester"
    CLOSE_SILENT = "close without a word"


@dataclass(frozen=True)
class Timer:
    """A due time and what it is about.

    `token` is the state that the timer was set for; a timer whose token is no longer its
    subject's is stale, and its firing does nothing.
    """

    id: TimerId
    ticket: TicketId
    escalation: EscalationId | None
    kind: TimerKind
    due: datetime
    token: str


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: what is done, and when."""

    kind: TimerKind
    due: datetime


def last_due(rungs: tuple[Rung, ...], now: datetime) -> Rung | None:
    """Of the rungs that fell due, the last: after a night's outage the others are moot."""
    fallen = [rung for rung in rungs if rung.due <= now]
    return max(fallen, key=lambda rung: rung.due, default=None)
