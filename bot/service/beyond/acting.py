"""A page was acknowledged or resolved in another system; no more is granted than configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.desk.addresses import Spot
from bot.desk.beyond import Deed, PageState
from bot.desk.ids import DESK, ChannelId
from bot.desk.learning import ProblemState, parse_problem_name
from bot.desk.promises import Promise
from bot.desk.tickets import EscalationState, Progress, Resolve, Take, ThreadNote
from bot.service.learning.problems import decide
from bot.service.tickets.clocks import keep_promise
from bot.service.tickets.resolving import plan_resolve
from bot.service.tickets.taking import plan_take
from bot.service.tickets.telling import refresh_card, tell_engineers, tell_requester

if TYPE_CHECKING:
    from bot.desk.beyond import ActedBeyond
    from bot.desk.ids import UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk

log = structlog.get_logger(__name__)

LONGEST_NAME = 80
DONE = {Deed.TAKE: "acknowledged", Deed.SETTLE: "resolved"}
OF_PROBLEMS = {Deed.CLOSE: ProblemState.CLOSED, Deed.LINK: ProblemState.LINKED}
"""How a problem stands after what was done about its issue."""


def plan_acted_beyond(acted: ActedBeyond, desk: Desk) -> Change:
    """Do here what was done there, as the person who did it, or as the system where it may.

    Whoever is known in Slack needs the authority that a press of theirs would need. Nobody's
    word settles a ticket but such a person's.
    """
    if acted.deed in OF_PROBLEMS:
        return _plan_problem(acted, desk, OF_PROBLEMS[acted.deed])
    with desk.look() as uow:
        page = uow.beyond.find(acted.page)
        escalation = uow.escalations.get(page.escalation) if page else None
        ticket = uow.tickets.get(page.ticket) if page else None
    if page is None or escalation is None or ticket is None or page.target != acted.target:
        log.warning("hook_names_no_page", hook=acted.hook)
        return _nothing
    if page.state is PageState.ENDED or (
        acted.user is None and acted.deed is Deed.TAKE and page.state is PageState.TAKEN
    ):
        # An echo: the other system tells us what it heard from us.
        return _nothing
    if acted.deed not in acted.may:
        return _refused(acted, ticket, f"[hooks.{acted.hook}] may not {acted.deed}")
    if acted.user is not None:
        return _as_person(acted, desk, escalation, ticket, acted.user)
    if acted.deed is Deed.SETTLE:
        return _refused(acted, ticket, "nobody whom Frontline knows resolved it there")
    number = escalation.id

    def change(uow: UnitOfWork) -> None:
        now = uow.escalations.get(number)
        there = uow.tickets.get(ticket.id)
        if now is None or there is None or now.state is not EscalationState.PENDING:
            return
        _take(uow, acted, now, there)

    return change


def _plan_problem(acted: ActedBeyond, desk: Desk, to: ProblemState) -> Change:
    """An issue elsewhere was opened or closed: the problem follows, where the hook may.

    What is closed here stays so: the news of its issue may come late.
    """
    with desk.look() as uow:
        number = parse_problem_name(acted.page)
        known = uow.problems.get(number) if number else uow.problems.linked_to(acted.page)
    if known is None:
        log.warning("hook_names_no_problem", hook=acted.hook)
        return _nothing

    def change(uow: UnitOfWork) -> None:
        now = uow.problems.get(known.id)
        if now is None or now.state is ProblemState.CLOSED:
            return
        link = acted.link or None
        if now.state is to and link in {None, now.link}:
            # An echo: the other system tells us what it heard from us.
            return
        if acted.deed in acted.may:
            decide(uow, now, to, acted.user, link)
        else:
            why = f"{now.name}: [hooks.{acted.hook}] may not {acted.deed}"
            uow.audit.note(DESK, None, "refused beyond Slack", f"{_by(acted)}: {why}")

    return change


def _nothing(_: UnitOfWork) -> None:
    return None


def _as_person(
    acted: ActedBeyond, desk: Desk, escalation: Escalation, ticket: Ticket, user: UserId
) -> Change:
    """Act as if they had pressed in Slack; what is refused is told to them directly."""
    at = Spot(ticket.thread.team, ChannelId(user), ticket.thread.ts, user)
    if acted.deed is Deed.TAKE:
        press = plan_take(Take(at, escalation.id), desk)
    else:
        fix = f"Resolved in {acted.target}."
        press = plan_resolve(Resolve(at, escalation.id, cause="", fix=fix), desk)

    def change(uow: UnitOfWork) -> None:
        now = uow.escalations.get(escalation.id)
        if now is None or not now.is_open or _has_it(now, acted, user):
            # They did it here first, and the other system tells of that.
            return
        press(uow)
        moved = uow.escalations.get(escalation.id) != now
        done = DONE[acted.deed] if moved else "refused"
        uow.audit.note(ticket.id, user, f"{done} beyond Slack", _by(acted))

    return change


def _has_it(now: Escalation, acted: ActedBeyond, user: UserId) -> bool:
    return (
        acted.deed is Deed.TAKE
        and now.assignee == user
        and now.state is not EscalationState.PENDING
    )


def _take(uow: UnitOfWork, acted: ActedBeyond, escalation: Escalation, ticket: Ticket) -> None:
    """Somebody has it whom Slack does not know: nobody is called on, and anybody can take it."""
    taken = escalation.taken_beyond()
    uow.escalations.save(taken, was=escalation.state)
    keep_promise(uow, ticket, Promise.ACKNOWLEDGE)
    refresh_card(uow, taken)
    tell_engineers(uow, taken, ThreadNote(ticket.id, "beyond", text=_told(acted)))
    tell_requester(uow, ticket, Progress(ticket.id, "taken", taken.tier))
    uow.audit.note(ticket.id, None, "acknowledged beyond Slack", _by(acted))


def _refused(acted: ActedBeyond, ticket: Ticket, why: str) -> Change:
    """Keep on record, and tell the engineers, what was not done."""

    def change(uow: UnitOfWork) -> None:
        escalation = uow.escalations.open_for(ticket.id)
        if escalation is not None:
            says = f"{_told(acted)} Nothing was changed here: {why}."
            tell_engineers(uow, escalation, ThreadNote(ticket.id, "beyond", text=says))
        uow.audit.note(ticket.id, None, "refused beyond Slack", f"{_by(acted)}: {why}")

    return change


def _told(acted: ActedBeyond) -> str:
    return f"{DONE[acted.deed].capitalize()} in {acted.target} by {_name(acted)}."


def _by(acted: ActedBeyond) -> str:
    return f"{acted.target}: {_name(acted)}"


def _name(acted: ActedBeyond) -> str:
    return " ".join(acted.name.split())[:LONGEST_NAME] or "somebody"
