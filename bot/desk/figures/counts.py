"""What is counted of a period, before anything is judged of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.desk.figures.values import Place, Spread
from bot.desk.ids import TicketId, UserId
from bot.desk.learning import Precision, Share
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from bot.desk.figures.drafted import Drafted
    from bot.desk.figures.values import Period
    from bot.desk.learning import Gap
    from bot.desk.promises import Promise, Window

NO_SHARE, NO_SPREAD = Share(0, 0), Spread()
UNKNOWN = Precision(NO_SHARE, NO_SHARE, 0)

UNSET = ""
"""Stands for a priority that nobody set."""


class First(StrEnum):
    """What was done first with a request."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    ESCALATE = "escalate"
    COURTESY = "courtesy"


class Deflected(StrEnum):
    """What came of an article that was shown."""

    CONFIRMED = "confirmed"
    SILENT = "silent"
    ASKED_AGAIN = "asked again"
    CALLED = "people were called"


class Settler(StrEnum):
    """Who settled a request, as far as somebody did."""

    ARTICLE = "an article"
    L2 = "L2"
    L3 = "L3"


@dataclass(frozen=True)
class Count:
    """How many there are, and some of them, the latest first."""

    number: int = 0
    tickets: tuple[TicketId, ...] = ()


@dataclass(frozen=True)
class Part:
    """So many of so many, and some of the former, the latest first."""

    share: Share = NO_SHARE
    tickets: tuple[TicketId, ...] = ()


@dataclass(frozen=True)
class Timed:
    """How long it took, how often a promise was kept, and some of those it took longest."""

    spread: Spread = NO_SPREAD
    kept: Share = NO_SHARE
    tickets: tuple[TicketId, ...] = ()


@dataclass(frozen=True)
class Load:
    """What one person took, and how much of it outside the group's hours."""

    taken: int
    outside: int
    tickets: tuple[TicketId, ...] = ()


@dataclass(frozen=True)
class ArticleCount:
    """What came of one article."""

    shown: int
    settled: int
    failed: int
    tickets: tuple[TicketId, ...] = ()
    """Where it failed."""


@dataclass(frozen=True)
class Bin:
    """Answers of which the gate was about equally sure, and how many were right."""

    low: float
    high: float
    mean: float
    right: Share
    tickets: tuple[TicketId, ...] = ()
    """Some that were not right."""


Timing = tuple[Tier, str]
"""Of a tier, and of a priority or `UNSET`."""


@dataclass(frozen=True)
class Counted:
    """All that is counted of a period; restricted tickets are in nothing of it."""

    tickets: int = 0
    later: int = 0
    """Dated after the period's end: the clock was set meanwhile."""
    backwards: int = 0
    """Times that would be negative, since the clock was set meanwhile; they are left out."""
    by_day: Mapping[tuple[date, Tier], Count] = field(default_factory=dict)
    by_hour: Mapping[tuple[int, Tier], Count] = field(default_factory=dict)
    by_area: Mapping[tuple[str, Tier], Count] = field(default_factory=dict)
    first: Mapping[First, Part] = field(default_factory=dict)
    deflected: Mapping[Deflected, Part] = field(default_factory=dict)
    times: Mapping[Promise, Mapping[Timing, Timed]] = field(default_factory=dict)
    reopened: Mapping[Settler, Part] = field(default_factory=dict)
    lasting: Mapping[Settler, Part] = field(default_factory=dict)
    """Settled seven days ago or longer, and neither reopened nor asked again within these."""
    wrong_calls: Mapping[Tier, Part] = field(default_factory=dict)
    stars: Mapping[int, Count] = field(default_factory=dict)
    asked_for_stars: Share = NO_SHARE
    load: Mapping[tuple[str, UserId], Load] = field(default_factory=dict)
    articles: Mapping[str, ArticleCount] = field(default_factory=dict)
    certainty: Sequence[Bin] = ()
    precision: Precision = UNKNOWN
    found_wrong: tuple[TicketId, ...] = ()
    """Some answers that engineers found not right."""
    said_wrong: tuple[TicketId, ...] = ()
    """Some of which their requesters said that they did not help."""


class Figures(Protocol):
    """Counts what happened in a period."""

    def counted(
        self, period: Period, zone: ZoneInfo, hours: Mapping[str, Sequence[Window]]
    ) -> Counted:
        """Count it; `hours` are when each group was at its desks."""

    def places(self, tickets: Sequence[TicketId]) -> Mapping[TicketId, Place]:
        """Say where tickets are found; those that may not be shown are left out."""

    def gaps(self) -> tuple[Gap, ...]:
        """Give every gap with its questions."""

    def drafted(self, period: Period) -> Drafted:
        """Give the drafts that were made in a period, and what those published in it changed."""

    def kept(self) -> frozenset[str]:
        """Name the articles that not everybody may see."""
