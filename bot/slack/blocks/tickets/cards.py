"""The card: the one message of an escalation that always shows the truth, and what it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.deciding import is_small_print
from bot.desk.ids import ticket_name
from bot.desk.promises import Promise
from bot.desk.tickets import EscalationState
from bot.desk.tiers import Tier
from bot.slack import actions as ids
from bot.slack.blocks.parts import (
    Block,
    Rendered,
    actions,
    button,
    context,
    fields,
    header,
    overflow,
    person,
    section,
    when,
)
from bot.slack.text import clip_escaped, escape, quote

if TYPE_CHECKING:
    from bot.desk.tickets import Card

STATES = {
    EscalationState.PENDING: ":red_circle: nobody has taken it yet",
    EscalationState.ACKNOWLEDGED: ":large_yellow_circle: taken",
    EscalationState.RESOLVED: ":white_check_mark: resolved",
    EscalationState.ESCALATED: ":arrow_up: passed on to L3",
    EscalationState.RETURNED: ":leftwards_arrow_with_hook: returned to L2",
}

PROMISES = {
    Promise.ACKNOWLEDGE: "Take by",
    Promise.FIRST_RESPONSE: "First answer by",
    Promise.RESOLVE: "Resolve by",
}

ROOM = 1_000
"""Characters of each text that engineers wrote: all blocks together have a limit of their own."""


def render_card(card: Card) -> Rendered:
    """Render the one message of an escalation that always shows the truth."""
    number = ticket_name(card.ticket)
    blocks = [
        header(" · ".join([number, card.tier, *([card.priority] if card.priority else [])])),
        section(_status(card)),
        section(f"*{person(card.requester)} asks:*\n{quote(card.question)}"),
    ]
    if card.priority and card.priority_why:
        blocks.append(context(f"*{card.priority}*: {escape(card.priority_why)}"))
    if _is_open(card) and card.due:
        blocks.append(_deadlines(card))
    blocks.extend(_ending(card))
    blocks.extend(_why(card))
    if _is_open(card):
        blocks.append(section(_call(card)))
        blocks.extend(_buttons(card))
    else:
        blocks.append(actions(_more(card, (ids.WRONG_CALL,))))
    summary = clip_escaped(card.question, 200)
    called = f" {_called(card)}" if _is_open(card) and card.expected is None else ""
    return Rendered(f"{number} ({card.tier}): {summary}{called}", blocks)


def _is_open(card: Card) -> bool:
    return card.state in {EscalationState.PENDING, EscalationState.ACKNOWLEDGED}


def _status(card: Card) -> str:
    where = f" · <{card.permalink}|open their thread>" if card.permalink else ""
    holder = ""
    if card.assignee:
        pending = card.state is EscalationState.PENDING
        holder = (
            f"; meant for {person(card.assignee)}" if pending else f" by {person(card.assignee)}"
        )
    lines = [f"{STATES[card.state]}{holder}{where}"]
    if card.waiting_since is not None:
        since = when(card.waiting_since)
        lines.append(f":hourglass: waiting for {person(card.requester)} since {since}")
    if card.duplicate_of is not None:
        lines.append(f":link: the same as {ticket_name(card.duplicate_of)}")
    if card.muted:
        lines.append(":no_bell: muted: no reminders in the requester's thread")
    return "\n".join(lines)


def _deadlines(card: Card) -> Block:
    due = dict(card.due)
    if card.state is not EscalationState.PENDING:
        due.pop(Promise.ACKNOWLEDGE, None)
    shown = [f"*{PROMISES[promise]}*\n{when(moment)}" for promise, moment in due.items()]
    return fields(shown) if shown else context("No deadlines.")


def _ending(card: Card) -> list[Block]:
    """Show what was written down at the end."""
    if not card.cause:
        return []
    parts = [("What it was", card.cause), ("What fixed it", card.fix)]
    if card.prevention:
        parts.append(("What would prevent it", card.prevention))
    blocks = [section(f"*{title}*\n{quote(text, ROOM)}") for title, text in parts]
    remarks = []
    if card.right_tier is not None and card.right_tier is not card.tier:
        remarks.append(f"It should have gone to {card.right_tier}.")
    if card.article_wanted:
        remarks.append("An article should say so.")
    if remarks:
        blocks.append(context(" ".join(remarks)))
    if card.article_words:
        blocks.append(section(f"*For the article*\n{quote(card.article_words, ROOM)}"))
    return blocks


def _why(card: Card) -> list[Block]:
    """Show what called a person, and in small print what that rests on."""
    first = [each for each in card.reasons if not is_small_print(each)]
    small = [each for each in card.reasons if is_small_print(each)]
    blocks = [section("*Why a person*\n" + "\n".join(f"• {escape(each)}" for each in first))]
    if small:
        blocks.append(context("\n".join(_with_heading(each) for each in small)))
    return blocks


def _with_heading(reason: str) -> str:
    heading, colon, rest = reason.partition(":")
    return f"*{escape(heading)}{colon}*{escape(rest)}"


def _call(card: Card) -> str:
    note = f"\n_{escape(card.note)}_" if card.note else ""
    if card.expected is not None:
        return f":crescent_moon: Outside support hours: the group is called {when(card.expected)}."
    if card.assignee and card.state is EscalationState.PENDING:
        return f":telephone_receiver: Called first: {person(card.assignee)}{note}"
    return f":telephone_receiver: On call: {_called(card) or 'nobody is configured'}{note}"


def _called(card: Card) -> str:
    """Mention who is called; it stands in the fallback text as well, which notifications show."""
    if card.usergroup:
        return f"<!subteam^{card.usergroup}>"
    return " ".join(person(member) for member in card.members)


def _buttons(card: Card) -> list[Block]:
    number = ids.about(card.escalation)
    first = []
    if card.state is EscalationState.PENDING:
        first.append(button("Take it", ids.TAKE, number, "primary"))
    first.append(button("Resolve", ids.RESOLVE, ids.about(card.escalation, card.tier)))
    if card.tier is not Tier.L3:
        first.append(button("Escalate to L3", ids.ESCALATE, number))
    elif card.state is EscalationState.ACKNOWLEDGED:
        first.append(button("Return to L2", ids.RETURN, number))
    second = [
        button("Ask the requester", ids.ASK, number),
        button("Reply to the requester", ids.REPLY, number),
        _more(card, (ids.HAND_OVER, ids.PRIORITY, ids.DUPLICATE, ids.WRONG_CALL, ids.MUTE)),
    ]
    return [actions(*first), actions(*second)]


def _more(card: Card, choices: tuple[str, ...]) -> Block:
    """Give the menu of what is needed less often; it keeps no choice, so each works again."""
    labels = {
        ids.HAND_OVER: "Hand over…",
        ids.PRIORITY: "Priority…",
        ids.DUPLICATE: "Duplicate of…",
        ids.WRONG_CALL: "Wrong call?",
        ids.MUTE: "Unmute" if card.muted else "Mute",
    }
    return overflow(
        ids.MORE, [(labels[choice], ids.about(card.escalation, choice)) for choice in choices]
    )
