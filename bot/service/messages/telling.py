"""What is said where something was written, if it is taken up in another thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket


def tell_apart(uow: UnitOfWork, message: Message, ticket: Ticket) -> None:
    """Say below a direct message which ticket it belongs to, and that it is answered there."""
    here = Destination(message.channel, thread_ts=message.ts)
    above = ticket.thread.channel == message.channel
    told = Courtesy("apart", ticket.id) if above else Courtesy("apart_in_channel", ticket.id)
    uow.outbox.put(told, here, ticket.id)
