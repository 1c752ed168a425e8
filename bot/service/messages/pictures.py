"""Pictures without a word: what their sender writes next tells of them, and they belong to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.asking import Courtesy, Place
from bot.desk.ids import Ts
from bot.desk.tickets import File

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.ids import ChannelId, Thread, UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk

NO_WORDS = Courtesy("empty")

JUST_SENT = timedelta(minutes=15)
"""What is written so soon after a picture, outside of any thread, tells of it."""

MOST_SHOWN = 5
"""So many of somebody's last pictures belong to what they write next."""


def plan_picture_alone(message: Message, ask: Change | None) -> Change:
    """Keep in mind that a picture came alone, and `ask` for words; in silence with None."""

    def change(uow: UnitOfWork) -> None:
        thread = message.thread
        uow.once.picture_alone(thread.channel, thread.ts, message.user, silent=ask is None)
        if ask is not None:
            ask(uow)

    return change


def pictures_before(message: Message, desk: Desk) -> tuple[Ts, ...]:
    """Give the pictures that its writer sent alone where it stands, the last few.

    That is the one that its thread hangs on; and in direct messages, where people go on outside of
    any thread, those of the last minutes.
    """
    if message.is_top_level and message.place is not Place.DIRECT:
        return ()
    root = None if message.is_top_level else message.thread.ts
    since = Ts(f"{(message.written_at - JUST_SENT).timestamp():.6f}")
    with desk.look() as uow:
        sent = uow.once.pictures_of(message.channel, message.user, root, since)
        theirs = [each for each in sent if each != message.ts]
        left = [
            ts for ts in theirs if not uow.once.was_taken_back(message.team, message.channel, ts)
        ]
    return tuple(left[-MOST_SHOWN:])


def with_pictures(message: Message, pictures: tuple[Ts, ...], desk: Desk) -> Message:
    """Let pictures come with a message."""
    return replace(
        message, files=(*_linked(message.channel, message.user, pictures, desk), *message.files)
    )


def pictures_at(root: Thread, user: UserId, desk: Desk) -> tuple[File, ...]:
    """Give the picture that a thread hangs on, where somebody sent it alone."""
    with desk.look() as uow:
        sent = uow.once.pictures_of(root.channel, user, root.ts, root.ts)
        gone = uow.once.was_taken_back(root.team, root.channel, root.ts)
    return () if gone else _linked(root.channel, user, sent, desk)


def _linked(
    channel: ChannelId, user: UserId, pictures: tuple[Ts, ...], desk: Desk
) -> tuple[File, ...]:
    """Give what was asked about as it came, and a link to what was left alone in a channel.

    What others sent below is theirs.
    """
    with desk.look() as uow:
        asked = [uow.outbox.without_ticket(channel, each) for each in pictures]
    found: list[File] = []
    for each, said in zip(pictures, asked, strict=True):
        theirs = [n for n in said if isinstance(n, Courtesy) and n.asker == str(user)]
        came = next((n.files for n in theirs if n.files), ())
        link = None if came else desk.directory.permalink(channel, each)
        found += came or ([File("", link)] if link else [])
    return tuple(found)


def told_of(pictures: tuple[Ts, ...], message: Message, change: Change) -> Change:
    """Apply a change, and forget the pictures: what comes later tells of something else."""

    def both(uow: UnitOfWork) -> None:
        change(uow)
        for each in pictures:
            uow.once.told_of_picture(message.channel, each)

    return both
