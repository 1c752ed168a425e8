"""A sign that somebody was heard, where many wait: without the models, before any answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy, Message, Place
from bot.service.asking.intake import is_ours

if TYPE_CHECKING:
    from bot.desk.commands import Command
    from bot.service.context import Desk

HEARD = Courtesy("heard")


def where_heard(command: Command | None, desk: Desk) -> Destination | None:
    """Tell where a sign is seen by whoever wrote; None where nobody waits for an answer.

    Once for a conversation: of a thousand in one channel all see the same line, and Slack takes
    no thousand in a minute.
    """
    if not isinstance(command, Message) or command.edited or not command.text.strip():
        return None
    if not is_ours(command, desk):
        return None
    at_top = command.place is Place.DIRECT or command.is_top_level
    return Destination(command.channel, thread_ts=None if at_top else command.thread.ts)
