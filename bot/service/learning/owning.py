"""Whose an article is, as its source or the configuration says, where that is found in Slack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.ids import UserId
from bot.desk.oncall import same_area

if TYPE_CHECKING:
    from bot.desk.oncall import ResolverGroup
    from bot.service.context import Desk

PERSON = re.compile(r"\A<?@?([UW][A-Z0-9]{5,20})>?\Z")
"""How a person is named as an owner: by the id that Slack gave them."""


@dataclass(frozen=True)
class Owner:
    """A resolver group, or a person."""

    group: ResolverGroup | None = None
    person: UserId | None = None

    @property
    def asked(self) -> UserId | None:
        """Who is asked by name: the person, or the group's lead."""
        return self.person or (self.group.lead if self.group else None)


def owner_of(desk: Desk, article: str) -> Owner | None:
    """Find whose an article is; None where nobody is named, or nobody is found by the name.

    A group is named as it is in the configuration, by its user group or by its channel; capitals
    and what joins the words do not count. Asks the directory.
    """
    found = desk.triager.article(article, readers=frozenset())
    name = found.owner.strip() if found else ""
    person = PERSON.match(name)
    if person:
        user = UserId(person.group(1))
        return Owner(person=user) if desk.may_ask(user) else None
    for group in desk.groups.usual if name else ():
        if any(
            same_area(name, known)
            for known in (group.name, group.usergroup, group.channel)
            if known
        ):
            return Owner(group)
    return None


def owns(desk: Desk, user: UserId, article: str) -> bool:
    """Tell whether an article is somebody's: their own, or their group's."""
    owner = owner_of(desk, article)
    if owner is None:
        return False
    return owner.person == user or (owner.group is not None and desk.may_act(user, (owner.group,)))
