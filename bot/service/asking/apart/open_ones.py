"""Which tickets somebody may be writing about, where they write outside of any thread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.asking import Place
from bot.desk.promises import Priority
from bot.desk.tickets import TicketState
from bot.service.asking.standing import recent_ones
from bot.service.messages.wording import TICKET_NUMBER

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk

MOST_READ = 5
"""Of what people were called for, so much is looked at for each message."""

JUST_ASKED = timedelta(minutes=15)
"""What is written so soon after a ticket began, or so soon after it was asked back, goes on."""


def open_ones(message: Message, desk: Desk) -> tuple[Ticket, ...]:
    """Give the tickets that a top-level direct message may go on about, the likeliest first.

    That is what people were called for, the most urgent first, that of this place before what was
    asked in a channel; then the last one of this place, which may have ended. None is old. Where
    one is named by its number, that one alone. What nobody was called for in a channel is answered
    there, and never with words that were written privately.
    """
    if message.place is not Place.DIRECT or not message.is_top_level:
        return ()
    meant = _named(message.text, recent_ones(message, desk))
    here = [each for each in meant if each.thread.channel == message.channel]
    called = [each for each in meant if each.state is TicketState.ESCALATED]
    urgent = sorted(called, key=lambda t: (t not in here, (t.priority or Priority.P4).rank))
    return tuple(dict.fromkeys((*urgent[:MOST_READ], *here[:1])))


def _named(text: str, theirs: list[Ticket]) -> list[Ticket]:
    """Keep the ticket that is named; a T480 that is no ticket of theirs is a laptop."""
    named = TICKET_NUMBER.search(text)
    if named is None:
        return theirs
    meant = [each for each in theirs if each.id == int(named.group(1))]
    return meant if meant or "-" in named.group() else theirs


def is_just_asked(message: Message, ticket: Ticket) -> bool:
    """Tell whether a ticket began so lately that what comes now is likely the same story."""
    began = datetime.fromtimestamp(float(ticket.asked_ts), UTC)
    return message.written_at - began < JUST_ASKED
