"""What is said on a ticket goes on record, with what came with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.asking import ASKS_WHAT, Courtesy
from bot.desk.tickets import with_files

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.ids import UserId
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket


def record(uow: UnitOfWork, ticket: Ticket, message: Message, author: UserId | None = None) -> None:
    """Put a message on record; its author is somebody else where it was asked about."""
    said = with_files(message.text, message.files)
    elsewhere = None if message.channel == ticket.thread.channel else message.channel
    who = author or message.user
    uow.conversation.add(ticket.id, who, said, message.ts, message.files, channel=elsewhere)


def record_from_the_start(
    uow: UnitOfWork, ticket: Ticket, message: Message, author: UserId | None = None
) -> None:
    """Put a ticket's first message on record, after what its writer was asked about before it.

    "It does not work" has no ticket; those who are called later read it all the same.
    """
    for question in reversed(questions_to(message, uow)):
        if question.said:
            uow.conversation.add(ticket.id, message.user, question.said, question.said_ts)
    record(uow, ticket, message, author)


def questions_to(message: Message, uow: UnitOfWork) -> tuple[Courtesy, ...]:
    """Give what its writer was asked in its thread before any ticket, the last one first."""
    if message.is_top_level:
        return ()
    said = uow.outbox.without_ticket(message.channel, message.thread.ts)
    return tuple(
        each
        for each in said
        if isinstance(each, Courtesy)
        and each.occasion in ASKS_WHAT
        and each.asker == str(message.user)
    )
