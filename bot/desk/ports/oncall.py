"""Who is who, who is on call, and who stands in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.desk.admission import Standing
    from bot.desk.ids import (
        ChannelId,
        Ts,
        UserId,
    )
    from bot.desk.oncall import OnCall, Override, ResolverGroup, RotaState, Shift, Watch


class Overrides(Protocol):
    """Who stands in for whom, and who was on call when last looked."""

    def add(self, override: Override) -> Override | None:
        """Lay an override on top; None where just this one lies there already."""

    def get(self, number: int) -> Override | None:
        """Find an override that is not cancelled."""

    def cancel(self, number: int, by: UserId) -> bool:
        """Take an override back; False where it was taken back before."""

    def of(self, group: str, since: datetime) -> tuple[Override, ...]:
        """Give a group's overrides that end after an instant, the later made last."""

    def state(self, group: str) -> RotaState:
        """Tell who was on call for a group when last looked."""

    def remember(self, group: str, state: RotaState) -> None:
        """Write down who is on call for a group."""


class Directory(Protocol):
    """Who is who, and who is on call."""

    def on_call(self, group: ResolverGroup) -> OnCall:
        """Tell who is on call for a group; falls back to the configuration, and says so."""

    def channel_id(self, name: str) -> ChannelId | None:
        """Find a channel by name or id; None where it does not exist."""

    def channel_ids(self, names: Collection[str]) -> Sequence[ChannelId | None]:
        """Find several at once, in their order."""

    def is_private(self, name: str) -> bool:
        """Tell whether a channel, by name or id, is known to be private."""

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        """Give a link to a message; None where Slack gives none."""

    def may_act(self, user: UserId, groups: Sequence[ResolverGroup]) -> bool:
        """Tell whether a person belongs to one of these groups."""

    def standing(self, user: UserId) -> Standing:
        """Tell how somebody stands to the workspace."""

    def known_standing(self, user: UserId) -> Standing | None:
        """Tell it as far as it is known; None where Slack would have to be asked."""

    def locale(self, user: UserId) -> str:
        """Give the language that somebody's Slack is set to, as `de-DE`; empty if not known."""

    def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Tell which of these user groups somebody is in; what cannot be read, they are not in."""


class Rotas(Protocol):
    """Who is planned to be on call, overrides included; answers without waiting."""

    def watch(self, group: str, at: datetime) -> Watch:
        """Tell who is on call for a group at an instant, and who comes next."""

    def pieces(self, group: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Give who is on call for a group, piece by piece."""

    def person(self, group: str, name: str) -> UserId | None:
        """Find a person by a mention, an address or a name."""


class UserGroups(Protocol):
    """Slack's user groups, as far as they are kept equal to who is on call."""

    def keep_members(self, handle: str, members: Sequence[UserId]) -> None:
        """Make these people the members of a user group.

        Raises:
            DeliveryError: Slack refused it for good.
            RetryableDeliveryError: Slack may take it later.
        """
