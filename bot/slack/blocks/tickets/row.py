"""The few buttons of a card that are pressed in the night; the others stand behind *More…*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.tickets import EscalationState
from bot.desk.tiers import Tier
from bot.slack import actions as ids
from bot.slack.blocks.parts import button

if TYPE_CHECKING:
    from bot.desk.tickets import About, Card
    from bot.slack.blocks.parts import Block

LABELS = {
    ids.TAKE: "Take it",
    ids.FOR_NOW: "Acknowledge for 30 minutes",
    ids.RESOLVE: "Resolve",
    ids.ESCALATE: "Escalate to L3",
    ids.RETURN: "Return to L2",
    ids.UPDATE_ALL: "Update everyone",
    ids.HAND_OVER: "Hand over",
    ids.SNOOZE: "Snooze",
    ids.WAKE: "Wake it",
}


def buttons_of(card: Card | About) -> tuple[str, ...]:
    """Give the actions on an open card: four or five, by who has it, where, and how many wait."""
    pending = card.state is EscalationState.PENDING
    rests, on_incident = _rests(card), card.incident is not None and not card.incident.ended
    other_tier = ids.ESCALATE if card.tier is not Tier.L3 else ids.RETURN
    row: list[str] = []
    if pending or not card.assignee:
        row.append(ids.TAKE)
    if pending and not rests:
        row.append(ids.FOR_NOW)
    row.append(ids.RESOLVE)
    if on_incident:
        row.append(ids.UPDATE_ALL)
    elif not (pending and other_tier == ids.RETURN):
        row.append(other_tier)
    if not pending:
        row += [ids.HAND_OVER] if card.assignee else []
        row.append(ids.WAKE if rests else ids.SNOOZE)
    return tuple(row)


def _rests(card: Card | About) -> bool:
    return card.snoozed_by is not None


def row_of(card: Card) -> list[Block]:
    """Render them, with the way to the others."""
    number = ids.about(card.escalation)
    row = []
    for action in buttons_of(card):
        value = ids.about(card.escalation, card.tier) if action == ids.RESOLVE else number
        style = "primary" if action == ids.TAKE else None
        row.append(button(LABELS[action], action, value, style))
    return [*row, button("More…", ids.FURTHER, number)]
