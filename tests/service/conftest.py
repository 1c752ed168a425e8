"""A desk over a real store, with people and articles that do as they are told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.desk.ids import ChannelId, Ts
from bot.service.context import ChannelMode, Desk
from bot.service.handling import plan, plan_failure
from tests import builders as a
from tests.fakes import FakeDirectory, FakeTriager

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.commands import Command
    from bot.desk.ids import Thread
    from bot.desk.notices import Notice
    from bot.desk.ports.work import Change
    from bot.desk.tickets import Escalation, Ticket
    from bot.store.outbox import OutboxRow
    from bot.store.unit_of_work import SqliteUnitOfWork, Store
    from tests.fakes import TurnableClock


class Office:
    """Handles commands as the worker does, and shows what each was answered with.

    While a transaction is open, nobody is looked up and nothing is searched: a slow Slack
    would lock everybody else out of the database.
    """

    def __init__(self, store: Store, clock: TurnableClock) -> None:
        """Join the store with a triager and a directory that watch for open transactions."""
        self.store = store
        self.clock = clock
        self.triager = FakeTriager(before=self._no_transaction)
        self.directory = FakeDirectory(before=self._no_transaction)
        self._open = 0
        self.desk = Desk(
            unit_of_work=self._watched,
            triager=self.triager,
            directory=self.directory,
            groups=a.groups(),
            modes={"it-help": ChannelMode.QUESTIONS},
            clock=clock,
            readings=store.readings,
            reads=store.look,
        )

    def _no_transaction(self) -> None:
        assert self._open == 0, "somebody was looked up within a transaction"

    @contextmanager
    def _watched(self) -> Iterator[SqliteUnitOfWork]:
        self._open += 1
        try:
            with self.store.unit_of_work() as uow:
                yield uow
        finally:
            self._open -= 1

    def handle(self, command: Command) -> list[OutboxRow]:
        """Handle a command; gives what is sent, in order."""
        return self.apply(plan(command, self.desk))

    def fail(self, command: Command, error: str = "KeyError") -> list[OutboxRow]:
        """Handle a command that cannot be handled."""
        return self.apply(plan_failure(command, self.desk, error))

    def apply(self, change: Change) -> list[OutboxRow]:
        """Apply a change and send everything that it wrote."""
        with self._watched() as uow:
            change(uow)
        sent = []
        while (row := self.store.outbox.claim()) is not None:
            self.store.outbox.sent(row, _where(row), _ts_of(row))
            sent.append(row)
        return sent

    def ticket(self, thread: Thread = a.THREAD) -> Ticket:
        """Give the ticket of a thread."""
        found = self.find_ticket(thread)
        assert found is not None
        return found

    def find_ticket(self, thread: Thread = a.THREAD) -> Ticket | None:
        """Give the ticket of a thread, if there is one."""
        with self._watched() as uow:
            return uow.tickets.in_thread(thread)

    def escalation(self) -> Escalation:
        """Give the latest escalation of Ana's ticket."""
        ticket = self.ticket()
        with self._watched() as uow:
            found = uow.escalations.latest_for(ticket.id)
        assert found is not None
        return found

    def said(self, thread: Thread = a.THREAD) -> list[str]:
        """Give the conversation of a thread's ticket, its deleted messages bracketed."""
        ticket = self.ticket(thread)
        with self._watched() as uow:
            return [
                f"[{line.text}]" if line.deleted else line.text
                for line in uow.conversation.of(ticket.id)
            ]


def _where(row: OutboxRow) -> ChannelId:
    return ChannelId(row.channel)


def _ts_of(row: OutboxRow) -> Ts:
    return row.edit_ts or Ts(f"1772453000.{row.id:06d}")


def place_of(row: OutboxRow) -> tuple[str, str | None]:
    """Give channel and timestamp at which a notice came to stand."""
    return row.channel, _ts_of(row)


def kinds(sent: list[OutboxRow]) -> list[str]:
    """Name what was sent, in order."""
    return [row.notice.kind for row in sent]


def the(sent: list[OutboxRow], kind: type[Notice]) -> OutboxRow:
    """Give the one notice of a kind that was sent."""
    (row,) = [row for row in sent if isinstance(row.notice, kind)]
    return row


@pytest.fixture
def office(store: Store, clock: TurnableClock) -> Office:
    """A desk at which nobody has asked anything yet."""
    return Office(store, clock)
