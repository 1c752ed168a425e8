"""Recurring problems and wishes: what the desk settles again and again, and what it lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType, Protocol
from urllib.parse import urlsplit

from bot.desk.ids import TicketId, UserId
from bot.desk.tickets import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

ProblemId = NewType("ProblemId", int)

STAYS_CLOSED = timedelta(days=7)
"""What comes within this time of the end was on its way; what comes later, it did not end."""
ASKED_AGAIN = timedelta(days=14)
"""Who comes with the same within this time was not helped by the first fix."""
OFTEN = 3
"""So many times settled, a cause recurs; two may be chance."""
LONGEST_LINK = 500
NO_SPACE = re.compile(r"[^\s<>|\"\x00-\x1f\x7f]+")


class ProblemKind(StrEnum):
    """What it is."""

    CAUSE = "cause"
    """The same cause, settled again and again."""
    WISH = "wish"
    """Something that people wish for and nobody can do yet."""


class ProblemState(StrEnum):
    """What is done about it."""

    OPEN = "open"
    LINKED = "linked"
    """An issue elsewhere is about it."""
    CLOSED = "closed"


@dataclass(frozen=True)
class Met:
    """One ticket that it was met in."""

    ticket: TicketId
    requester: UserId
    at: datetime
    """When its cause was settled; of a wish, when it was uttered."""
    question: str
    group: str = ""
    tier: str = ""
    cause: str = ""
    fix: str = ""
    prevention: str = ""
    effort: timedelta = timedelta(0)
    came_back: bool = False
    """Whether it was not fixed after all."""
    also: frozenset[UserId] = frozenset()
    """Who reported the same as this ticket."""

    @property
    def words(self) -> str:
        """What it is taken together by."""
        return "\n".join(part for part in (self.cause, self.fix) if part) or self.question

    @property
    def people(self) -> frozenset[UserId]:
        """Whom it met."""
        return self.also | {self.requester}


@dataclass(frozen=True)
class Problem:
    """Tickets that one thing was met in, named by the most typical of them."""

    id: ProblemId
    kind: ProblemKind
    typical: TicketId
    met: tuple[Met, ...]
    state: ProblemState = ProblemState.OPEN
    link: str = ""
    by: UserId | None = None
    decided_at: datetime | None = None

    @property
    def name(self) -> str:
        """The problem as people speak of it."""
        return problem_name(self.id)

    @property
    def named_by(self) -> Met | None:
        """The most typical of the tickets that are there; None where none is."""
        typical = [each for each in self.met if each.ticket == self.typical]
        return next(iter((*typical, *self.met)), None)

    @property
    def title(self) -> str:
        """What it is, in a line: the cause as somebody wrote it down, or the wish."""
        first = self.named_by
        if first is None:
            return ""
        return subject_of(first.question if self.kind is ProblemKind.WISH else first.words)

    @property
    def people(self) -> frozenset[UserId]:
        """Whom it met."""
        return frozenset(one for each in self.met for one in each.people)

    @property
    def hours(self) -> float:
        """How long engineers had it in hand."""
        return sum((each.effort for each in self.met), timedelta(0)) / timedelta(hours=1)

    @property
    def group(self) -> str:
        """The resolver group that settled it last."""
        return self.met[-1].group if self.met else ""

    @property
    def prevention(self) -> str:
        """What would prevent it, as it was asked for last; nothing where nobody said."""
        return self._wanted.prevention.strip() if self._wanted else ""

    @property
    def last_settled(self) -> Met | None:
        """Where it was settled last."""
        return next((each for each in reversed(self.met) if each.fix.strip()), None)

    @property
    def quoted(self) -> frozenset[Met]:
        """The tickets whose words stand for all."""
        return frozenset(
            each for each in (self.named_by, self._wanted, self.last_settled) if each is not None
        )

    @property
    def _wanted(self) -> Met | None:
        return next((each for each in reversed(self.met) if each.prevention.strip()), None)

    @property
    def returned(self) -> int:
        """How often its fix did not hold."""
        return sum(does_not_hold(self.met))

    def within(self, since: datetime, until: datetime) -> tuple[Met, ...]:
        """Give where it was met in some time."""
        return tuple(each for each in self.met if since <= each.at < until)


class Problems(Protocol):
    """The problems on record."""

    def settled(self, since: datetime) -> tuple[Met, ...]:
        """Give the tickets since then whose cause somebody wrote down, oldest first."""

    def wished(self, since: datetime) -> tuple[Met, ...]:
        """Give the tickets since then in which somebody wishes for something, oldest first."""

    def unread(self, since: datetime, most: int) -> tuple[Met, ...]:
        """Give tickets since then of which nobody has told yet whether they are wishes."""

    def read(self, wishes: Iterable[tuple[TicketId, bool]]) -> None:
        """Write down which tickets hold a wish."""

    def regroup(
        self,
        kind: ProblemKind,
        clusters: Sequence[Sequence[TicketId]],
        typical: Sequence[TicketId],
    ) -> tuple[ProblemId, ...]:
        """Take tickets together anew; what was decided stays with most of them. Gives the new."""

    def all(self) -> tuple[Problem, ...]:
        """Give every problem with its tickets."""

    def get(self, problem: ProblemId) -> Problem | None:
        """Find a problem by its number."""

    def linked_to(self, link: str) -> Problem | None:
        """Find the problem that an issue elsewhere is about."""

    def decide(
        self, problem: ProblemId, state: ProblemState, by: UserId | None, link: str | None = None
    ) -> None:
        """Say what is done about a problem; without a link the one that it has stays."""


def problem_name(problem: int) -> str:
    """Give a problem's number as people say it: `P-12`."""
    return f"P-{problem}"


def parse_problem_name(text: str) -> ProblemId | None:
    """Read `P-12`, `p12` or `12`; None where it is no problem's number."""
    found = re.fullmatch(r"(?:p-?)?([0-9]{1,9})", text.strip(), re.IGNORECASE)
    return ProblemId(int(found.group(1))) if found else None


def link_of(text: str) -> str | None:
    """Read the address of an issue elsewhere; None where it is none that a browser opens."""
    address = text.strip().removeprefix("<").removesuffix(">").partition("|")[0]
    if len(address) > LONGEST_LINK or not NO_SPACE.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        return None
    return address


def does_not_hold(met: Sequence[Met]) -> tuple[bool, ...]:
    """Say of each ticket whether its fix did not hold.

    It was reopened, or the same person came with the same soon after.
    """
    after: dict[UserId, datetime] = {}
    found = []
    for each in reversed(met):
        again = after.get(each.requester)
        found.append(each.came_back or (again is not None and again - each.at <= ASKED_AGAIN))
        after[each.requester] = each.at
    return tuple(reversed(found))


def recurs(met: Sequence[Met]) -> bool:
    """Tell whether a settled cause is a problem: it comes often, or its fix does not hold."""
    return len(met) >= OFTEN or (len(met) > 1 and any(does_not_hold(met)))


def is_back(problem: Problem) -> bool:
    """Tell whether something that was closed is met again, later than what was on its way."""
    if problem.state is not ProblemState.CLOSED or problem.decided_at is None:
        return False
    return any(each.at > problem.decided_at + STAYS_CLOSED for each in problem.met)


def months_before(now: datetime) -> tuple[datetime, datetime, datetime]:
    """Give when the month before last began, the last one, and this one."""
    this = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = (this - timedelta(days=1)).replace(day=1)
    return (last - timedelta(days=1)).replace(day=1), last, this


def foremost(
    problems: Iterable[Problem], weight: Callable[[Problem], float]
) -> tuple[Problem, ...]:
    """Give problems, what weighs most first; what weighs nothing is left out."""
    told = [(weight(each), each) for each in problems]
    ordered = sorted(told, key=lambda one: (-one[0], one[1].id))
    return tuple(each for how_much, each in ordered if how_much > 0)
