"""Targets: the systems outside Slack that are told, and what each may be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.promises import Priority

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT = "out:"
"""Begins a target's name where a channel's name may stand: `out:pager`."""


class Happening(StrEnum):
    """What a target is told of, as it stands in `type` of what is sent."""

    OPENED = "ticket.opened"
    ESCALATED = "ticket.escalated"
    TAKEN = "ticket.taken"
    HANDED_OVER = "ticket.handed_over"
    GIVEN_BACK = "ticket.given_back"
    COMMENTED = "ticket.commented"
    SETTLED = "ticket.settled"
    REOPENED = "ticket.reopened"
    CLOSED = "ticket.closed"
    INCIDENT = "incident.declared"
    INCIDENT_UPDATED = "incident.updated"
    INCIDENT_ENDED = "incident.ended"
    PROBLEM_FOUND = "problem.found"
    PROBLEM_LINKED = "problem.linked"
    PROBLEM_CLOSED = "problem.closed"
    PROBLEM_REOPENED = "problem.reopened"
    PAGE = "page.raised"
    PAGE_TAKEN = "page.acknowledged"
    PAGE_ENDED = "page.ended"
    ALARM = "alarm"
    TEST = "test"

    @property
    def is_subscribed(self) -> bool:
        """Whether a target has to name it in `events` to be told."""
        return self.value.startswith(("ticket.", "incident.", "problem."))


SUBSCRIBED = tuple(each for each in Happening if each.is_subscribed)


@dataclass(frozen=True)
class Target:
    """A system that is told: of which events, groups and priorities, and with which words."""

    name: str
    events: frozenset[Happening] = frozenset()
    groups: frozenset[str] = frozenset()
    """Only of these groups' tickets; of all where none is named."""
    priorities: frozenset[Priority] = frozenset(Priority)
    restricted: bool = False
    """May have the words of restricted tickets too."""
    direct: bool = False
    """May have the words of direct messages too."""

    @property
    def channel(self) -> str:
        """How it is called where a channel's name may stand."""
        return f"{OUT}{self.name}"

    def hears(self, what: Happening, group: str | None, priority: Priority | None) -> bool:
        """Tell whether it is told of something."""
        if what not in self.events:
            return False
        if self.groups and group not in self.groups:
            return False
        return priority is None or priority in self.priorities


@dataclass(frozen=True)
class Targets:
    """All targets that are configured."""

    targets: tuple[Target, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.targets)

    def __iter__(self) -> Iterator[Target]:
        """Go through them."""
        return iter(self.targets)

    def named(self, name: str) -> Target | None:
        """Find one by its name; None where it is configured no more."""
        return next((each for each in self.targets if each.name == name), None)

    def hearing(
        self, what: Happening, group: str | None, priority: Priority | None
    ) -> tuple[Target, ...]:
        """Give those that are told of something."""
        return tuple(each for each in self.targets if each.hears(what, group, priority))
