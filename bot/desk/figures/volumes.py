"""How much came: when, where, and who had it in the end."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.figures.counts import Count
from bot.desk.figures.values import EXAMPLES, Chart, Column, Panel, Row
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.desk.figures.counts import Counted
    from bot.desk.figures.values import Period

BY_DAY = timedelta(days=45)
BY_WEEK = timedelta(days=370)
"""Longer periods are told by the month."""
AREAS = 12
"""The rest stands in one row."""
TIERS = tuple(Column(tier.value, tier.value) for tier in Tier)
COLUMNS = (*TIERS, Column("all", "All"))
HIGHEST = "counted at the highest tier that had it"


def by_day(counted: Counted, period: Period) -> Panel:
    """Tell the volume over time, by day, week or month."""
    name, fold = _step(period)
    rows = _rows(counted.by_day, fold)
    first, last = (fold(each) for each in _days(counted, period))
    steps = dict.fromkeys(fold(first + timedelta(days=n)) for n in range((last - first).days + 1))
    return Panel(
        "volume",
        f"Requests by {name}",
        f"Requests opened in each {name}, {HIGHEST}.",
        COLUMNS,
        tuple(_row(_label(each, name), rows.get(each, {})) for each in steps if counted.tickets),
        Chart.STACKED,
    )


def by_hour(counted: Counted, period: Period) -> Panel:
    """Tell the volume by the hour of the day."""
    rows = _rows(counted.by_hour, lambda hour: hour)
    return Panel(
        "hours",
        "Requests by hour",
        f"Requests by the hour in which they were opened, on the clock of {period.zone}.",
        COLUMNS,
        tuple(_row(f"{hour:02}", rows.get(hour, {})) for hour in range(24) if counted.tickets),
        Chart.STACKED,
    )


def by_area(counted: Counted) -> Panel:
    """Tell the volume by area, the largest first."""
    rows = _rows(counted.by_area, lambda area: area or "no area known")
    ordered = sorted(rows, key=lambda area: (-_total(rows[area]), area))
    shown = [_row(area, rows[area]) for area in ordered[:AREAS]]
    if rest := ordered[AREAS:]:
        folded = {
            tier: _joined(rows[area].get(tier, Count()) for area in rest)
            for tier in Tier
        }  # fmt: skip
        shown.append(_row(f"{len(rest)} more", folded))
    return Panel(
        "areas",
        "Requests by area",
        "Requests by the group that had them last, or by the area of the article that was shown.",
        COLUMNS,
        tuple(shown),
        Chart.LYING,
    )


def _step(period: Period) -> tuple[str, Callable[[date], date]]:
    if period.length <= BY_DAY:
        return "day", lambda day: day
    if period.length <= BY_WEEK:
        return "week", lambda day: day - timedelta(days=day.weekday())
    return "month", lambda day: day.replace(day=1)


def _label(day: date, step: str) -> str:
    return f"{day:%Y-%m}" if step == "month" else f"{day:%Y-%m-%d}"


def _days(counted: Counted, period: Period) -> tuple[date, date]:
    days = [day for day, _ in counted.by_day]
    begun, ended = period.since.date(), period.until.date()
    # A desk that is younger than the period begins where it began.
    return max(begun, min(days, default=ended)), max(ended, max(days, default=ended))


def _rows(
    counts: Mapping[tuple[Any, Tier], Count], fold: Callable[[Any], Any]
) -> dict[Any, dict[Tier, Count]]:
    parts: dict[Any, dict[Tier, list[Count]]] = defaultdict(lambda: defaultdict(list))
    for (key, tier), count in counts.items():
        parts[fold(key)][tier].append(count)
    return {
        name: {tier: _joined(each) for tier, each in tiers.items()} for name, tiers in parts.items()
    }


def _joined(counts: Iterable[Count]) -> Count:
    known = list(counts)
    tickets = sorted({ticket for count in known for ticket in count.tickets}, reverse=True)
    return Count(sum(count.number for count in known), tuple(tickets[:EXAMPLES]))


def _total(tiers: Mapping[Tier, Count]) -> int:
    return sum(count.number for count in tiers.values())


def _row(label: str, tiers: Mapping[Tier, Count]) -> Row:
    numbers = [tiers.get(tier, Count()).number for tier in Tier]
    return Row(label, (*numbers, sum(numbers)), _joined(tiers.values()).tickets)
