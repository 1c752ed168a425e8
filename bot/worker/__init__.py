"""The worker: drains the inbox, relays the outbox, fires timers, keeps Homes true."""

from bot.worker.homes import HomeKeeper
from bot.worker.inbox import InboxWorker
from bot.worker.outbox import OutboxRelay
from bot.worker.retention import RetentionKeeper
from bot.worker.rotas import RotaKeeper
from bot.worker.threads import Worker
from bot.worker.timers import TimerRunner

__all__ = [
    "HomeKeeper",
    "InboxWorker",
    "OutboxRelay",
    "RetentionKeeper",
    "RotaKeeper",
    "TimerRunner",
    "Worker",
]
