"""The worker: drains the inbox, relays the outbox, fires timers and alarms, keeps Homes."""

from bot.worker.alarms import AlarmTeller, Webhook
from bot.worker.homes import HomeKeeper
from bot.worker.inbox import InboxWorker
from bot.worker.outbox import OutboxRelay
from bot.worker.retention import RetentionKeeper
from bot.worker.rotas import RotaKeeper
from bot.worker.threads import Worker
from bot.worker.timers import TimerRunner

__all__ = [
    "AlarmTeller",
    "HomeKeeper",
    "InboxWorker",
    "OutboxRelay",
    "RetentionKeeper",
    "RotaKeeper",
    "TimerRunner",
    "Webhook",
    "Worker",
]
