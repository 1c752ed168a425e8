"""What is said on a ticket goes on record, with what came with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.tickets import with_files

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.ids import UserId
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket


def record(uow: UnitOfWork, ticket: Ticket, message: Message, author: UserId | None = None) -> None:
    """Put a message on record; its author is somebody else where it was asked about."""
    said = with_files(message.text, message.files)
    uow.conversation.add(ticket.id, author or message.user, said, message.ts, message.files)
