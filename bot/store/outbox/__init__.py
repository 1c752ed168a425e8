"""The outbox: what is to be said, written with the state that it speaks of, sent once."""

from bot.store.outbox.alarms import AlarmRow, AlarmRows, Alarms
from bot.store.outbox.claims import Outbox
from bot.store.outbox.letters import DeadLetters, Letter, Letters
from bot.store.outbox.rows import NOTHING_RESTS, OutboxRow, OutboxRows, Resting
from bot.store.outbox.stops import Stopped, Stops

__all__ = [
    "NOTHING_RESTS",
    "AlarmRow",
    "AlarmRows",
    "Alarms",
    "DeadLetters",
    "Letter",
    "Letters",
    "Outbox",
    "OutboxRow",
    "OutboxRows",
    "Resting",
    "Stopped",
    "Stops",
]
