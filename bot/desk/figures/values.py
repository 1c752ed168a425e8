"""What a report is made of: panels of rows, each value with how many it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId, ticket_name
from bot.desk.learning import Share

if TYPE_CHECKING:
    from collections.abc import Mapping

FEW = 5
"""Of fewer than these, no spread and no mean is said: it would be chance."""
EXAMPLES = 5
KEPT = "an article that not everybody may see"


@dataclass(frozen=True)
class Spread:
    """How long something took: half were done by the median, nine of ten by `ninety`."""

    of: int = 0
    median: timedelta | None = None
    ninety: timedelta | None = None


@dataclass(frozen=True)
class Mean:
    """A mean, with the interval in which the true one lies 95 times in 100."""

    of: int
    value: float
    low: float
    high: float


Value = int | float | str | Share | Spread | Mean | timedelta | None


class Chart(StrEnum):
    """How a panel is drawn."""

    NONE = "none"
    STACKED = "stacked columns"
    LYING = "stacked bars"
    SHARES = "shares with intervals"
    TIMES = "times"
    CERTAINTY = "certainty against truth"
    BARS = "bars"


@dataclass(frozen=True)
class Column:
    """One column of a panel: its name for programs, and for people."""

    key: str
    title: str


@dataclass(frozen=True)
class Row:
    """One line of a panel, and some of the tickets behind it, the latest first."""

    label: str
    values: tuple[Value, ...]
    tickets: tuple[TicketId, ...] = ()


@dataclass(frozen=True)
class Panel:
    """One figure: what it is in one line, its rows, and how it is drawn."""

    key: str
    title: str
    definition: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    chart: Chart = Chart.NONE
    note: str = ""
    """What a reader has to know: what is missing, or too little to tell."""
    warning: str = ""
    """What an admin should look into."""

    def column(self, key: str) -> int:
        """Give the place of a column."""
        return [each.key for each in self.columns].index(key)


@dataclass(frozen=True)
class Place:
    """Where a ticket that stands for others is found; without a link where others cannot go."""

    ticket: TicketId
    asked_at: datetime
    link: str | None = None
    direct: bool = False

    @property
    def name(self) -> str:
        """The ticket's number as people say it."""
        return ticket_name(self.ticket)


@dataclass(frozen=True)
class Period:
    """From when to when, and on whose clock hours and days are told."""

    since: datetime
    until: datetime
    zone: str = "UTC"

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since


@dataclass(frozen=True)
class Report:
    """All figures of a period."""

    period: Period
    panels: tuple[Panel, ...]
    tickets: int = 0
    notes: tuple[str, ...] = ()
    places: Mapping[TicketId, Place] = field(default_factory=dict)

    def panel(self, key: str) -> Panel:
        """Find a panel by its name for programs."""
        return next(each for each in self.panels if each.key == key)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What an admin should look into."""
        return tuple(each.warning for each in self.panels if each.warning)
