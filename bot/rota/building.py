"""Wiring of the rotas: from the configuration to who is on call."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from bot.desk.errors import ConfigurationError
from bot.desk.ids import UserId
from bot.desk.oncall import Overridden
from bot.desk.ports.oncall import Directory, UserGroups
from bot.reaching import Reach
from bot.rota.book import RotaBook
from bot.rota.fetching import fetch, read_file
from bot.rota.names import Names
from bot.rota.present import Present
from bot.service.oncall.watch import RotaDuty

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.oncall import Rota
    from bot.desk.ports.time import Clock
    from bot.rota.book import StandingOverrides
    from bot.rota.calendars import CalendarRota
    from bot.settings.groups import RotaSettings
    from bot.settings.settings import Settings

UNSAFE_IN_FILE_NAME = re.compile(r"[^\w-]")


class Workspace(Directory, UserGroups, Protocol):
    """Slack as the rotas need it: who is who, and user groups that follow them."""


class Members(Protocol):
    """The members of the workspace."""

    def find(self, name: str) -> UserId | None:
        """Find one by id, address or name."""

    def several(self, name: str) -> int:
        """Count those who share a name."""

    def is_gone(self, user: UserId) -> bool:
        """Whether there is surely no such active member."""


@dataclass(frozen=True)
class RotaWiring:
    """What build_rotas gives: the book, what reads calendars, and the duty to watch over them."""

    book: RotaBook
    calendars: tuple[CalendarRota, ...]
    duty: RotaDuty


def build_rotas(
    settings: Settings,
    slack: Workspace,
    members: Members,
    overrides: StandingOverrides,
    clock: Clock,
) -> RotaWiring:
    """Build the rotas of all groups; calendars are recalled from disk, and read later."""
    rotas: dict[str, Rota] = {}
    calendars: list[CalendarRota] = []
    known: dict[str, str] = {}
    people: dict[str, frozenset[UserId]] = {}
    for name, group in settings.file.groups.items():
        if group.rota is None:
            continue
        known |= group.rota.people
        named = (*group.rota.members, *group.rota.people.values())
        people[name] = frozenset(UserId(each) for each in named)
        rota: Rota | None = group.rota.rotation(group.zone)
        if rota is None:
            names = Names(group.rota.people, members.find, members.several)
            calendar = _calendar(settings, name, group.rota, names, clock)
            calendar.recall()
            calendars.append(calendar)
            rota = calendar
        planned = tuple(each.override(name, group.zone) for each in group.rota.overrides)
        whole = Overridden(rota, planned) if planned else rota
        rotas[name] = Present(whole, members.is_gone)
    names = Names(known, members.find, members.several)
    book = RotaBook(slack, rotas, overrides, names, clock)
    book.serve(settings.groups.groups, people, members.is_gone)
    duty = RotaDuty(
        planned=frozenset(rotas),
        admins=tuple(sorted(settings.admins)),
        usergroups=slack if settings.file.oncall.sync_usergroup else None,
    )
    return RotaWiring(book, tuple(calendars), duty)


def _calendar(
    settings: Settings, group: str, rota: RotaSettings, names: Names, clock: Clock
) -> CalendarRota:
    from bot.rota.calendars import CalendarRota, CalendarSource  # noqa: PLC0415 - few have one

    keep = settings.db.parent / "rotas" / f"{UNSAFE_IN_FILE_NAME.sub('_', group)}.ics"
    read = _reading(group, rota)
    zone = settings.file.groups[group].zone
    return CalendarRota(CalendarSource(read, keep), names, zone, clock)


def _reading(group: str, rota: RotaSettings) -> Callable[[], bytes]:
    if rota.file is not None:
        return partial(read_file, rota.file)
    url = rota.url or os.environ.get(rota.url_env or "")
    if not url:
        raise ConfigurationError(
            f"The rota of the group {group!r} is at the address in {rota.url_env}, "
            "which is not set in the environment."
        )
    return partial(fetch, url, reach=Reach(rota.internal))
