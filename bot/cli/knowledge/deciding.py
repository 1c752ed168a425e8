"""Pressing a button in the terminal: the same plan, its refusals heard instead of sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bot.desk.admission import Standing
from bot.desk.learning import DraftWord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.ids import ChannelId, Ts, UserId
    from bot.desk.oncall import OnCall, ResolverGroup
    from bot.desk.ports.oncall import Directory
    from bot.desk.ports.work import Change, UnitOfWork


class Owner:
    """What Slack says of channels; whoever has the database may decide, as `kb gaps --mark`."""

    def __init__(self, slack: Directory) -> None:
        """Ask Slack for all but authority."""
        self._slack = slack

    def may_act(self, user: UserId, groups: Sequence[ResolverGroup]) -> bool:  # noqa: ARG002 - as the port has it
        """Be whoever it takes."""
        return True

    def standing(self, user: UserId) -> Standing:  # noqa: ARG002 - as the port has it
        """Be a member."""
        return Standing.MEMBER

    def is_private(self, name: str) -> bool:
        """Tell whether a channel is known to be private."""
        return self._slack.is_private(name)

    def on_call(self, group: ResolverGroup) -> OnCall:
        """Tell who is on call."""
        return self._slack.on_call(group)

    def channel_id(self, name: str) -> ChannelId | None:
        """Find a channel."""
        return self._slack.channel_id(name)

    def permalink(self, channel: ChannelId, ts: Ts) -> str | None:
        """Give a link to a message."""
        return self._slack.permalink(channel, ts)

    def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Tell which user groups somebody is in."""
        return self._slack.groups_of(user, among)


class _Heard:
    """An outbox that keeps the words to whoever presses, and sends the rest."""

    def __init__(self, outbox: Any) -> None:
        self._outbox = outbox
        self.words: list[DraftWord] = []

    def put(self, notice: Any, *rest: Any) -> Any:
        if isinstance(notice, DraftWord):
            self.words.append(notice)
            return 0
        return self._outbox.put(notice, *rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)


class _Listening:
    """A unit of work whose outbox is heard."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.outbox = _Heard(uow.outbox)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)


def overheard(uow: UnitOfWork, change: Change) -> tuple[DraftWord, ...]:
    """Apply a change; gives what whoever pressed would be told of why nothing came of it."""
    listening = _Listening(uow)
    change(cast("UnitOfWork", listening))
    return tuple(listening.outbox.words)
