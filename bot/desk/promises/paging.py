"""At which rung of a ladder a page leaves Slack, and to which targets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.promises.sla import Priority
from bot.desk.promises.timers import TimerKind

if TYPE_CHECKING:
    from collections.abc import Iterable


class PageAt(StrEnum):
    """When a page leaves Slack: as the card goes out, or at a rung where nobody took it yet."""

    AT_ONCE = "at once"
    REMIND_GROUP = "remind group"
    CALL_NEXT = "call next"
    CALL_LEAD = "call lead"
    MOVE_UP = "move up"

    @property
    def rank(self) -> int:
        """The place on the ladder, the earliest first."""
        return list(PageAt).index(self)


@dataclass(frozen=True)
class PageRule:
    """Whom a group pages beyond Slack, when, and for which priorities."""

    at: PageAt
    to: tuple[str, ...]
    priorities: frozenset[Priority] = frozenset(Priority)


def page_at(rung: TimerKind) -> PageAt | None:
    """Give the step of a rung; None where the rung calls nobody."""
    try:
        return PageAt(rung.value)
    except ValueError:
        return None


def to_page(rules: Iterable[PageRule], at: PageAt, priority: Priority) -> tuple[str, ...]:
    """Name the targets that are paged by a step, in the order of the rules.

    What belongs to an earlier step is among them: after an outage a later rung speaks for it.
    """
    named = (
        target
        for rule in rules
        if rule.at.rank <= at.rank and priority in rule.priorities
        for target in rule.to
    )
    return tuple(dict.fromkeys(named))
