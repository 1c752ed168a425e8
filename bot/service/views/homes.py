"""What people see where they look, built from the readings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import home_of
from bot.desk.tickets import Viewer, is_look
from bot.desk.views import HomeForAdmin, HomeForEngineer, HomeForRequester, HomeView, PopularArticle
from bot.service.oncall.board import watchers
from bot.service.readers.audience import reader_alone
from bot.service.readers.seeing import groups_of
from bot.service.views.direct import readable_by

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.views import OpenHome, Readings, TicketSummary
    from bot.service.context import Desk

SHOWN = 10
SETTLED_SHOWN = 5
ARTICLES_SHOWN = 5
OVERDUE_SHOWN = 5
SOON = timedelta(hours=4)
LATELY = timedelta(days=7)
VEIL = "restricted; its words stand on its card"
A_DAY = timedelta(days=1)


def sees_all(desk: Desk, user: UserId) -> bool:
    """Tell whether somebody may see everybody's tickets: engineers and admins."""
    return user in desk.admins or desk.may_act(user, desk.groups.usual)


def plan_open_home(command: OpenHome) -> Change:
    """Somebody opened their Home: it is built and published, now and whenever it changes."""
    return lambda uow: uow.homes.opened(command.at.user)


def plan_home(user: UserId, mark: int, desk: Desk) -> Change:
    """Build somebody's Home; the mark tells whether it changed again in the meantime."""
    view = home_view(desk, user)

    def change(uow: UnitOfWork) -> None:
        uow.homes.published(user, mark)
        uow.outbox.put(view, home_of(user))

    return change


def home_view(desk: Desk, user: UserId) -> HomeView:
    """Build somebody's Home: as requester, and as engineer and admin where they are that."""
    groups = groups_of(desk, user)
    on_call = tuple(watchers(desk, group) for group in groups)
    now = desk.clock()
    readers = reader_alone(desk, user)
    viewer = Viewer(user, frozenset(group.name for group in groups))
    with desk.readings(viewer) as readings:
        own = HomeForRequester(
            readings.open_of(user, SHOWN),
            readings.settled_of(user, SETTLED_SHOWN),
            _popular(desk, readings, now, readers),
        )
        engineer = None
        if groups:
            names = [group.name for group in groups]
            engineer = HomeForEngineer(
                veiled(readings.assigned_to(user, SHOWN), viewer),
                veiled(readings.unassigned_in(names, SHOWN), viewer),
                veiled(readings.due_before(now + SOON, names, SHOWN), viewer),
                on_call,
            )
        admin = _admin(readings, now, viewer) if user in desk.admins else None
    return HomeView(user, own, engineer, admin)


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


def _admin(readings: Readings, now: datetime, viewer: Viewer) -> HomeForAdmin:
    overdue = readings.overdue(OVERDUE_SHOWN)
    return HomeForAdmin(
        readings.volumes(now - A_DAY, now - LATELY),
        readings.queues(),
        replace(
            overdue,
            oldest=readable_by(veiled(overdue.oldest, viewer), viewer.user, viewer.groups),
        ),
        readings.health(),
    )
