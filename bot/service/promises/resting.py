"""What rests for a time: seen by somebody, or put off by whoever has it; and its end."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.promises import Countdown, Promise, TimerKind, instant
from bot.desk.tickets import (
    EscalationState,
    Refusal,
    Reminder,
    ThreadNote,
    subject_of,
)
from bot.service.tickets.clocks import end_rest
from bot.service.tickets.escalating import group_of
from bot.service.tickets.presses import refuse
from bot.service.tickets.taking import as_engineer
from bot.service.tickets.telling import refresh_card, refresh_due, tell_engineers

if TYPE_CHECKING:
    from bot.desk.ids import EscalationId, UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.promises import SupportHours, Timer
    from bot.desk.tickets import AcknowledgeForNow, Escalation, SnoozeFor, Ticket, WakeUp
    from bot.service.context import Desk

FOR_NOW = timedelta(minutes=30)
"""So long the ladder stands once somebody has seen what nobody has taken."""

A_MOMENT = timedelta(seconds=1)
AN_HOUR = timedelta(hours=1)
LONGEST = timedelta(days=28)
"""Nothing is put off for longer."""

MORNING = time(9)
"""Where a group never closes, its morning begins then, on its own clock."""


def plan_acknowledge_for_now(press: AcknowledgeForNow, desk: Desk) -> Change:
    """*Acknowledge for 30 minutes*: the ladder stands so long, then goes on; anybody may take it.

    Of two who press at once one has seen it, and the other is told who.
    """
    hours = _hours(desk, press.escalation)

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if escalation.state is not EscalationState.PENDING:
            refresh_card(uow, escalation)
            refuse(uow, press.at, Refusal("already_taken", ticket.id, escalation.assignee))
            return
        if escalation.snooze is not None:
            seen = escalation.snooze
            refuse(uow, press.at, Refusal("seen_already", ticket.id, seen.by, seen.until))
            return
        now = desk.clock()
        until = now + FOR_NOW
        _hold_ladder(uow, ticket, hours, now, until)
        _rest(uow, escalation, ticket, press.at.user, until)
        uow.audit.note(ticket.id, press.at.user, "acknowledged for now", _stamp(until))

    return as_engineer(desk, press.at, press.escalation, change)


def plan_snooze(press: SnoozeFor, desk: Desk) -> Change:
    """*Snooze*: who has it is reminded of nothing until then; what was promised stays promised."""
    hours = _hours(desk, press.escalation)
    now = desk.clock()
    until = {"hour": now + AN_HOUR, "morning": next_morning(hours, now)}.get(press.span)
    until = until or press.until

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if escalation.state is EscalationState.PENDING:
            refuse(uow, press.at, Refusal("take_to_snooze", ticket.id))
            return
        if escalation.assignee != press.at.user:
            refuse(uow, press.at, Refusal("already_taken", ticket.id, escalation.assignee))
            return
        if until is None or not now < until <= now + LONGEST:
            refuse(uow, press.at, Refusal("time_is_over", ticket.id))
            return
        if escalation.snooze is not None and escalation.snooze.until == until:
            return
        _rest(uow, escalation, ticket, press.at.user, until)
        uow.audit.note(ticket.id, press.at.user, "snoozed", _stamp(until))

    return as_engineer(desk, press.at, press.escalation, change)


def plan_wake_up(press: WakeUp, desk: Desk) -> Change:
    """*Wake it*: the rest is over at once."""

    def change(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
        if escalation.snooze is None:
            refuse(uow, press.at, Refusal("nothing_to_do", ticket.id))
            return
        _end(uow, ticket)
        refresh_card(uow, end_rest(uow, escalation))
        tell_engineers(uow, escalation, ThreadNote(ticket.id, "woken", press.at.user))
        uow.audit.note(ticket.id, press.at.user, "woken")

    return as_engineer(desk, press.at, press.escalation, change)


def plan_waking(timer: Timer) -> Change:
    """The time that it was to rest is over: who let it rest is told, and the ladder goes on."""

    def change(uow: UnitOfWork) -> None:
        if uow.timers.get(timer.id) is None:
            return
        uow.timers.fired(timer.id)
        escalation = uow.escalations.get(timer.escalation) if timer.escalation else None
        ticket = uow.tickets.get(timer.ticket)
        if escalation is None or ticket is None or escalation.snooze is None:
            return
        by = escalation.snooze.by
        awake = end_rest(uow, escalation)
        refresh_card(uow, awake)
        _tell(uow, awake, ticket, by)
        uow.audit.note(ticket.id, None, timer.kind.value, f"it rested for {by}")

    return change


def next_morning(hours: SupportHours, now: datetime) -> datetime:
    """Give when a group begins on a later day than today, by its own clock."""
    tomorrow = now.astimezone(hours.zone).date() + timedelta(days=1)
    midnight = instant(tomorrow, time(0), hours.zone)
    opening = hours.next_opening(midnight)
    # Who never closes has no opening of its own.
    return instant(tomorrow, MORNING, hours.zone) if opening == midnight else opening


def _hours(desk: Desk, escalation: EscalationId) -> SupportHours:
    with desk.look() as uow:
        known = uow.escalations.get(escalation)
    groups = desk.groups.groups
    return group_of(desk, known).hours if known is not None else groups[0].hours


def _rest(
    uow: UnitOfWork, escalation: Escalation, ticket: Ticket, by: UserId, until: datetime
) -> None:
    _end(uow, ticket)
    resting = escalation.snoozed(by, until)
    uow.escalations.save(resting, was=escalation.state)
    uow.timers.set(ticket.id, escalation.id, TimerKind.SNOOZE_OVER, until)
    pending = escalation.state is EscalationState.PENDING
    refresh_card(uow, resting)
    if pending:
        _show_deadline(uow, resting)
    note = ThreadNote(ticket.id, "seen" if pending else "snoozed", by, until=until)
    tell_engineers(uow, resting, note)


def _end(uow: UnitOfWork, ticket: Ticket) -> None:
    for timer in uow.timers.of(ticket.id):
        if timer.kind is TimerKind.SNOOZE_OVER:
            uow.timers.cancel(timer.id)


def _hold_ladder(
    uow: UnitOfWork, ticket: Ticket, hours: SupportHours, now: datetime, until: datetime
) -> None:
    """Let every rung towards its being taken wait, with the time that is left on it."""
    for timer in uow.timers.of(ticket.id):
        if timer.promise is Promise.ACKNOWLEDGE:
            clock = Countdown(timer.due, timer.always).paused(now, hours)
            # What was due already comes after the end is told.
            soonest = until + A_MOMENT
            uow.timers.postpone(timer.id, max(soonest, clock.resumed(until, hours).due))


def _show_deadline(uow: UnitOfWork, escalation: Escalation) -> None:
    for timer in uow.timers.of(escalation.ticket):
        if timer.kind is TimerKind.CALL_NEXT and timer.promise is Promise.ACKNOWLEDGE:
            refresh_due(uow, escalation, Promise.ACKNOWLEDGE, timer.due)


def _tell(uow: UnitOfWork, escalation: Escalation, ticket: Ticket, by: UserId) -> None:
    posted = uow.outbox.get(escalation.card) if escalation.card is not None else None
    if posted is None:
        return
    rungs = [each for each in uow.timers.of(ticket.id) if each.promise is not None]
    taken = escalation.state is EscalationState.ACKNOWLEDGED
    mine = [each for each in rungs if taken or each.promise is Promise.ACKNOWLEDGE]
    following = min(mine, key=lambda each: each.due, default=None)
    reminder = Reminder(
        ticket.id,
        TimerKind.SNOOZE_OVER,
        Promise.RESOLVE if taken else Promise.ACKNOWLEDGE,
        taken=taken,
        members=(by,),
        escalation=escalation.id,
        subject=subject_of(ticket.question),
        priority=ticket.priority,
        then=following.kind if following else None,
        then_at=following.due if following else None,
    )
    to = Destination(posted.destination.channel, under=posted.id)
    uow.outbox.put(reminder, to, ticket.id)


def _stamp(moment: datetime) -> str:
    return f"until {moment:%Y-%m-%d %H:%M} UTC"
