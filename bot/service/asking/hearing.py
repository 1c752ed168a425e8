"""A sign that somebody was heard, where many wait: without the models, before any answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Message, Place
from bot.service.asking.intake import is_ours

if TYPE_CHECKING:
    from bot.desk.commands import Command
    from bot.desk.ids import UserId
    from bot.service.context import Desk


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits for an answer, and where they see a sign."""

    user: UserId
    to: Destination


def who_waits(command: Command | None, desk: Desk) -> Waiting | None:
    """Tell who waits for an answer to a command, and where; None where nobody does.

    Once for a conversation: of a thousand in one channel all see the same line, and Slack takes
    no thousand in a minute. Apps read no such line.
    """
    if not isinstance(command, Message) or command.edited or not command.text.strip():
        return None
    if command.by_app or not is_ours(command, desk):
        return None
    at_top = command.place is Place.DIRECT or command.is_top_level
    thread_ts = None if at_top else command.thread.ts
    return Waiting(command.user, Destination(command.channel, thread_ts=thread_ts))


def is_admitted(user: UserId, desk: Desk) -> bool | None:
    """Tell whether somebody may ask, by what is known; None where Slack would have to be asked.

    Whoever may not is told so in their turn, and not before that they were heard.
    """
    standing = desk.directory.known_standing(user)
    return None if standing is None else desk.admission.may_ask(standing)
