"""Where a card goes that cannot stand where it belongs: to somebody directly, or elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.ids import ticket_name
from bot.service.tickets.cards import handoff_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desk.ids import NoticeId
    from bot.desk.oncall import Groups, OnCall, ResolverGroup
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Card, Escalation, Ticket


def other_ways(group: ResolverGroup, on_call: OnCall, groups: Groups) -> tuple[str, ...]:
    """Give where a group's card may go instead: who is on call, the lead, the tier's channels."""
    lead = (group.lead,) if group.lead else ()
    channels = tuple(each.channel for each in groups.groups if each.tier is group.tier)
    ways: dict[str, None] = dict.fromkeys((*on_call.members, *lead, *on_call.following, *channels))
    ways.pop(group.channel, None)
    return tuple(ways)


def post_elsewhere(
    uow: UnitOfWork, card: Card, escalation: Escalation, ticket: Ticket, to: str
) -> None:
    """Post a card that was set aside anew, with its handoff; from now on it is the card."""
    again = uow.outbox.put(_noted(card, card_channel(uow, escalation), to), _at(to), ticket.id)
    uow.escalations.save(replace(escalation, card=again), was=escalation.state)
    handoff = handoff_of(uow, ticket, escalation.findings, kept=frozenset(card.kept))
    uow.outbox.put(handoff, Destination(to, under=again), ticket.id)
    uow.audit.note(ticket.id, None, "channel unreachable", f"the card goes to {to}")


def divert(uow: UnitOfWork, card: Card, waiting: NoticeId, ticket: Ticket, to: str) -> None:
    """Send a card that still waits to another place, with all that belongs to it."""
    posted = uow.outbox.get(waiting)
    came_from = posted.destination.channel if posted else ""
    uow.outbox.divert(waiting, to, _noted(card, came_from, to))
    uow.audit.note(ticket.id, None, "channel unreachable", f"the card goes to {to}")


def card_channel(uow: UnitOfWork, escalation: Escalation) -> str:
    """Name where an escalation's card was to stand."""
    posted = uow.outbox.get(escalation.card) if escalation.card else None
    return posted.destination.channel if posted else ""


def next_way(ways: Iterable[str], tried: frozenset[str], now_at: str) -> str | None:
    """Choose the first way that was not tried, of those after where the card waits now."""
    left = [*ways]
    if now_at in left:
        left = left[left.index(now_at) + 1 :]
    return next((way for way in left if way not in tried and way != now_at), None)


def alarm_unheard(uow: UnitOfWork, escalation: Escalation, ticket: Ticket) -> None:
    """Tell the admin by every way but Slack that nobody has been called; once an escalation."""
    priority = f", {ticket.priority}" if ticket.priority else ""
    says = (
        f"{ticket_name(ticket.id)}{priority}, for {escalation.group} ({escalation.tier}), has "
        "called nobody: Slack takes its card nowhere. Call somebody by another way; "
        "`frontline outbox list` shows what was refused and why."
    )
    uow.alarms.sound(f"unheard:{escalation.id}", says)


def _noted(card: Card, came_from: str, to: str) -> Card:
    where = (
        "here instead" if to.startswith(("C", "G")) or not to[:1].isupper() else ("to you directly")
    )
    lost = f"The channel {came_from}" if came_from else "Its channel"
    return replace(card, note=f"{lost} could not be reached, so this comes {where}.")


def _at(channel: str) -> Destination:
    return Destination(channel)
