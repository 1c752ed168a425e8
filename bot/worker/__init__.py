"""The worker: drains inbox, relays outbox, fires timers and alarms, watches clock and line."""

from bot.worker.alarms import AlarmTeller
from bot.worker.attending.attendant import Attendant
from bot.worker.attending.catching_up import CatchUp
from bot.worker.attending.listening import Ear, Listening
from bot.worker.attending.storing import Slips, StorageAlarm
from bot.worker.attending.watching import Clocks, ClockWatch
from bot.worker.beyond import BeyondRelay
from bot.worker.hearing import Hearing
from bot.worker.homes import HomeKeeper
from bot.worker.inbox import InboxWorker
from bot.worker.outbox import OutboxRelay
from bot.worker.rotas import RotaKeeper
from bot.worker.slowly.acquainting import PeopleKeeper
from bot.worker.slowly.articles import ArticleKeeper
from bot.worker.slowly.learning import LearningKeeper
from bot.worker.slowly.night import Night
from bot.worker.slowly.reporting import ReportKeeper
from bot.worker.slowly.retention import RetentionKeeper
from bot.worker.slowly.sources import SourceKeeper
from bot.worker.threads import AT_ONCE, Turns, Worker
from bot.worker.timers import TimerRunner

__all__ = [
    "AT_ONCE",
    "AlarmTeller",
    "ArticleKeeper",
    "Attendant",
    "BeyondRelay",
    "CatchUp",
    "ClockWatch",
    "Clocks",
    "Ear",
    "Hearing",
    "HomeKeeper",
    "InboxWorker",
    "LearningKeeper",
    "Listening",
    "Night",
    "OutboxRelay",
    "PeopleKeeper",
    "ReportKeeper",
    "RetentionKeeper",
    "RotaKeeper",
    "Slips",
    "SourceKeeper",
    "StorageAlarm",
    "TimerRunner",
    "Turns",
    "Worker",
]
