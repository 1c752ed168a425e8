"""What every use case has at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.oncall import NoRotas
from bot.desk.precedents import IncidentPolicy
from bot.desk.timers import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desk.groups import Groups
    from bot.desk.ids import ChannelId
    from bot.desk.ports import Clock, Directory, Rotas, UnitOfWork
    from bot.service.triaging import Triager


class ChannelMode(StrEnum):
    """Which messages of a channel are Frontline's business."""

    MENTION = "mention"
    QUESTIONS = "questions"
    ALL = "all"


def utc_now() -> datetime:
    """Give the time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """The means of the desk: its store, its judgement, its people."""

    unit_of_work: Callable[[], UnitOfWork]
    triager: Triager
    directory: Directory
    groups: Groups
    modes: Mapping[str, ChannelMode]
    clock: Clock = utc_now
    patience: Patience = field(default_factory=Patience)
    incidents: IncidentPolicy = field(default_factory=IncidentPolicy)
    rotas: Rotas = field(default_factory=NoRotas)

    def mode_of(self, channel: ChannelId) -> ChannelMode:
        """Tell a channel's mode; a channel that is not configured answers to mentions only."""
        for name, mode in self.modes.items():
            if channel in {name, self.directory.channel_id(name)}:
                return mode
        return ChannelMode.MENTION
