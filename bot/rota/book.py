"""Who is on call for each group: its rota, with the overrides laid over it and a way out of gaps.

It is also the directory that the desk asks, so that a call reaches who the rota says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot.desk.oncall import LOOK_AHEAD, LOOK_BACK, OnCall, Watch, layered, watch_of
from bot.rota.usergroup import UserGroupRota

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from bot.desk.admission import Standing
    from bot.desk.ids import ChannelId, Ts, UserId
    from bot.desk.oncall import Override, ResolverGroup, Rota, Shift
    from bot.desk.ports.oncall import Directory
    from bot.desk.ports.time import Clock
    from bot.rota.names import Names


class StandingOverrides(Protocol):
    """The overrides on record, and who was on call when last looked."""

    def of(self, group: str, since: datetime) -> tuple[Override, ...]:
        """Give a group's overrides that end after an instant, the later made last."""

    def last_known(self, group: str) -> tuple[UserId, ...]:
        """Tell who was on call for a group when last looked."""


class RotaBook:
    """The rotas of all groups; a group without one is served by its Slack user group."""

    def __init__(
        self,
        directory: Directory,
        rotas: Mapping[str, Rota],
        overrides: StandingOverrides,
        names: Names,
        clock: Clock,
    ) -> None:
        """Join the rotas with Slack's directory and the overrides on record."""
        self._directory = directory
        self._rotas = rotas
        self._overrides = overrides
        self._names = names
        self._clock = clock
        self._groups: dict[str, ResolverGroup] = {}
        self._people: dict[str, frozenset[UserId]] = {}
        self._is_gone: Callable[[UserId], bool] = lambda _: False

    def serve(
        self,
        groups: Sequence[ResolverGroup],
        people: Mapping[str, frozenset[UserId]],
        is_gone: Callable[[UserId], bool] = lambda _: False,
    ) -> None:
        """Name the groups that are asked about by name, whom their rotas name, who has left."""
        self._groups = {group.name: group for group in groups}
        self._people = dict(people)
        self._is_gone = is_gone

    # --- as the desk's rotas

    def watch(self, group: str, at: datetime) -> Watch:
        """Tell who is on call for a group at an instant, and who comes next."""
        since, until = at - LOOK_BACK, at + LOOK_AHEAD
        roster = self._rota(group).roster(since, until)
        overrides = self._overrides.of(group, since)
        found = watch_of(layered(roster.shifts, overrides, since, until), at)
        return replace(found, note=roster.note, is_old=roster.is_old)

    def pieces(self, group: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Give who is on call for a group, piece by piece."""
        roster = self._rota(group).roster(since, until)
        return layered(roster.shifts, self._overrides.of(group, since), since, until)

    def person(self, group: str, name: str) -> UserId | None:  # noqa: ARG002 - names are the same in all groups
        """Find a person by a mention, an address or a name."""
        return self._names.person(name)

    def _rota(self, group: str) -> Rota:
        rota = self._rotas.get(group)
        return rota or UserGroupRota(self._directory, self._groups[group])

    # --- as the desk's directory

    def on_call(self, group: ResolverGroup) -> OnCall:
        """Tell whom a call reaches; where the rota has nobody, whoever can be found."""
        now = self._clock()
        if group.name not in self._rotas and not self._is_overridden(group.name, now):
            return self._directory.on_call(group)
        watch = self.watch(group.name, now)
        if watch.members:
            following = tuple(each for each in _next(watch) if each not in watch.members)
            return OnCall(watch.members, self._mention(group, watch.members), watch.note, following)
        return self._without(group, watch)

    def _is_overridden(self, group: str, now: datetime) -> bool:
        return any(each.start <= now for each in self._overrides.of(group, now))

    def _mention(self, group: ResolverGroup, members: tuple[UserId, ...]) -> str | None:
        """Mention the user group where it holds just those on call, else nobody but them."""
        if group.usergroup is None:
            return None
        found = self._directory.on_call(group)
        return found.usergroup_id if set(found.members) == set(members) else None

    def _without(self, group: ResolverGroup, watch: Watch) -> OnCall:
        """Nobody is on call: find somebody all the same, and say who it is.

        In a gap that is the fallback first; where the source fails, the last known.
        """
        coming = _next(watch)
        last = self._overrides.last_known(group.name)
        choices = [("fallback", self._here(group.fallback))]
        choices.insert(0 if watch.is_old else 1, ("last known", self._here(last)))
        choices.append(("next", coming))
        called, members = next((each for each in choices if each[1]), ("", ()))
        why = watch.note or "Nobody is on call now by the rota."
        note = f"{why} The {called} people are called." if members else why
        return OnCall(members, None, note, tuple(each for each in coming if each not in members))

    def _here(self, members: tuple[UserId, ...]) -> tuple[UserId, ...]:
        """Leave out who has left, unless that is all of them: somebody has to be called."""
        return tuple(each for each in members if not self._is_gone(each)) or members

    def may_act(self, user: UserId, groups: Sequence[ResolverGroup]) -> bool:
        """Tell whether a person belongs to one of these groups: on call or not, or standing in."""
        return self._directory.may_act(user, groups) or any(
            user == group.lead or user in self._people_of(group) for group in groups
        )

    def _people_of(self, group: ResolverGroup) -> set[UserId]:
        now = self._clock()
        rota = self._rotas.get(group.name)
        shifts = rota.roster(now - LOOK_BACK, now + LOOK_AHEAD).shifts if rota else ()
        people = {member for shift in shifts for member in shift.members}
        standing_in = {each.member for each in self._overrides.of(group.name, now)}
        people |= self._people.get(group.name, frozenset())
        return people | standing_in | (set(self.on_call(group).members) if rota else set())

    def standing(self, user: UserId) -> Standing:
        """Tell how somebody stands to the workspace."""
        return self._directory.standing(user)

    def known_standing(self, user: UserId) -> Standing | None:
        """Tell it as far as it is known."""
        return self._directory.known_standing(user)

    def locale(self, user: UserId) -> str:
        """Give the language that somebody's Slack is set to."""
        return self._directory.locale(user)

    def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Tell which of these user groups somebody is in."""
        return self._directory.groups_of(user, among)

    def channel_id(self, name: str) -> ChannelId | None:
        """Find a channel by name or id."""
        return self._directory.channel_id(name)

    def channel_ids(self, names: Collection[str]) -> Sequence[ChannelId | None]:
        """Find several at once."""
        return self._directory.channel_ids(names)

    def is_private(self, name: str) -> bool:
        """Tell whether a channel is known to be private."""
        return self._directory.is_private(name)

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        """Give a link to a message."""
        return self._directory.permalink(channel, ts)


def _next(watch: Watch) -> tuple[UserId, ...]:
    return watch.next.members if watch.next else ()
