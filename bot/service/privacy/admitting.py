"""Turning away those who may not ask: with a stated reply, once, and nothing kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.desk.addresses import Destination
from bot.desk.admission import Standing
from bot.desk.asking import Deleted, Edited, Message, Place
from bot.desk.privacy import ToldAnybody, TurnedAway
from bot.desk.views import OpenHome
from bot.service.asking.intake import is_ours, nothing
from bot.service.tickets.presses import privately

if TYPE_CHECKING:
    from bot.desk.commands import Command
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk


def plan_turning_away(command: Command, desk: Desk) -> Change | None:
    """Say what is done with a command of somebody who may not ask; None where they may."""
    if isinstance(command, Deleted) or (isinstance(command, Edited) and _is_known(command, desk)):
        # Whoever they are: what they take back is taken back here too.
        return None
    if isinstance(command, Edited):
        # What was passed over before may ask something by its edit.
        command = command.as_message
    user = command.user if isinstance(command, Message) else command.at.user
    if isinstance(command, Message) and (command.by_app or not concerns(command, desk)):
        return None
    standing = desk.standing_to_ask(user)
    if desk.admission.may_ask(standing):
        return None
    notice = TurnedAway(_why(standing))
    if isinstance(command, OpenHome) or standing is Standing.BOT:
        return nothing
    if isinstance(command, Message):
        to = there(command)
        told = _told(command, standing, desk)
        if told is not None:
            return lambda uow: _ignore(uow.outbox.put(told, to))
        return lambda uow: _once(uow, notice, to, command)
    at = command.at
    return lambda uow: _ignore(uow.outbox.put(notice, privately(at)))


def _is_known(edited: Edited, desk: Desk) -> bool:
    with desk.look() as uow:
        return uow.conversation.holds(edited.thread, edited.ts)


def concerns(message: Message, desk: Desk) -> bool:
    """Tell whether a message is for the desk, or on one of its tickets."""
    if is_ours(message, desk):
        return True
    with desk.look() as uow:
        return uow.tickets.in_thread(message.thread) is not None


def there(message: Message) -> Destination:
    """Give where its author alone is told something."""
    if message.place is Place.DIRECT:
        return Destination(message.channel, thread_ts=message.thread.ts)
    return Destination(message.channel, thread_ts=message.thread_ts, only_for=message.user)


def _told(message: Message, standing: Standing, desk: Desk) -> ToldAnybody | None:
    """Give what public articles say to one who may not ask, where they say anything."""
    public = desk.admission.told(standing)
    extract = desk.triager.public_answer(message.text, public) if public else None
    return ToldAnybody(extract) if extract is not None else None


def _once(uow: UnitOfWork, notice: TurnedAway, to: Destination, message: Message) -> None:
    if uow.once.first_refusal(message.user):
        uow.outbox.put(notice, to)


def _why(standing: Standing) -> Literal["stranger", "guest", "gone"]:
    match standing:
        case Standing.STRANGER:
            return "stranger"
        case Standing.GUEST:
            return "guest"
        case _:
            return "gone"


def _ignore(_: object) -> None:
    return None
