"""Whoever pastes a secret is told, once a request, that it was masked and should be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Edited, Message
from bot.desk.ids import DESK
from bot.desk.privacy import SecretSeen, is_direct
from bot.desk.tickets import with_names
from bot.desk.views import AskDirectly

if TYPE_CHECKING:
    from bot.desk.commands import Command
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.privacy import Scrubbed
    from bot.service.context import Desk


def advised(command: Command, change: Change, desk: Desk) -> Change:
    """Give the same change, with the advice after it where the command's words hold a secret."""
    if not isinstance(command, Message | Edited | AskDirectly):
        return change
    files = () if isinstance(command, AskDirectly) else command.files
    found = desk.scrubber.scrub(with_names(command.text, files))
    if not found:
        return change

    def and_advise(uow: UnitOfWork) -> None:
        change(uow)
        if isinstance(command, AskDirectly):
            uow.outbox.put(SecretSeen(found.kinds), Destination(command.at.user))
        else:
            _advise(uow, command, found)

    return and_advise


def _advise(uow: UnitOfWork, said: Message | Edited, found: Scrubbed) -> None:
    """Tell the author alone; whoever did not speak to Frontline is not spoken to."""
    ticket = uow.tickets.in_thread(said.thread)
    theirs = ticket is None and uow.escalations.in_thread(said.thread) is not None
    addressed = isinstance(said, Message) and said.addressed and not theirs
    if ticket is None and not addressed:
        return
    number = ticket.id if ticket else None
    if number is not None and not uow.once.first_secret(number, said.user):
        return
    alone = None if is_direct(said.channel) else said.user
    to = Destination(said.channel, thread_ts=said.thread.ts, only_for=alone)
    uow.outbox.put(SecretSeen(found.kinds, number), to, number)
    uow.audit.note(number or DESK, said.user, "secret masked", ", ".join(found.kinds))
