"""Promises and their clocks: started when people are called, stopped, paused, and run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.deciding import first_priority
from bot.desk.promises import (
    DEFAULT_LADDER,
    Countdown,
    Priority,
    Promise,
    TimerKind,
    climb,
    deadline,
    deadlines,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.promises import SupportHours
    from bot.desk.tickets import Escalation, Ticket
    from bot.desk.tiers import Tier


ALL_BUT_DRAFTS = frozenset(TimerKind) - {TimerKind.DRAFT_WAITS}
"""What waits there is an article; it does so all the more once the ticket ended."""


def priority_for(ticket: Ticket, tier: Tier) -> Priority:
    """Give the ticket's priority, or a first guess from its words."""
    if ticket.priority is not None:
        return Priority(ticket.priority)
    return first_priority(ticket.question, tier)


def opening_for(group: ResolverGroup, priority: Priority, at: datetime) -> datetime | None:
    """Tell when a group opens, if it is closed now and this priority can wait for that."""
    if group.sla.of(priority).always or group.hours.is_open(at):
        return None
    return group.hours.next_opening(at)


def start_clocks(
    uow: UnitOfWork, ticket: Ticket, escalation: Escalation, group: ResolverGroup
) -> dict[Promise, datetime]:
    """Start the promises of an escalation, and freeze its ladder as timers; gives the deadlines."""
    stop_clocks(uow, ticket)
    priority = priority_for(ticket, group.tier)
    targets = group.sla.of(priority)
    rungs = climb(DEFAULT_LADDER, targets, escalation.opened_at, group.hours)
    uow.timers.climb(ticket.id, escalation.id, rungs, always=targets.always)
    _call_at_opening(uow, ticket, escalation, opening_for(group, priority, escalation.opened_at))
    return deadlines(group.sla, priority, escalation.opened_at, group.hours)


def keep_promise(uow: UnitOfWork, ticket: Ticket, *promises: Promise) -> None:
    """Stop the clocks of promises that were kept."""
    _cancel(uow, ticket, promises)


def stop_clocks(uow: UnitOfWork, ticket: Ticket) -> None:
    """Stop all clocks of a ticket: it is settled, or starts anew."""
    _cancel(uow, ticket, None)


def _cancel(uow: UnitOfWork, ticket: Ticket, promises: Collection[Promise] | None) -> None:
    uow.timers.cancel_all(ticket.id, ALL_BUT_DRAFTS, promises)


def pause_clocks(uow: UnitOfWork, ticket: Ticket, hours: SupportHours, now: datetime) -> None:
    """Let the promises to the requester stand while it is the requester's turn."""
    for timer in uow.timers.of(ticket.id):
        if timer.promise in {Promise.FIRST_RESPONSE, Promise.RESOLVE}:
            clock = Countdown(timer.due, timer.always)
            uow.timers.pause(timer.id, clock.remaining(now, hours))


def resume_clocks(uow: UnitOfWork, ticket: Ticket, hours: SupportHours, now: datetime) -> None:
    """Let the clocks run on: it is the engineers' turn again."""
    uow.timers.cancel_all(ticket.id, (TimerKind.NUDGE_REQUESTER, TimerKind.CLOSE_SILENT))
    for timer, left in uow.timers.paused(ticket.id):
        clock = Countdown(timer.due, timer.always, left)
        uow.timers.resume(timer.id, clock.resumed(now, hours).due)


def end_rest(uow: UnitOfWork, escalation: Escalation) -> Escalation:
    """Wake what was put off; gives it as it is then."""
    if escalation.snooze is None:
        return escalation
    awake = escalation.awake()
    uow.escalations.save(awake, was=escalation.state)
    return awake


def start_acknowledging(
    uow: UnitOfWork, ticket: Ticket, escalation: Escalation, group: ResolverGroup, now: datetime
) -> datetime:
    """Start the promise to take it anew, from now; the others run on. Gives its deadline."""
    keep_promise(uow, ticket, Promise.ACKNOWLEDGE)
    priority = priority_for(ticket, group.tier)
    targets = group.sla.of(priority)
    rungs = tuple(each for each in DEFAULT_LADDER if each.promise is Promise.ACKNOWLEDGE)
    climbed = climb(rungs, targets, now, group.hours)
    uow.timers.climb(ticket.id, escalation.id, climbed, always=targets.always)
    _call_at_opening(uow, ticket, escalation, opening_for(group, priority, now))
    return deadline(now, targets.acknowledge, group.hours, targets.always)


def _call_at_opening(
    uow: UnitOfWork, ticket: Ticket, escalation: Escalation, opening: datetime | None
) -> None:
    if opening is not None:
        uow.timers.set(
            ticket.id, escalation.id, TimerKind.REMIND_GROUP, opening, promise=Promise.ACKNOWLEDGE
        )


def close_if_silent(uow: UnitOfWork, ticket: Ticket, due: datetime) -> None:
    """Close the ticket then, if its requester says nothing until then."""
    uow.timers.cancel_all(ticket.id, (TimerKind.CLOSE_SILENT,))
    uow.timers.set(ticket.id, None, TimerKind.CLOSE_SILENT, due)


def await_requester(uow: UnitOfWork, ticket: Ticket, nudge: timedelta, close: timedelta) -> None:
    """After so long, ask the requester again; after so long without a word, close."""
    now = ticket.waiting_since or ticket.opened_at
    uow.timers.set(ticket.id, None, TimerKind.NUDGE_REQUESTER, now + nudge)
    uow.timers.set(ticket.id, None, TimerKind.CLOSE_SILENT, now + close)
