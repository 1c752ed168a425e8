"""An article with several lists of steps: the requester says, or presses, which is theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Answer, chosen
from bot.desk.tickets import Refusal, TicketState
from bot.service.deciding.ways import named
from bot.service.readers.audience import readers_of
from bot.service.tickets.presses import refuse, requesters_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.asking import ChooseWay
    from bot.desk.ports.delivery import Posted
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk

    Reaction = Callable[[UnitOfWork, Ticket], None]


def plan_choose_way(press: ChooseWay, desk: Desk) -> Change:
    """Show the steps that were chosen, in the message under which the button stood."""
    with desk.look() as look:
        at = look.outbox.posted_at(press.at.channel, press.at.ts)
    notice = at.notice if at else None
    shown = notice.extract.article if isinstance(notice, Answer) else ""
    readers = readers_of(desk, press.at.channel, press.at.user)
    article = desk.triager.article(shown, readers=readers) if shown else None
    lists = article.step_lists if article else ()

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        if ticket.state not in {TicketState.OPEN, TicketState.ANSWERED}:
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        posted = uow.outbox.posted_at(press.at.channel, press.at.ts)
        current = posted.notice if posted else None
        if posted is None or not isinstance(current, Answer) or press.way >= len(lists):
            refuse(uow, press.at, Refusal("unknown", ticket.id))
            return
        titles = tuple(each.title for each in lists)
        extract = replace(current.extract, steps=lists[press.way].steps, ways=titles, way=press.way)
        _show(uow, posted, replace(current, extract=extract))
        uow.audit.note(ticket.id, press.at.user, "chose the steps", titles[press.way])

    return change


def picked_way(text: str, standing: Standing, desk: Desk) -> Reaction | None:
    """Read which of the lists somebody names, where it was asked; None where they name none."""
    posted = standing.question
    notice = posted.notice if posted else None
    if posted is None or not isinstance(notice, Answer) or not notice.extract.ways:
        return None
    if notice.extract.way is not None:
        return None
    ticket, extract = standing.ticket, notice.extract
    way = named(text, extract.ways)
    if way is None:
        # "The second one" names none, and tells as well.
        way = chosen(text, extract.ways)
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    article = desk.triager.article(extract.article, readers=readers) if way is not None else None
    if way is None or article is None or way >= len(article.step_lists):
        return None
    steps = article.step_lists[way].steps
    shown = replace(notice, extract=replace(extract, steps=steps, way=way))
    return lambda uow, _: _show(uow, posted, shown)


def _show(uow: UnitOfWork, posted: Posted, notice: Answer) -> None:
    """Show an answer again, with other steps."""
    uow.outbox.put(notice, Destination(posted.destination.channel, edits=posted.id), notice.ticket)
