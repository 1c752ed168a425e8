"""Whoever sends too fast, or too much at once, is told what becomes of it; nothing is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Deleted, Edited, Message
from bot.desk.privacy import TooMuch
from bot.desk.views import DeskAlert
from bot.service.oncall.alerting import alert_admins
from bot.service.privacy.admitting import concerns, there
from bot.service.tickets.presses import privately

if TYPE_CHECKING:
    from bot.desk.commands import Command
    from bot.desk.ids import UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk


def with_limits_told(
    command: Command, change: Change, desk: Desk, *, slowed: bool, cut: bool
) -> Change:
    """Give the same change, and after it, to the author alone, what was held back or cut.

    Whoever did not speak to Frontline is not spoken to.
    """
    if not (slowed or cut) or isinstance(command, Deleted):
        return change
    if isinstance(command, Message | Edited):
        said = command.as_message if isinstance(command, Edited) else command
        if said.by_app:
            change = _and_alert(change, said, desk) if slowed else change
            # In its thread, where those read it who take up what an app reports.
            thread = Destination(said.channel, thread_ts=said.thread.ts)
            return _and_tell(change, said.user, thread, slowed=False, cut=cut) if cut else change
        if not concerns(said, desk):
            return change
        return _and_tell(change, said.user, there(said), slowed=slowed, cut=cut)
    return _and_tell(change, command.at.user, privately(command.at), slowed=slowed, cut=cut)


def _and_alert(change: Change, said: Message, desk: Desk) -> Change:
    """An app does not read what it is told: whoever looks after the desk is told of it."""

    def and_alert(uow: UnitOfWork) -> None:
        change(uow)
        if uow.once.first_slowing(said.user):
            alert_admins(uow, desk, DeskAlert("app_floods", said.user))

    return and_alert


def _and_tell(change: Change, user: UserId, to: Destination, *, slowed: bool, cut: bool) -> Change:
    def and_tell(uow: UnitOfWork) -> None:
        change(uow)
        if slowed and uow.once.first_slowing(user):
            uow.outbox.put(TooMuch("fast"), to)
        if cut:
            uow.outbox.put(TooMuch("long"), to)

    return and_tell
