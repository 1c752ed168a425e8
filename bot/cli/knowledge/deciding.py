"""Pressing a button in the terminal: the same plan, its refusals heard instead of sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bot.desk.admission import Standing
from bot.desk.learning import DraftWord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.ids import UserId
    from bot.desk.oncall import ResolverGroup
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

    def __getattr__(self, name: str) -> Any:
        """Ask Slack for the rest."""
        return getattr(self._slack, name)


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
