"""The priority that a request starts with, and why, so that it can be defended.

Impact and urgency are predicted by the classifier (by word lists where there is none), and the
priority is raised by its route, by how many report the same, and by how critical the asset is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.deciding.urgency import impact_of, urgency_of
from bot.desk.promises import Impact, Priority, Urgency, priority_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.desk.deciding.routes import Route
    from bot.desk.tiers import Tier

MANY_REPORT = 3
"""From so many reporters on, it is no longer somebody's own problem."""

IMPACTS = {
    Impact.MANY: "many people",
    Impact.SEVERAL: "several people",
    Impact.ONE: "one person",
}
URGENCIES = {
    Urgency.STOPPED: "work stopped",
    Urgency.HINDERED: "work hindered",
    Urgency.CAN_WAIT: "can wait",
}


class Criticality(StrEnum):
    """How much hangs on an asset."""

    HIGH = "high"
    """A fault raises the priority by one."""
    CRITICAL = "critical"
    """A fault raises it by one, and by two where work stands still."""


@dataclass(frozen=True)
class Asset:
    """Something that the organisation depends on, and the words by which people call it."""

    name: str
    words: tuple[str, ...]
    criticality: Criticality

    def is_named_in(self, text: str) -> bool:
        """Tell whether a text speaks of it."""
        names = "|".join(re.escape(word) for word in (self.name, *self.words))
        return re.search(rf"(?<!\w)(?:{names})(?!\w)", text, re.IGNORECASE) is not None

    def steps(self, urgency: Urgency) -> int:
        """Tell by how many steps a fault raises the priority."""
        if urgency is Urgency.CAN_WAIT:
            return 0
        stopped = urgency is Urgency.STOPPED
        return 2 if stopped and self.criticality is Criticality.CRITICAL else 1


@dataclass(frozen=True)
class Weight:
    """How many are affected and what it does to their work, each with the chance of each value.

    `priorities` are the chances of P1 to P4; from them the priority is chosen, not from the
    likeliest impact and urgency, which together may be less likely than another pair.
    """

    impacts: Mapping[str, float] = field(default_factory=dict)
    urgencies: Mapping[str, float] = field(default_factory=dict)
    priorities: Mapping[str, float] = field(default_factory=dict)


MANY_UNREAD = 0.6
"""From this chance on many are affected, as a message says that is in a language not read well."""


def sober(weight: Weight) -> Weight:
    """Give the weight of a message that is not read well: many are affected by evidence alone.

    "No puedo entrar" was many people, work stopped: by a third of the chance.
    """
    many = weight.impacts.get(Impact.MANY, 0.0)
    rest = sum(chance for impact, chance in weight.impacts.items() if impact != Impact.MANY)
    if many >= MANY_UNREAD or not rest or not many:
        return weight
    impacts = {each: c / rest for each, c in weight.impacts.items() if each != Impact.MANY}
    priorities = dict.fromkeys((str(each) for each in Priority), 0.0)
    for impact, chance in impacts.items():
        for urgency, other in weight.urgencies.items():
            priorities[str(priority_of(Impact(impact), Urgency(urgency)))] += chance * other
    return Weight({**impacts, str(Impact.MANY): 0.0}, weight.urgencies, priorities)


@dataclass(frozen=True)
class Weighed:
    """A priority and why it is that."""

    priority: Priority
    why: str


def weigh(  # noqa: PLR0913 - each of these may raise it
    text: str,
    tier: Tier,
    *,
    weight: Weight | None = None,
    route: Route | None = None,
    assets: Sequence[Asset] = (),
    reporters: int = 1,
) -> Weighed:
    """Give the priority that a request starts with."""
    impact, urgency, priority = _predicted(weight) if weight else _by_words(text, tier)
    reasons = [f"{IMPACTS[impact]}, {URGENCIES[urgency]}"]
    for asset in (each for each in assets if each.is_named_in(text)):
        raised = _up(priority, asset.steps(urgency))
        if raised is not priority:
            reasons.append(f"asset {asset.name} is {asset.criticality}")
            priority = raised
    if reporters > 1:
        raised = by_reporters(priority, reporters)
        if raised is not priority:
            reasons.append(f"{reporters} people report it")
            priority = raised
    if route is not None and route.priority.rank < priority.rank:
        priority = route.priority
    if route is not None:
        reasons.append(f"route {route.matter}")
    return Weighed(priority, "; ".join(reasons))


def by_reporters(priority: Priority, reporters: int) -> Priority:
    """Raise a priority by how many report the same: two are several, three are an outage."""
    if reporters >= MANY_REPORT:
        return Priority.P1
    return _up(priority, 1) if reporters > 1 and priority is not Priority.P2 else priority


def _up(priority: Priority, steps: int) -> Priority:
    return Priority(f"P{max(1, priority.rank - steps)}")


def _by_words(text: str, tier: Tier) -> tuple[Impact, Urgency, Priority]:
    impact, urgency = impact_of(text, tier), urgency_of(text)
    return impact, urgency, priority_of(impact, urgency)


def _predicted(weight: Weight) -> tuple[Impact, Urgency, Priority]:
    """Choose the likeliest priority, and for the words the likeliest pair that leads to it."""
    chosen = Priority(max(weight.priorities, key=lambda each: weight.priorities[each]))
    pairs = [
        (weight.impacts[impact] * weight.urgencies[urgency], impact, urgency)
        for impact in Impact
        for urgency in Urgency
        if priority_of(impact, urgency) is chosen
    ]
    _, impact, urgency = max(pairs, key=lambda pair: pair[0])
    return impact, urgency, chosen
