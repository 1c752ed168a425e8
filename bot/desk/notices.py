"""What the desk says to people, as values; how it looks is decided at the edge."""

from __future__ import annotations

from bot.desk.asking.notices import Answer, Clarify, Courtesy, Thanked
from bot.desk.asking.walking import Walk
from bot.desk.oncall.notices import OnCallNotice
from bot.desk.tickets.cards import Card, Handoff, Reminder, ThreadNote
from bot.desk.tickets.notices import (
    Apology,
    Linked,
    Passed,
    Progress,
    Refusal,
    Relayed,
    Seen,
    Settled,
)
from bot.desk.views.notices import PlaceNotice

Notice = (
    Answer
    | Clarify
    | Courtesy
    | Passed
    | Progress
    | Settled
    | Thanked
    | Card
    | Handoff
    | Walk
    | ThreadNote
    | Reminder
    | Refusal
    | Seen
    | Apology
    | OnCallNotice
    | PlaceNotice
    | Relayed
    | Linked
)
