"""Resolver groups: the people of a tier, and where they are found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.desk.errors import ConfigurationError
from bot.desk.promises import PageRule, SlaPolicy, SupportHours

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.tiers import Tier


_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class ResolverGroup:
    """The people of a tier: a Slack user group, a channel, and whom to call without one.

    `hours` are when they are at their desks, `sla` what is promised in their name, `lead` is
    called when nobody else took it.
    """

    name: str
    tier: Tier
    channel: str
    usergroup: str | None = None
    fallback: tuple[UserId, ...] = ()
    areas: tuple[str, ...] = ()
    hours: SupportHours = field(default_factory=SupportHours.always)
    sla: SlaPolicy = field(default_factory=SlaPolicy)
    lead: UserId | None = None
    reserved: bool = False
    """Takes only what a route sends it, and sees nothing else."""
    pages: tuple[PageRule, ...] = ()
    """Whom it pages beyond Slack, and when."""


def same_area(one: str, other: str) -> bool:
    """Whether two names are of one area: capitals and what joins the words do not count."""
    return _plain(one) == _plain(other)


def _plain(area: str) -> str:
    return " ".join(_WORDS.findall(area.casefold()))


@dataclass(frozen=True)
class OnCall:
    """Who is on call for a group now, how they are mentioned, and who would be next."""

    members: tuple[UserId, ...]
    usergroup_id: str | None = None
    note: str = ""
    following: tuple[UserId, ...] = ()


@dataclass(frozen=True)
class Groups:
    """All resolver groups, and the choice among them."""

    groups: tuple[ResolverGroup, ...]

    @property
    def usual(self) -> tuple[ResolverGroup, ...]:
        """The groups that take what comes the usual way."""
        return tuple(group for group in self.groups if not group.reserved)

    def named(self, name: str) -> ResolverGroup:
        """Find a group by its name.

        Raises:
            ConfigurationError: no such group is configured (any more).
        """
        for group in self.groups:
            if group.name == name:
                return group
        raise ConfigurationError(
            f"No resolver group is called {name!r}; add [groups.{name}] to the configuration."
        )

    def responsible_for(self, tier: Tier, area: str | None = None) -> ResolverGroup:
        """Choose the group of a tier for an area; the first group without areas is the default.

        Raises:
            ConfigurationError: the tier has no group at all.
        """
        of_tier = [group for group in self.usual if group.tier is tier]
        if not of_tier:
            raise ConfigurationError(
                f'No resolver group serves {tier}; add one with tier = "{tier}" under [groups].'
            )
        for group in of_tier:
            if area and any(same_area(area, each) for each in group.areas):
                return group
        return next((group for group in of_tier if not group.areas), of_tier[0])

    def at_or_above(self, tier: Tier) -> tuple[ResolverGroup, ...]:
        """Give the groups whose members may act on an escalation of this tier."""
        return tuple(group for group in self.usual if group.tier.rank >= tier.rank)
