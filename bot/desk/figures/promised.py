"""How long requesters waited, against what was promised; and who bore the load."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.figures.counts import UNSET
from bot.desk.figures.saying import lasting, percent
from bot.desk.figures.values import FEW, Chart, Column, Panel, Row
from bot.desk.learning import Share
from bot.desk.promises import DEFAULT_TARGETS, Priority, Promise
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.figures.counts import Counted, Timing
    from bot.desk.oncall import ResolverGroup
    from bot.desk.promises import SlaTargets

PEOPLE = 20
"""So many are shown, the busiest; the fairness counts all."""
COLUMNS = (
    Column("time", "Half, and nine of ten, within"),
    Column("promised", "Promised"),
    Column("kept", "Promise kept"),
)
TITLES = {
    Promise.ACKNOWLEDGE: "Taken",
    Promise.FIRST_RESPONSE: "First response",
    Promise.RESOLVE: "Resolution",
}
DEFINITIONS = {
    Promise.ACKNOWLEDGE: "From people being called until somebody took it; where a promise counts "
    "support time, the time by the clock may be longer.",
    Promise.FIRST_RESPONSE: "Until the requester first heard an answer: at L1 from the message on, "
    "at other tiers from people being called.",
    Promise.RESOLVE: "Until it was resolved: at L1 until the requester confirmed, at other tiers "
    "from people being called. Silence is in no time.",
}
KEYS = {
    Promise.ACKNOWLEDGE: "taken",
    Promise.FIRST_RESPONSE: "first_response",
    Promise.RESOLVE: "resolution",
}


def times(counted: Counted, promise: Promise, groups: Sequence[ResolverGroup]) -> Panel:
    """Tell how long it took by tier and priority, and how often the promise was kept."""
    found = counted.times.get(promise, {})
    rows = tuple(
        Row(_label(key), (timed.spread, _promised(key, promise, groups), timed.kept), timed.tickets)
        for key, timed in sorted(found.items())
        if timed.spread.of or timed.kept.of
    )
    return Panel(KEYS[promise], TITLES[promise], DEFINITIONS[promise], COLUMNS, rows, Chart.TIMES)


def _label(key: Timing) -> str:
    tier, priority = key
    return f"{tier.value} {priority or 'no priority'}"


def _promised(key: Timing, promise: Promise, groups: Sequence[ResolverGroup]) -> str | None:
    tier, priority = key
    if tier is Tier.L1 or priority == UNSET:
        return None
    asked = Priority(priority)
    targets = {group.sla.of(asked) for group in groups if group.tier is tier}
    said = {_target(each, promise) for each in targets or {DEFAULT_TARGETS[asked]}}
    return said.pop() if len(said) == 1 else "differs by group"


def _target(targets: SlaTargets, promise: Promise) -> str:
    target = targets.target(promise)
    if targets.always:
        return lasting(target)
    # A day of support time is no day: it is told in hours.
    hours = target / timedelta(hours=1)
    return f"{lasting(target) if hours < 1 else f'{hours:g} h'} of support time"


def load(counted: Counted) -> Panel:
    """Tell who took how much, what of it out of hours, and whether that is even."""
    by_group: dict[str, list[Row]] = defaultdict(list)
    for (group, person), each in counted.load.items():
        of_it = Share(each.outside, each.taken)
        row = Row(f"{person} ({group})", (each.taken, of_it), each.tickets)
        by_group[group].append(row)
    rows = [
        row
        for group in sorted(by_group)
        for row in sorted(by_group[group], key=lambda each: (-_number(each), each.label))
    ]
    more = len(rows) - PEOPLE
    if more > 0:
        busiest = sorted(rows, key=lambda each: -_number(each))[:PEOPLE]
        rows = [row for row in rows if row in busiest]
    left = [f"{more} more people took less."] if more > 0 else []
    return Panel(
        "on_call",
        "On-call load",
        "Escalations that each person took, and how many of them came outside the group's hours.",
        (Column("taken", "Taken"), Column("outside", "Out of hours")),
        tuple(rows),
        Chart.BARS,
        " ".join([*(_fairness(group, by_group[group]) for group in sorted(by_group)), *left]),
    )


def _number(row: Row) -> int:
    value = row.values[0]
    return value if isinstance(value, int) else 0


def _fairness(group: str, rows: Sequence[Row]) -> str:
    """Set the busiest beside an even share; of one person, or of few, nothing can be said."""
    total = sum(_number(row) for row in rows)
    if len(rows) == 1:
        return f"In {group} one person took all {total}."
    if total < FEW * len(rows):
        return f"In {group} {len(rows)} people took {total}: too few to call it uneven."
    busiest = Share(max(_number(row) for row in rows), total)
    low, high = busiest.interval
    even = 1 / len(rows)
    word = "more than chance explains" if low > even else "no more than chance explains"
    return (
        f"In {group} the busiest of {len(rows)} took {percent(busiest.value)} "
        f"({percent(low)} to {percent(high)}), where an even share is {percent(even)}: {word}."
    )
