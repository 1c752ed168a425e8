"""Answers to what was asked while Frontline was away: each says when that was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from bot.desk.asking import Answer, Clarify, Courtesy
from bot.desk.tickets import Passed

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.addresses import Destination
    from bot.desk.asking import Message
    from bot.desk.ids import ChannelId, NoticeId, TicketId, Ts
    from bot.desk.notices import Notice
    from bot.desk.ports.delivery import Outbox, Posted
    from bot.desk.ports.work import Change, UnitOfWork


def said_when(message: Message, change: Change) -> Change:
    """Let what a change says to the asker of a late message say when that was."""
    if not message.late:
        return change
    asked_at = message.written_at
    return lambda uow: change(cast("UnitOfWork", _LateWork(uow, asked_at)))


class _LateWork:
    """A unit of work whose outbox dates the answers."""

    def __init__(self, uow: UnitOfWork, asked_at: datetime) -> None:
        self._uow = uow
        self.outbox = _LateOutbox(uow.outbox, asked_at)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)


class _LateOutbox:
    def __init__(self, outbox: Outbox, asked_at: datetime) -> None:
        self._outbox = outbox
        self._asked_at = asked_at

    def put(self, notice: Notice, to: Destination, ticket: TicketId | None = None) -> NoticeId:
        if isinstance(notice, Answer | Clarify | Courtesy | Passed) and to.edits is None:
            notice = replace(notice, asked_at=self._asked_at)
        return self._outbox.put(notice, to, ticket)

    def posted_at(self, channel: ChannelId, ts: Ts) -> Posted | None:
        return self._outbox.posted_at(channel, ts)

    def get(self, notice: NoticeId) -> Posted | None:
        return self._outbox.get(notice)
