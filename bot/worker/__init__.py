"""The worker: drains inbox, relays outbox, fires timers and alarms, watches clock and line."""

from bot.worker.alarms import AlarmTeller, Webhook
from bot.worker.attendant import Attendant
from bot.worker.catching_up import CatchUp
from bot.worker.homes import HomeKeeper
from bot.worker.inbox import InboxWorker
from bot.worker.listening import Ear, Listening
from bot.worker.outbox import OutboxRelay
from bot.worker.retention import RetentionKeeper
from bot.worker.rotas import RotaKeeper
from bot.worker.threads import Worker
from bot.worker.timers import TimerRunner
from bot.worker.watching import Clocks, ClockWatch

__all__ = [
    "AlarmTeller",
    "Attendant",
    "CatchUp",
    "ClockWatch",
    "Clocks",
    "Ear",
    "HomeKeeper",
    "InboxWorker",
    "Listening",
    "OutboxRelay",
    "RetentionKeeper",
    "RotaKeeper",
    "TimerRunner",
    "Webhook",
    "Worker",
]
