"""What people see where they look, built from the readings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import home_of
from bot.desk.views import HomeForAdmin, HomeForEngineer, HomeForRequester, HomeView, PopularArticle
from bot.service.asking.audience import reader_alone
from bot.service.oncall.board import watchers
from bot.service.views.direct import readable_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desk.ids import UserId
    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.views import OpenHome, Readings
    from bot.service.context import Desk

SHOWN = 10
SETTLED_SHOWN = 5
ARTICLES_SHOWN = 5
OVERDUE_SHOWN = 5
SOON = timedelta(hours=4)
LATELY = timedelta(days=7)
A_DAY = timedelta(days=1)


def groups_of(desk: Desk, user: UserId) -> tuple[ResolverGroup, ...]:
    """Give the resolver groups that somebody belongs to."""
    return tuple(group for group in desk.groups.groups if desk.may_act(user, (group,)))


def sees_all(desk: Desk, user: UserId) -> bool:
    """Tell whether somebody may see everybody's tickets: engineers and admins."""
    return user in desk.admins or desk.may_act(user, desk.groups.groups)


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
    with desk.readings() as readings:
        own = HomeForRequester(
            readings.open_of(user, SHOWN),
            readings.settled_of(user, SETTLED_SHOWN),
            _popular(desk, readings, now, readers),
        )
        engineer = None
        if groups:
            names = [group.name for group in groups]
            engineer = HomeForEngineer(
                readings.assigned_to(user, SHOWN),
                readings.unassigned_in(names, SHOWN),
                readings.due_before(now + SOON, names, SHOWN),
                on_call,
            )
        names = [group.name for group in groups]
        admin = _admin(readings, now, user, names) if user in desk.admins else None
    return HomeView(user, own, engineer, admin)


def _popular(
    desk: Desk, readings: Readings, now: datetime, readers: frozenset[str]
) -> tuple[PopularArticle, ...]:
    found = []
    for article, times in readings.popular(now - LATELY, ARTICLES_SHOWN):
        extract = desk.triager.extract(article, readers=readers)
        if extract is not None:
            found.append(PopularArticle(article, extract.title, times))
    return tuple(found)


def _admin(readings: Readings, now: datetime, user: UserId, groups: Sequence[str]) -> HomeForAdmin:
    overdue = readings.overdue(OVERDUE_SHOWN)
    return HomeForAdmin(
        readings.volumes(now - A_DAY, now - LATELY),
        readings.queues(),
        replace(overdue, oldest=readable_by(overdue.oldest, user, groups)),
        readings.health(),
    )
