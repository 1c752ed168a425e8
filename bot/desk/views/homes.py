"""What a Home holds, and what its reader has chosen to see of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.desk.ids import UserId
from bot.desk.learning import GapLine
from bot.desk.oncall import Watchers
from bot.desk.promises import Priority
from bot.desk.views.places import PopularArticle, TicketSummary

MANY = 100
"""So many are counted; beyond it nobody asks how many exactly."""


FURTHEST = 10_000
"""Nobody turns to a page beyond it."""


class Listing(StrEnum):
    """A list on a Home; each is shown a page at a time."""

    MINE = "mine"
    GROUPS = "groups"
    DUE = "due"
    RESTING = "resting"
    OPEN = "open"
    SETTLED = "settled"


class Show(StrEnum):
    """Which escalations are shown, by how they stand."""

    TO_TAKE = "to take"
    TAKEN = "taken"
    WAITING = "waiting"


@dataclass(frozen=True)
class Page:
    """Which page of a list is shown, counted from 0, and whether there is another behind it."""

    listing: Listing
    number: int = 0
    more: bool = False
    total: int | None = None
    """How many there are on all pages, up to `MANY`, where that is known."""


@dataclass(frozen=True)
class HomeChoices:
    """What somebody wants to see on their Home; kept until they choose anew."""

    group: str | None = None
    priority: Priority | None = None
    show: Show | None = None
    pages: tuple[tuple[Listing, int], ...] = ()

    def page(self, listing: Listing) -> int:
        """Give the page of a list that is shown."""
        return dict(self.pages).get(listing, 0)

    def turned(self, listing: Listing, page: int) -> HomeChoices:
        """Turn to another page of a list."""
        return replace(
            self, pages=tuple({**dict(self.pages), listing: min(max(0, page), FURTHEST)}.items())
        )

    def at_first_pages(self) -> HomeChoices:
        """Begin every list anew."""
        return replace(self, pages=())

    @property
    def is_filtered(self) -> bool:
        """Whether something may be left out."""
        return (self.group, self.priority, self.show) != (None, None, None)


@dataclass(frozen=True)
class Sought:
    """Which open escalations a list of a Home is about, P1 first; a page of them.

    `mine` are those that an engineer has, `resting` those that they put off; without either,
    those of the groups that are not theirs.
    """

    engineer: UserId
    groups: tuple[str, ...]
    listing: Listing
    choices: HomeChoices = HomeChoices()
    limit: int = 10
    offset: int = 0


@dataclass(frozen=True)
class HomeForRequester:
    """My requests, what happens next, and what others asked."""

    open: tuple[TicketSummary, ...] = ()
    settled: tuple[TicketSummary, ...] = ()
    popular: tuple[PopularArticle, ...] = ()
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True)
class HomeForEngineer:
    """What I have, what nobody has, what is due soon, what rests, and who is on call."""

    mine: tuple[TicketSummary, ...] = ()
    unassigned: tuple[TicketSummary, ...] = ()
    """Of my groups; what nobody has, unless something else was chosen."""
    due_soon: tuple[TicketSummary, ...] = ()
    on_call: tuple[Watchers, ...] = ()
    resting: tuple[TicketSummary, ...] = ()
    groups: tuple[str, ...] = ()
    choices: HomeChoices = HomeChoices()
    pages: tuple[Page, ...] = ()
    gaps: tuple[GapLine, ...] = ()
    """What to write next: those of my groups' gaps that cost most."""
