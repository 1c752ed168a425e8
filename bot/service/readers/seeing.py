"""Who looks: a person with their groups, as the rule of who may see a ticket asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.tickets import Viewer

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.oncall import ResolverGroup
    from bot.service.context import Desk


def groups_of(desk: Desk, user: UserId) -> tuple[ResolverGroup, ...]:
    """Give the resolver groups that somebody belongs to."""
    return tuple(group for group in desk.groups.groups if desk.may_act(user, (group,)))


def viewer_of(desk: Desk, user: UserId) -> Viewer:
    """Give somebody as a viewer; looked up before a transaction begins."""
    return Viewer(user, frozenset(group.name for group in groups_of(desk, user)))
