"""What people see where they look, built from the readings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import home_of
from bot.desk.promises import Priority
from bot.desk.tickets import Viewer, is_look
from bot.desk.views import (
    HomeForAdmin,
    HomeForEngineer,
    HomeForRequester,
    HomeView,
    Listing,
    Page,
    PopularArticle,
    Show,
    Sought,
)
from bot.service.learning.gaps import dearest
from bot.service.oncall.board import watchers
from bot.service.readers.audience import reader_alone
from bot.service.readers.seeing import groups_of
from bot.service.views.direct import readable_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.desk.ids import UserId
    from bot.desk.learning import GapLine
    from bot.desk.oncall import Watchers
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.views import (
        ChooseOnHome,
        HomeChoices,
        OpenHome,
        Readings,
        TicketSummary,
        TurnPage,
    )
    from bot.service.context import Desk

SHOWN = 10
SETTLED_SHOWN = 5
SIZES = {
    Listing.MINE: 5,
    Listing.GROUPS: 5,
    Listing.DUE: 5,
    Listing.RESTING: 4,
    Listing.OPEN: 30,
    Listing.SETTLED: 10,
}
"""So many of each list stand on a page: a Home has a hundred blocks."""
BESIDE = {Listing.OPEN: 5, Listing.SETTLED: 3}
"""So many of their own, where engineers' lists stand before them."""
ARTICLES_SHOWN = 5
OVERDUE_SHOWN = 5
INCIDENTS_SHOWN = 5
SOON = timedelta(hours=4)
LATELY = timedelta(days=7)
VEIL = "restricted; its words stand on its card"
A_DAY = timedelta(days=1)


def sees_all(desk: Desk, user: UserId) -> bool:
    """Tell whether somebody may see everybody's tickets: engineers and admins."""
    return user in desk.admins or desk.may_act(user, desk.groups.usual)


def plan_open_home(command: OpenHome) -> Change:
    """Somebody opened their Home: it is built and published, now and whenever it changes."""

    def change(uow: UnitOfWork) -> None:
        user = command.at.user
        choices = uow.homes.choices(user)
        if choices.pages:
            uow.homes.choose(user, choices.at_first_pages())
        uow.homes.opened(user)

    return change


def plan_choose_on_home(command: ChooseOnHome) -> Change:
    """What is shown from now on: of a group, of a priority, in a state; lists begin anew."""

    def change(uow: UnitOfWork) -> None:
        user, value = command.at.user, command.value or None
        before = uow.homes.choices(user).at_first_pages()
        match command.what:
            case "group":
                choices = replace(before, group=value)
            case "priority":
                choices = replace(before, priority=Priority(value) if value else None)
            case "show":
                choices = replace(before, show=Show(value) if value else None)
        uow.homes.choose(user, choices)
        uow.homes.opened(user)

    return change


def plan_turn_page(command: TurnPage) -> Change:
    """Another page of one list."""

    def change(uow: UnitOfWork) -> None:
        user = command.at.user
        uow.homes.choose(user, uow.homes.choices(user).turned(command.listing, command.page))
        uow.homes.opened(user)

    return change


def plan_home(user: UserId, mark: int, desk: Desk, seen: int = 0) -> Change:
    """Build somebody's Home; the mark tells whether it changed again in the meantime.

    `seen` is the last move of colleagues before it was built.
    """
    view = home_view(desk, user)
    groups = view.engineer.groups if view.engineer else ()

    def change(uow: UnitOfWork) -> None:
        uow.homes.published(user, mark, groups, seen)
        uow.outbox.put(view, home_of(user))

    return change


def home_view(desk: Desk, user: UserId) -> HomeView:
    """Build somebody's Home: as requester, and as engineer and admin where they are that."""
    groups = groups_of(desk, user)
    on_call = tuple(watchers(desk, group) for group in groups)
    readers = reader_alone(desk, user)
    names = tuple(group.name for group in groups)
    look = HomeLook(desk, Viewer(user, frozenset(names)), names)
    is_admin = user in desk.admins
    # Here: it asks the directory. An admin reads of all groups'.
    gaps = dearest(desk, None if is_admin else names) if groups or is_admin else ()
    with desk.readings(look.viewer) as readings:
        choices = readings.choices_of(user)
        # Whoever has tickets to work on reads what others asked elsewhere.
        popular = () if groups else _popular(desk, readings, desk.clock(), readers)
        own = look.own(readings, choices, popular)
        engineer = look.engineer(readings, choices, on_call) if groups else None
        if engineer is not None and not is_admin:
            engineer = replace(engineer, gaps=gaps)
        admin = _admin(desk, readings, look.viewer, gaps) if is_admin else None
        known = incidents_for(desk, readings, look.viewer) if groups or admin else ()
    return HomeView(user, own, engineer, admin, known)


def incidents_for(
    desk: Desk, readings: Readings, viewer: Viewer, limit: int = INCIDENTS_SHOWN
) -> tuple[TicketSummary, ...]:
    """Give the open incidents, each with the way to its card, as somebody may read them."""
    found = readable_by(veiled(readings.incidents(limit), viewer), viewer.user, viewer.groups)
    return tuple(_to_card(desk, each) for each in found)


@dataclass(frozen=True)
class HomeLook:
    """Somebody looks at their Home, with their groups."""

    desk: Desk
    viewer: Viewer
    groups: tuple[str, ...]

    def own(
        self, readings: Readings, choices: HomeChoices, popular: tuple[PopularArticle, ...]
    ) -> HomeForRequester:
        """Give what they asked: what is open first, then what was settled."""
        user = self._user
        under_way, first = self._page(
            Listing.OPEN, choices, lambda limit, offset: readings.open_of(user, limit, offset)
        )
        settled, second = self._page(
            Listing.SETTLED, choices, lambda limit, offset: readings.settled_of(user, limit, offset)
        )
        return HomeForRequester(
            tuple(_to_thread(self.desk, each) for each in under_way),
            tuple(_to_thread(self.desk, each) for each in settled),
            popular,
            (first, second),
        )

    def engineer(
        self, readings: Readings, choices: HomeChoices, on_call: tuple[Watchers, ...]
    ) -> HomeForEngineer:
        """Give what they have and what their groups have, P1 first."""
        pages: list[Page] = []
        lists: dict[Listing, tuple[TicketSummary, ...]] = {}
        if choices.group not in self.groups:
            choices = replace(choices, group=None)
        soon = self.desk.clock() + SOON
        for listing in (Listing.MINE, Listing.GROUPS, Listing.DUE, Listing.RESTING):
            sought = Sought(self._user, self.groups, listing, choices)

            def read(limit: int, offset: int, sought: Sought = sought) -> tuple[TicketSummary, ...]:
                page = replace(sought, limit=limit, offset=offset)
                if sought.listing is Listing.DUE:
                    return readings.due_before(soon, page)
                return readings.sought(page)

            found, page = self._page(listing, choices, read)
            counted = listing is not Listing.DUE
            pages.append(replace(page, total=readings.count(sought) if counted else None))
            lists[listing] = tuple(_to_card(self.desk, each) for each in veiled(found, self.viewer))
        return HomeForEngineer(
            lists[Listing.MINE],
            lists[Listing.GROUPS],
            lists[Listing.DUE],
            on_call,
            lists[Listing.RESTING],
            self.groups,
            choices,
            tuple(pages),
        )

    @property
    def _user(self) -> UserId:
        if self.viewer.user is None:
            raise ValueError("a Home is somebody's")
        return self.viewer.user

    def _page(
        self,
        listing: Listing,
        choices: HomeChoices,
        read: Callable[[int, int], tuple[TicketSummary, ...]],
    ) -> tuple[tuple[TicketSummary, ...], Page]:
        size = (BESIDE if self.groups else SIZES).get(listing, SIZES[listing])
        wanted = choices.page(listing)
        number, found = wanted, read(size + 1, wanted * size)
        if wanted and not found:
            # What stood there has gone meanwhile: the page before it, or the first.
            number, found = wanted - 1, read(size + 1, (wanted - 1) * size)
            if not found:
                number, found = 0, read(size + 1, 0)
        return found[:size], Page(listing, number, more=len(found) > size)


def _to_thread(desk: Desk, ticket: TicketSummary) -> TicketSummary:
    """Lead its requester to where they asked."""
    if ticket.asked_ts is None:
        return ticket
    return replace(ticket, link=desk.directory.permalink(ticket.channel, ticket.asked_ts))


def _to_card(desk: Desk, ticket: TicketSummary) -> TicketSummary:
    """Lead an engineer to its card; before that is sent there is nowhere to go."""
    if ticket.card_at is None:
        return ticket
    return replace(ticket, link=desk.directory.permalink(*ticket.card_at))


def veiled(found: tuple[TicketSummary, ...], viewer: Viewer) -> tuple[TicketSummary, ...]:
    """Hide the words of what is restricted: a Home is built again and again, and no look at it."""
    return tuple(replace(each, question=VEIL) if is_look(viewer, each) else each for each in found)


def _popular(
    desk: Desk, readings: Readings, now: datetime, readers: frozenset[str]
) -> tuple[PopularArticle, ...]:
    found = []
    for article, times in readings.popular(now - LATELY, ARTICLES_SHOWN):
        extract = desk.triager.extract(article, readers=readers)
        if extract is not None:
            found.append(PopularArticle(article, extract.title, times))
    return tuple(found)


def _admin(
    desk: Desk, readings: Readings, viewer: Viewer, gaps: tuple[GapLine, ...]
) -> HomeForAdmin:
    now = desk.clock()
    with desk.look() as uow:
        ailing = uow.ailments.kept()
    overdue = readings.overdue(OVERDUE_SHOWN)
    return HomeForAdmin(
        readings.volumes(now - A_DAY, now - LATELY),
        readings.queues(),
        replace(
            overdue,
            oldest=readable_by(veiled(overdue.oldest, viewer), viewer.user, viewer.groups),
        ),
        readings.health(),
        ailing,
        gaps,
        desk.last_month.lines,
    )
