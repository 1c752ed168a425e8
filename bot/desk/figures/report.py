"""All figures of a period, in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.desk.figures.drafted import Drafted, drafts, effect
from bot.desk.figures.endings import (
    deflection,
    first_steps,
    lasting,
    ratings,
    reopened,
    wrong_calls,
)
from bot.desk.figures.knowledge import articles, certainty, gaps, precision
from bot.desk.figures.promised import load, times
from bot.desk.figures.values import Report
from bot.desk.figures.volumes import by_area, by_day, by_hour
from bot.desk.promises import Promise

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from bot.desk.figures.counts import Counted
    from bot.desk.figures.values import Panel, Period, Place
    from bot.desk.ids import TicketId
    from bot.desk.learning import Gap
    from bot.desk.oncall import ResolverGroup

NOTHING = "Nothing of this in this period."


@dataclass(frozen=True)
class Sources:
    """What a report is made of, beside what was counted."""

    gaps: Sequence[Gap] = ()
    drafted: Drafted = field(default_factory=Drafted)
    groups: Sequence[ResolverGroup] = ()
    kept: Collection[str] = frozenset()
    """Articles that not everybody may see: they are not named."""
    scrubbed: Callable[[str], str] = str


def report_of(counted: Counted, period: Period, sources: Sources) -> Report:
    """Make the report of what was counted."""
    panels = (
        by_day(counted, period),
        by_hour(counted, period),
        by_area(counted),
        first_steps(counted),
        deflection(counted),
        lasting(counted),
        *(times(counted, promise, sources.groups) for promise in Promise),
        reopened(counted),
        wrong_calls(counted),
        ratings(counted),
        load(counted),
        articles(counted, sources.kept),
        gaps(sources.gaps, sources.scrubbed),
        drafts(sources.drafted),
        effect(sources.drafted, sources.kept),
        precision(counted),
        certainty(counted),
    )
    told = tuple(each if each.rows or each.note else replace(each, note=NOTHING) for each in panels)
    return Report(period, told, counted.tickets, _notes(counted))


def named(report: Report) -> tuple[TicketId, ...]:
    """Give all tickets that stand for others in a report."""
    known = (ticket for panel in report.panels for row in panel.rows for ticket in row.tickets)
    return tuple(dict.fromkeys(known))


def placed(report: Report, places: Mapping[TicketId, Place]) -> Report:
    """Say where the tickets are found; those that may not be shown are named nowhere."""
    return replace(
        report,
        places=places,
        panels=tuple(_only(panel, places) for panel in report.panels),
    )


def _only(panel: Panel, places: Collection[TicketId]) -> Panel:
    rows = (
        replace(row, tickets=tuple(each for each in row.tickets if each in places))
        for row in panel.rows
    )
    return replace(panel, rows=tuple(rows))


def _notes(counted: Counted) -> tuple[str, ...]:
    """Say what a reader would wonder about."""
    notes = ["Restricted tickets are in none of these figures."]
    if not counted.tickets:
        notes.insert(0, "No request came in this period.")
    if counted.later:
        some = _many(counted.later, "request is", "requests are")
        notes.append(f"{some} dated after its end, as the clock was set; they are left out.")
    if counted.backwards:
        some = _many(counted.backwards, "time", "times")
        notes.append(f"{some} would be negative, as the clock was set meanwhile; left out.")
    return tuple(notes)


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
