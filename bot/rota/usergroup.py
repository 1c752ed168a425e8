"""A rota from a Slack user group: whoever is in it is on call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.oncall import Roster, Shift

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.oncall import Directory


class UserGroupRota:
    """The members of a group's Slack user group, as one shift without an end."""

    def __init__(self, directory: Directory, group: ResolverGroup) -> None:
        """Ask the directory, which remembers and falls back by itself."""
        self._directory = directory
        self._group = group

    def roster(self, since: datetime, until: datetime) -> Roster:
        """Give one shift over the whole stretch."""
        found = self._directory.on_call(self._group)
        if not found.members:
            return Roster((), found.note, is_old=bool(found.note))
        handle = self._group.usergroup
        source = f"@{handle}" if handle else "configuration"
        return Roster((Shift(since, until, found.members, source),), found.note)
