"""What is promised and when it runs out: support hours, priorities, timers."""

from bot.desk.promises.hours import DAYS, WHOLE_DAY, Span, SupportHours, Window, instant
from bot.desk.promises.jumps import AWAY, Jump, is_steady, judge
from bot.desk.promises.sla import (
    DEFAULT_LADDER,
    DEFAULT_TARGETS,
    SUPPORT_DAY,
    Countdown,
    Impact,
    Priority,
    Promise,
    RungKind,
    SlaPolicy,
    SlaTargets,
    Urgency,
    climb,
    deadline,
    deadlines,
    priority_of,
)
from bot.desk.promises.timers import Patience, Timer, TimerId, TimerKind

__all__ = [
    "AWAY",
    "DAYS",
    "DEFAULT_LADDER",
    "DEFAULT_TARGETS",
    "SUPPORT_DAY",
    "WHOLE_DAY",
    "Countdown",
    "Impact",
    "Jump",
    "Patience",
    "Priority",
    "Promise",
    "RungKind",
    "SlaPolicy",
    "SlaTargets",
    "Span",
    "SupportHours",
    "Timer",
    "TimerId",
    "TimerKind",
    "Urgency",
    "Window",
    "climb",
    "deadline",
    "deadlines",
    "instant",
    "is_steady",
    "judge",
    "priority_of",
]
