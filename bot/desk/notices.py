"""What the desk says to people, as values; how it looks is decided at the edge."""

from __future__ import annotations

from bot.desk.asking import (
    Answer,
    Besides,
    Clarify,
    Courtesy,
    FirstWords,
    RouteQuestion,
    StepHelp,
    Thanked,
    Walk,
)
from bot.desk.beyond import Outgoing
from bot.desk.figures import FiguresNotice
from bot.desk.incidents import IncidentNotice
from bot.desk.learning import LearningNotice
from bot.desk.oncall import OnCallNotice
from bot.desk.privacy import PrivacyNotice
from bot.desk.tickets import (
    Apology,
    Card,
    Handoff,
    Linked,
    Passed,
    Progress,
    Refusal,
    Relayed,
    Reminder,
    Requeued,
    Seen,
    Settled,
    ThreadNote,
)
from bot.desk.views import PlaceNotice

Notice = (
    Answer
    | Clarify
    | Courtesy
    | FirstWords
    | RouteQuestion
    | StepHelp
    | Besides
    | Passed
    | Progress
    | Settled
    | Thanked
    | Card
    | Handoff
    | Walk
    | ThreadNote
    | Reminder
    | Requeued
    | Refusal
    | Seen
    | Apology
    | OnCallNotice
    | PlaceNotice
    | PrivacyNotice
    | LearningNotice
    | FiguresNotice
    | Relayed
    | Linked
    | IncidentNotice
)

Written = Notice | Outgoing
"""What is written to the outbox: notices go to Slack, the rest beyond it."""
