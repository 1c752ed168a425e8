"""Gaps: questions that no article answers, or whose article fails, taken together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.desk.ids import TicketId, UserId

GapId = NewType("GapId", int)

HOLDS = timedelta(days=7)
"""What is asked within this time of the fix was on its way; what is asked later, the fix failed."""

LONGEST = timedelta(hours=8)
"""So much of one escalation counts as effort: nobody works on it through the night."""


class GapState(StrEnum):
    """What is done about a gap."""

    OPEN = "open"
    IN_WORK = "in work"
    DONE = "done"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Missed:
    """A question that an article should have answered, and what it cost."""

    ticket: TicketId
    requester: UserId
    question: str
    at: datetime
    group: str = ""
    tier: str = ""
    effort: timedelta = timedelta(0)
    failed: str | None = None
    """The article that failed on it; None where none was shown."""
    step: int | None = None
    """The step at which it failed."""
    settled: str = ""
    """What settled it, in the words of whoever did; "" where they say nothing."""
    channel: str = ""
    """Where it was asked."""


@dataclass(frozen=True)
class Ended:
    """A question that was settled: by an article, as who asked said, or by people."""

    ticket: TicketId
    requester: UserId
    question: str
    article: str = ""
    """What answered it; "" where people settled it."""
    fix: str = ""
    """What settled it, in the words of whoever did."""


@dataclass(frozen=True)
class Gap:
    """Questions about one thing, named by the most typical of them."""

    id: GapId
    typical: TicketId
    missed: tuple[Missed, ...]
    state: GapState = GapState.OPEN
    by: UserId | None = None
    decided_at: datetime | None = None
    near: str | None = None
    """The article that comes nearest, where none failed."""

    @property
    def name(self) -> str:
        """The gap as people speak of it."""
        return f"G-{self.id}"

    @property
    def named_by(self) -> Missed | None:
        """The most typical of the questions that are there; None where none is."""
        typical = [each for each in self.missed if each.ticket == self.typical]
        return next(iter((*typical, *self.missed)), None)

    @property
    def question(self) -> str:
        """The words that name it, as somebody asked them."""
        return self.named_by.question if self.named_by else ""

    @property
    def people(self) -> int:
        """How many people asked."""
        return len({each.requester for each in self.missed})

    @property
    def hours(self) -> float:
        """How long people had it in hand."""
        return sum((each.effort for each in self.missed), timedelta(0)) / timedelta(hours=1)

    @property
    def weight(self) -> float:
        """People times effort: what comes first. A quarter of an hour stands for none on record."""
        return self.people * max(self.hours, 0.25)

    @property
    def first(self) -> datetime:
        """When it was asked first."""
        return min(each.at for each in self.missed)

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return max(each.at for each in self.missed)

    @property
    def group(self) -> str:
        """The resolver group that had it most often."""
        return _most(each.group for each in self.missed) or ""

    @property
    def tier(self) -> str:
        """The tier that had it most often."""
        return _most(each.tier for each in self.missed) or ""

    @property
    def failing(self) -> tuple[str, int | None] | None:
        """The article that failed most often, and at which step; None where none was shown."""
        article = _most(each.failed or "" for each in self.missed)
        if not article:
            return None
        steps = Counter(
            each.step for each in self.missed if each.failed == article and each.step is not None
        )
        return article, (steps.most_common(1)[0][0] if steps else None)


def _most(names: object) -> str | None:
    found = Counter(name for name in names if name)  # type: ignore[attr-defined]
    return str(found.most_common(1)[0][0]) if found else None


def ranked(gaps: Sequence[Gap], *states: GapState) -> tuple[Gap, ...]:
    """Give the gaps in these states, what costs most people most time first."""
    wanted = states or (GapState.OPEN, GapState.IN_WORK)
    found = [gap for gap in gaps if gap.state in wanted and gap.missed]
    return tuple(sorted(found, key=lambda gap: (-gap.weight, gap.first, gap.id)))


def matched(
    clusters: Sequence[Sequence[TicketId]], known: Mapping[TicketId, int]
) -> tuple[int | None, ...]:
    """Say for each cluster which known one it is: the one with which it shares most tickets.

    Each is found once; None where it is a new one.
    """
    shared = sorted(
        (-count, place, head)
        for place, members in enumerate(clusters)
        for head, count in Counter(known[each] for each in members if each in known).items()
    )
    found: dict[int, int] = {}
    for _, place, head in shared:
        if place not in found and head not in found.values():
            found[place] = head
    return tuple(found.get(place) for place in range(len(clusters)))


def is_asked_again(gap: Gap) -> bool:
    """Tell whether a gap that was done is asked again, later than what was on its way."""
    if gap.state is not GapState.DONE or gap.decided_at is None:
        return False
    return any(each.at > gap.decided_at + HOLDS for each in gap.missed)


class Gaps(Protocol):
    """The gaps on record."""

    def missed(self, since: datetime) -> tuple[Missed, ...]:
        """Give the questions since then that an article should have answered."""

    def ended(self, since: datetime) -> tuple[Ended, ...]:
        """Give the questions since then that were settled, but for those once offered to pages."""

    def offered(self, lines: Sequence[tuple[TicketId, str]]) -> None:
        """Note that (ticket, article) was offered, so that nobody is asked about it twice."""

    def all(self) -> tuple[Gap, ...]:
        """Give every gap with its questions."""

    def get(self, gap: GapId) -> Gap | None:
        """Find a gap by its number."""

    def regroup(
        self,
        clusters: Sequence[Sequence[TicketId]],
        typical: Sequence[TicketId],
        near: Sequence[str | None],
    ) -> None:
        """Take questions together anew; what was decided of a gap stays with most of them."""

    def dearest(self, of: Collection[str] | None, least: int, most: int) -> tuple[Gap, ...]:
        """Give the gaps of groups that cost most, open or in work, asked `least` times or more.

        As of the last look, the dearest first; of any group where `of` is None.
        """

    def decide(self, gap: GapId, state: GapState, by: UserId | None) -> None:
        """Say what is done about a gap."""

    def of(self, tickets: Sequence[TicketId]) -> tuple[Gap, ...]:
        """Find the gaps that these tickets are questions of."""

    def last_run(self, what: str) -> datetime | None:
        """Tell when something was last done; None where it never was."""

    def ran(self, what: str) -> None:
        """Note that something was done now."""
