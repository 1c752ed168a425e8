"""Makes a report of a period from what is on record."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.desk.figures import Period, Sources, named, placed, report_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.figures import Figures, Report
    from bot.desk.oncall import Groups, ResolverGroup
    from bot.desk.promises import Window


def make_report(
    figures: Figures,
    since: datetime,
    until: datetime,
    groups: Groups,
    scrubbed: Callable[[str], str],
) -> Report:
    """Make the report of a period, on the clock of the first group."""
    first = next(iter(groups.usual), None)
    zone = first.hours.zone if first else ZoneInfo("UTC")
    period = Period(since.astimezone(zone), until.astimezone(zone), zone.key)
    hours = {group.name: _open(group, period) for group in groups.groups}
    counted = figures.counted(period, zone, hours)
    drafted = figures.drafted(period)
    sources = Sources(figures.gaps(), drafted, groups.usual, figures.kept(), scrubbed)
    report = report_of(counted, period, sources)
    return placed(report, figures.places(named(report)))


def _open(group: ResolverGroup, period: Period) -> tuple[Window, ...]:
    windows = group.hours.windows(period.since)
    return tuple(takewhile(lambda window: window.start < period.until, windows))
