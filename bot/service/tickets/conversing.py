"""Engineers to the requester: asking, replying, sending on; all else stays in their thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.ids import Thread
from bot.desk.promises import Promise
from bot.desk.tickets import Refusal, Relayed, ThreadNote, with_files
from bot.service.tickets.clocks import keep_promise
from bot.service.tickets.presses import refuse
from bot.service.tickets.taking import as_engineer
from bot.service.tickets.telling import tell_engineers
from bot.service.tickets.waiting import begin_waiting

if TYPE_CHECKING:
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import AskRequester, Escalation, File, ReplyToRequester, SendOn, Ticket
    from bot.service.context import Desk


def plan_ask(press: AskRequester, desk: Desk) -> Change:
    """*Ask the requester*: until they answer, it is their turn."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        notice = Relayed(
            ticket.id, ticket.requester, press.at.user, escalation.tier, "asks", press.text
        )
        _relay(uow, ticket, notice)
        note = ThreadNote(ticket.id, "asked", press.at.user, press.text)
        tell_engineers(uow, escalation, note)
        uow.audit.note(ticket.id, press.at.user, "asked the requester", press.text)
        begin_waiting(uow, desk, ticket, escalation)

    return as_engineer(desk, press.at, press.escalation, change)


def plan_reply(press: ReplyToRequester, desk: Desk) -> Change:
    """*Reply to the requester*."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        notice = Relayed(
            ticket.id, ticket.requester, press.at.user, escalation.tier, "writes", press.text
        )
        _relay(uow, ticket, notice)
        note = ThreadNote(ticket.id, "replied", press.at.user, press.text)
        tell_engineers(uow, escalation, note)
        uow.audit.note(ticket.id, press.at.user, "replied to the requester", press.text)

    return as_engineer(desk, press.at, press.escalation, change)


def plan_send_on(press: SendOn, desk: Desk) -> Change:
    """*Send to the requester*: what an engineer wrote in the thread, in the engineer's name."""
    thread = Thread(press.at.team, press.at.channel, press.at.thread_ts or press.at.ts)
    with desk.look() as uow:
        theirs = uow.escalations.in_thread(thread)
    if theirs is None:
        return lambda uow: refuse(uow, press.at, Refusal("not_their_thread"))
    text = with_files(press.text, press.files)

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if press.author is None or not text:
            refuse(uow, press.at, Refusal("nothing_to_send", ticket.id))
            return
        notice = Relayed(ticket.id, ticket.requester, press.author, escalation.tier, "writes", text)
        _relay(uow, ticket, notice, press.files)
        tell_engineers(uow, escalation, ThreadNote(ticket.id, "replied", press.at.user, text))
        uow.audit.note(ticket.id, press.at.user, "sent to the requester", text)

    return as_engineer(desk, press.at, theirs.id, change)


def _relay(uow: UnitOfWork, ticket: Ticket, notice: Relayed, files: tuple[File, ...] = ()) -> None:
    uow.conversation.add(ticket.id, notice.by, notice.text, None, files)
    to = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
    uow.outbox.put(notice, to, ticket.id)
    keep_promise(uow, ticket, Promise.FIRST_RESPONSE)
