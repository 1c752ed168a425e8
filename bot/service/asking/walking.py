"""Walking an article's steps with the requester, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Answer, ChooseBranch, StartWalk, TellStep, Walk, steps_of
from bot.desk.tickets import Refusal, TicketState
from bot.service.asking.answering import in_thread_of
from bot.service.readers.audience import readers_of
from bot.service.tickets.presses import refuse, requesters_ticket

if TYPE_CHECKING:
    from bot.desk.asking import WalkPress
    from bot.desk.ports.delivery import Posted
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk


def plan_walk_press(press: WalkPress, desk: Desk) -> Change:
    """Begin a walk, take a branch, or say what came of a step."""
    if isinstance(press, StartWalk):
        return _plan_start(press, desk)
    return lambda uow: _go_on(uow, press)


def _plan_start(press: StartWalk, desk: Desk) -> Change:
    readers = readers_of(desk, press.at.channel, press.at.user)
    article = desk.triager.article(press.article, readers=readers)

    def change(uow: UnitOfWork) -> None:
        ticket = requesters_ticket(uow, press.at, press.ticket)
        if ticket is None:
            return
        if ticket.state not in {TicketState.OPEN, TicketState.ANSWERED}:
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        steps = steps_of(_shown(uow, press) or article.steps) if article else ()
        if article is None or not steps:
            refuse(uow, press.at, Refusal("unknown", ticket.id))
            return
        walk = Walk(ticket.id, ticket.requester, article.id, article.title, steps)
        uow.outbox.put(walk, in_thread_of(ticket), ticket.id)
        uow.audit.note(ticket.id, press.at.user, "walks the steps", article.id)

    return change


def _shown(uow: UnitOfWork, press: StartWalk) -> tuple[str, ...]:
    """Give the steps that stand in the answer under which the button is."""
    posted = uow.outbox.posted_at(press.at.channel, press.at.ts)
    notice = posted.notice if posted else None
    is_it = isinstance(notice, Answer) and notice.extract.article == press.article
    return notice.extract.steps if isinstance(notice, Answer) and is_it else ()


def _go_on(uow: UnitOfWork, press: ChooseBranch | TellStep) -> None:
    ticket = requesters_ticket(uow, press.at, press.ticket)
    posted = uow.outbox.posted_at(press.at.channel, press.at.ts)
    if ticket is None:
        return
    if posted is None or not isinstance(posted.notice, Walk):
        refuse(uow, press.at, Refusal("unknown", ticket.id))
        return
    walk = posted.notice
    stale = walk.number != press.number or walk.outcome is not None
    if stale or ticket.state not in {TicketState.OPEN, TicketState.ANSWERED}:
        _show(uow, posted, walk)
        refuse(uow, press.at, Refusal("already_settled", ticket.id))
        return
    if isinstance(press, ChooseBranch):
        _show(uow, posted, walk.choose(press.branch))
        return
    further = walk.tell(press.outcome)
    tried = further.tried[-1]
    uow.steps.add(ticket.id, tried)
    uow.audit.note(
        ticket.id, press.at.user, "step", f"{tried.article} {tried.number}: {tried.outcome}"
    )
    _show(uow, posted, further)


def _show(uow: UnitOfWork, posted: Posted, walk: Walk) -> None:
    uow.outbox.put(walk, Destination(posted.destination.channel, edits=posted.id), walk.ticket)
