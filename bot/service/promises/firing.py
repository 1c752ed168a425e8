"""What happens when a timer falls due: reminders, the next on call, a tier up, closing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.ports.delivery import Standing
from bot.desk.promises import SUPPORT_DAY, Promise, TimerKind, deadline, page_at
from bot.desk.tickets import (
    Card,
    EscalationState,
    Progress,
    Reminder,
    Resolution,
    TicketState,
    subject_of,
)
from bot.desk.tiers import Tier
from bot.service.learning.reminding import plan_draft_reminder
from bot.service.promises.resting import plan_waking
from bot.service.tickets.clocks import priority_for, start_clocks, stop_clocks
from bot.service.tickets.escalating import Case, call, page_beyond, prepare_call, prepare_group
from bot.service.tickets.followers import tell_followers
from bot.service.tickets.rerouting import (
    alarm_unheard,
    divert,
    next_way,
    other_ways,
    post_elsewhere,
)
from bot.service.tickets.telling import refresh_card, tell_requester

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import UserId
    from bot.desk.notices import Notice
    from bot.desk.oncall import OnCall
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.promises import Timer
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import PreparedCall

LATER = frozenset({TimerKind.CALL_LEAD})
"""What is not lost over a snooze, but said after its end: whoever has it is told first."""

FIRST_WORD = timedelta(minutes=15)


def plan_timer(timer: Timer, desk: Desk) -> Change:
    """Work out what a timer that fell due does; a stale one does nothing."""
    if timer.kind in {TimerKind.NUDGE_REQUESTER, TimerKind.CLOSE_SILENT}:
        return lambda uow: _requesters_turn(uow, timer)
    if timer.kind is TimerKind.DRAFT_WAITS:
        return plan_draft_reminder(timer, desk)
    if timer.kind is TimerKind.SNOOZE_OVER:
        return plan_waking(timer)
    with desk.look() as uow:
        escalation = uow.escalations.get(timer.escalation) if timer.escalation else None
        ticket = uow.tickets.get(timer.ticket)
    if escalation is None or ticket is None:
        return lambda uow: uow.timers.fired(timer.id)
    target = prepare_group(desk, ticket, desk.groups.named(escalation.group))
    above = prepare_call(desk, ticket, Tier.L3) if timer.kind is TimerKind.MOVE_UP else None
    return lambda uow: _climb(uow, timer, target, above, desk)


def _climb(
    uow: UnitOfWork, timer: Timer, target: PreparedCall, above: PreparedCall | None, desk: Desk
) -> None:
    if uow.timers.get(timer.id) is None:
        return
    escalation = uow.escalations.get(timer.escalation) if timer.escalation else None
    ticket = uow.tickets.get(timer.ticket)
    now = desk.clock()
    if escalation is None or ticket is None or not escalation.is_open:
        uow.timers.fired(timer.id)
        return
    if escalation.state is EscalationState.PENDING and timer.promise is not Promise.ACKNOWLEDGE:
        # Whoever takes it will be reminded of the rest; until then somebody must take it.
        uow.timers.postpone(timer.id, _after_acknowledging(timer, ticket, escalation, target, now))
        return
    rest = escalation.snooze if escalation.snooze and escalation.snooze.until > now else None
    if rest is not None and timer.kind in LATER:
        uow.timers.postpone(timer.id, rest.until + FIRST_WORD)
        return
    uow.timers.fired(timer.id)
    moot = [t for t in uow.timers.of(ticket.id) if t.promise is timer.promise and t.due <= now]
    if moot:
        # After an outage the later rung speaks for the earlier ones.
        return
    kind = timer.kind
    _page(uow, timer, escalation, ticket, target)
    stays = escalation.tier is Tier.L3 or ticket.matter is not None
    if kind is TimerKind.MOVE_UP and above is not None and not stays:
        _move_up(uow, escalation, ticket, above)
        return
    if not any(t.promise is timer.promise for t in uow.timers.of(ticket.id)):
        _again(uow, timer, escalation, target, desk)
    if rest is not None and escalation.state is EscalationState.ACKNOWLEDGED:
        # The promise is broken all the same, and counts as overdue.
        uow.audit.note(ticket.id, None, kind.value, f"{timer.promise} was due; it rests")
    elif _stands(uow, escalation):
        _remind(uow, timer, escalation, ticket, target)
        uow.audit.note(ticket.id, None, kind.value, f"{timer.promise} was due")
    else:
        _call_otherwise(uow, escalation, ticket, target, desk)


def _page(
    uow: UnitOfWork, timer: Timer, escalation: Escalation, ticket: Ticket, target: PreparedCall
) -> None:
    """Leave Slack where nobody took it; whoever has it already is called there alone."""
    at = page_at(timer.kind)
    rests = escalation.snooze is not None
    waits = escalation.state is EscalationState.PENDING and timer.promise is Promise.ACKNOWLEDGE
    if at is not None and waits and not rests:
        page_beyond(uow, escalation, ticket, target.group, at)


def _after_acknowledging(
    timer: Timer, ticket: Ticket, escalation: Escalation, target: PreparedCall, now: datetime
) -> datetime:
    pause = target.group.sla.of(priority_for(ticket, escalation.tier)).acknowledge
    return deadline(now, pause, target.group.hours, timer.always)


def _remind(
    uow: UnitOfWork, timer: Timer, escalation: Escalation, ticket: Ticket, target: PreparedCall
) -> None:
    """Remind in the escalation's thread; whom, depends on the rung."""
    if escalation.card is None:
        return
    posted = uow.outbox.get(escalation.card)
    if posted is None:
        return
    assignee = (escalation.assignee,) if escalation.assignee else ()
    lead = (target.group.lead,) if target.group.lead else target.on_call.members
    usergroup, members = {
        TimerKind.REMIND_ASSIGNEE: (None, assignee or target.on_call.members),
        TimerKind.REMIND_GROUP: (target.on_call.usergroup_id, target.on_call.members),
        TimerKind.CALL_NEXT: (None, _next_to_call(posted.notice, target.on_call)),
        TimerKind.CALL_LEAD: (None, lead),
        TimerKind.MOVE_UP: (target.on_call.usergroup_id, lead),
    }[timer.kind]
    next_rung = min(
        (each for each in uow.timers.of(ticket.id) if each.promise is timer.promise),
        key=lambda each: each.due,
        default=None,
    )
    reminder = Reminder(
        escalation.ticket,
        timer.kind,
        timer.promise or Promise.ACKNOWLEDGE,
        taken=escalation.state is EscalationState.ACKNOWLEDGED,
        usergroup=usergroup,
        members=members,
        escalation=escalation.id,
        subject=subject_of(ticket.question),
        priority=ticket.priority,
        then=next_rung.kind if next_rung else None,
        then_at=next_rung.due if next_rung else None,
    )
    to = Destination(posted.destination.channel, under=posted.id)
    uow.outbox.put(reminder, to, escalation.ticket)


def _stands(uow: UnitOfWork, escalation: Escalation) -> bool:
    """Whether the card can be seen: nobody is reminded under one that never stood."""
    return escalation.card is not None and uow.outbox.standing(escalation.card) is Standing.STANDS


def _call_otherwise(
    uow: UnitOfWork, escalation: Escalation, ticket: Ticket, target: PreparedCall, desk: Desk
) -> None:
    """The card never stood: it takes another way; where there is none, the admin is alarmed."""
    posted = uow.outbox.get(escalation.card) if escalation.card is not None else None
    if posted is None or not isinstance(posted.notice, Card):
        alarm_unheard(uow, escalation, ticket)
        return
    ways = other_ways(target.group, target.on_call, desk.groups)
    tried = uow.outbox.refused_places(ticket.id)
    way = next_way(ways, tried, posted.destination.channel)
    standing = uow.outbox.standing(posted.id)
    if way is None or standing is Standing.UNDER_WAY:
        alarm_unheard(uow, escalation, ticket)
    elif standing is Standing.SET_ASIDE:
        post_elsewhere(uow, posted.notice, escalation, ticket, way)
    elif uow.outbox.others_go_out(posted.id):
        divert(uow, posted.notice, posted.id, ticket, way)
    else:
        # Slack takes nothing at all; elsewhere it would wait as well.
        alarm_unheard(uow, escalation, ticket)


def _next_to_call(card: Notice, on_call: OnCall) -> tuple[UserId, ...]:
    """Who came on call since the card called the others; else who follows those on call."""
    called = card.members if isinstance(card, Card) else ()
    came = tuple(each for each in on_call.members if each not in called)
    return came or on_call.following or on_call.members


def _move_up(uow: UnitOfWork, escalation: Escalation, ticket: Ticket, above: PreparedCall) -> None:
    """Pass to the next tier what nobody took."""
    findings = f"Nobody of {escalation.group} took it in time."
    passed = escalation.passed_on(findings)
    uow.escalations.save(passed, was=escalation.state)
    refresh_card(uow, passed)
    reasons = (findings, *escalation.reasons)
    call(uow, ticket, above, Case(reasons, findings=findings))
    if not ticket.muted:
        tell_requester(uow, ticket, Progress(ticket.id, "moved_up_late", above.group.tier))


def _again(
    uow: UnitOfWork, timer: Timer, escalation: Escalation, target: PreparedCall, desk: Desk
) -> None:
    """Keep calling: an open escalation always has a timer that will find someone."""
    ticket = uow.tickets.get(escalation.ticket)
    if ticket is None:
        return
    targets = target.group.sla.of(priority_for(ticket, escalation.tier))
    pause = targets.acknowledge if timer.promise is Promise.ACKNOWLEDGE else SUPPORT_DAY
    due = deadline(desk.clock(), pause, target.group.hours, targets.always)
    kind = (
        TimerKind.CALL_LEAD if timer.promise is Promise.ACKNOWLEDGE else TimerKind.REMIND_ASSIGNEE
    )
    uow.timers.set(
        ticket.id, escalation.id, kind, due, promise=timer.promise, always=targets.always
    )


def _requesters_turn(uow: UnitOfWork, timer: Timer) -> None:
    """Ask the requester again, or close what nobody speaks of any more."""
    if uow.timers.get(timer.id) is None:
        return
    uow.timers.fired(timer.id)
    ticket = uow.tickets.get(timer.ticket)
    if ticket is None or ticket.state is TicketState.CLOSED:
        return
    if timer.kind is TimerKind.NUDGE_REQUESTER:
        if ticket.waiting_since is not None and not ticket.muted:
            tell_requester(uow, ticket, Progress(ticket.id, "nudged", Tier.L2))
        return
    _close(uow, ticket)


def _close(uow: UnitOfWork, ticket: Ticket) -> None:
    if ticket.state is TicketState.ESCALATED and ticket.waiting_since is None:
        return
    if ticket.duplicate_of is not None and not ticket.told_of_end:
        # Its end is the original's, and will be told with it.
        return
    stop_clocks(uow, ticket)
    escalation = uow.escalations.open_for(ticket.id)
    if escalation is not None:
        ended = escalation.resolved(None)
        uow.escalations.save(ended, was=escalation.state)
        refresh_card(uow, ended)
    settled = ticket if ticket.is_settled else ticket.resolved(Resolution.NO_REPLY)
    uow.tickets.save(settled.closed())
    if not ticket.is_settled:
        tell_followers(uow, ticket, None)
    if not ticket.muted:
        tell_requester(uow, ticket, Progress(ticket.id, "closed", Tier.L1))
    uow.audit.note(ticket.id, None, "closed", "no word from the requester")


def plan_rearming(escalation: Escalation, desk: Desk) -> Change:
    """Start the clocks of an open escalation that has none: nobody is forgotten."""
    group = desk.groups.named(escalation.group)

    def change(uow: UnitOfWork) -> None:
        ticket = uow.tickets.get(escalation.ticket)
        if ticket is not None:
            start_clocks(uow, ticket, escalation, group)
            uow.audit.note(ticket.id, None, "re-armed", "an open escalation had no timer")

    return change
