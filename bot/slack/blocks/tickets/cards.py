"""The card: the one message of an escalation that always shows the truth, and what it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.deciding import is_small_print, plainly
from bot.desk.ids import incident_name, ticket_name
from bot.desk.promises import Promise
from bot.desk.tickets import EscalationState, subject_of
from bot.slack import actions as ids
from bot.slack.blocks.incidents.lines import incident_words, people_of
from bot.slack.blocks.parts import (
    Block,
    Rendered,
    actions,
    button,
    context,
    header,
    person,
    section,
    when,
)
from bot.slack.blocks.quoting import on_record, quoted
from bot.slack.blocks.tickets.row import row_of
from bot.slack.text import clip_escaped, escape, quote, showable

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import UserId
    from bot.desk.tickets import Card

STATES = {
    EscalationState.PENDING: ":red_circle: nobody has taken it yet",
    EscalationState.ACKNOWLEDGED: ":large_yellow_circle: taken",
    EscalationState.RESOLVED: ":white_check_mark: resolved",
    EscalationState.ESCALATED: ":arrow_up: passed on to L3",
    EscalationState.RETURNED: ":leftwards_arrow_with_hook: returned to L2",
}

PROMISES = {
    Promise.ACKNOWLEDGE: "take by",
    Promise.FIRST_RESPONSE: "first answer by",
    Promise.RESOLVE: "resolve by",
}

NOTIFIED = {
    EscalationState.RESOLVED: "resolved",
    EscalationState.ESCALATED: "passed on to L3",
    EscalationState.RETURNED: "returned to L2",
}

ARTICLES = 5
"""So many articles that were shown are named."""

ROOM = 2_400
"""Characters of each text that engineers wrote: all blocks together have a limit of their own."""

ASKED = 600
"""Characters of the question below its subject; the handoff has the whole conversation."""

NAME = 60
SHORT = 300
REASONS = 3
"""Characters of names and of reasons, and how many of these stand on the card."""

NAMED = 3
"""So many others who report the same are named, the rest counted."""

DOT = "  ·  "
MINUTES = 60
AN_HOUR = 60 * MINUTES
A_DAY = 24 * AN_HOUR


def render_card(card: Card) -> Rendered:
    """Render the one message of an escalation that always shows the truth.

    What it is, how bad, since when and what to do stand first: a phone shows little more.
    """
    blocks = [header(_subject(card)), section(_status(card))]
    if card.incident is not None:
        blocks.append(section(incident_words(card.incident)))
    blocks.append(section(_asked(card)))
    blocks.extend(_ending(card))
    if _is_open(card):
        blocks += [section(_call(card)), actions(*row_of(card))]
    blocks.append(_why(card))
    return Rendered(_notification(card), blocks)


def _subject(card: Card) -> str:
    return showable(subject_of(card.question)).strip() or "A request without words"


def _notification(card: Card) -> str:
    """Say what a locked screen shows: how bad, what it is, what to do."""
    number = ticket_name(card.ticket)
    subject = escape(_subject(card))
    if card.incident is not None and not card.incident.ended:
        subject = f"{incident_name(card.incident.number)}, {people_of(card.incident)}: {subject}"
    parts = [*([card.priority] if card.priority else []), subject, _next(card)]
    called = f" {_called(card)}" if _is_open(card) and card.expected is None else ""
    return f"{' · '.join(part for part in parts if part)} ({number}, {card.tier}){called}"


def _next(card: Card) -> str:
    if card.state is not EscalationState.PENDING:
        return NOTIFIED.get(card.state, "")
    due = dict(card.due).get(Promise.ACKNOWLEDGE)
    if card.expected is not None or due is None or card.since is None:
        return "to be taken"
    return f"take it within {_span((due - card.since).total_seconds())}"


def _span(seconds: float) -> str:
    if seconds < AN_HOUR:
        return f"{max(1, round(seconds / MINUTES))} min"
    return f"{round(seconds / AN_HOUR)} h" if seconds < A_DAY else f"{round(seconds / A_DAY)} d"


def _is_open(card: Card) -> bool:
    return card.state in {EscalationState.PENDING, EscalationState.ACKNOWLEDGED}


def _status(card: Card) -> str:
    holder = ""
    if card.assignee:
        pending = card.state is EscalationState.PENDING
        holder = (
            f"; meant for {person(card.assignee)}" if pending else f" by {person(card.assignee)}"
        )
    lines = [f"{STATES[card.state]}{holder}", DOT.join(_facts(card))]
    if card.snoozed_by is not None and card.snoozed_until is not None:
        lines.append(_rest(card, card.snoozed_by, card.snoozed_until))
    if card.waiting_since is not None:
        since = when(card.waiting_since)
        lines.append(f":hourglass: waiting for {person(card.requester)} since {since}")
    if card.worse_at is not None:
        lines.append(f":rotating_light: got worse, or more was told, at {when(card.worse_at)}")
    if card.duplicate_of is not None:
        lines.append(f":link: the same as {ticket_name(card.duplicate_of)}")
    if card.muted:
        lines.append(":no_bell: muted: no reminders in the requester's thread")
    return "\n".join(lines)


def _rest(card: Card, by: UserId, until: datetime) -> str:
    if card.state is EscalationState.PENDING:
        return f":eye: {person(by)} has seen it and looks at it until {when(until)}"
    return f":zzz: rests until {when(until)}: nobody is reminded before"


def _facts(card: Card) -> list[str]:
    """How bad, what it is about, since when, by when; its number and tier last."""
    facts = []
    if card.priority:
        why = f": {clip_escaped(card.priority_why, SHORT)}" if card.priority_why else ""
        facts.append(f"*{card.priority}*{why}")
    if card.area:
        facts.append(clip_escaped(card.area, NAME))
    if card.since is not None:
        facts.append(f"since {when(card.since)}")
    if _is_open(card):
        facts.extend(_deadlines(card))
    return [*facts, f"{ticket_name(card.ticket)}, {card.tier}"]


def _deadlines(card: Card) -> list[str]:
    due = dict(card.due)
    # What comes first, and the end; the answer is promised once somebody has it.
    pending = card.state is EscalationState.PENDING
    due.pop(Promise.FIRST_RESPONSE if pending else Promise.ACKNOWLEDGE, None)
    return [f"{PROMISES[promise]} {when(moment)}" for promise, moment in due.items()]


def _asked(card: Card) -> str:
    """Who asks, how many with them, and what they were shown and tried."""
    where = f"{DOT}<{card.permalink}|open their thread>" if card.permalink else ""
    lines = [f"*{person(card.requester)} asks*{_others(card)}{where}"]
    if card.question.strip() not in {"", subject_of(card.question)}:
        lines.append(quote(card.question, ASKED))
    if card.shown:
        lines.append(f"*Shown:* {', '.join(_shown(card, each) for each in card.shown[:ARTICLES])}")
    elif _is_open(card):
        lines.append("*Shown:* nothing")
    if card.last_step is not None:
        step = card.last_step
        lines.append(
            f"*Tried:* up to step {step.number} of "
            f"`{clip_escaped(step.article, NAME)}`: {step.outcome}"
        )
    return "\n".join(lines)


def _others(card: Card) -> str:
    if not card.also:
        return ""
    count = max(card.others, len(card.also))
    named = ", ".join(person(each) for each in card.also[:NAMED])
    rest = count - NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return f", and {count} with them: {named}{more}"


def _shown(card: Card, article: str) -> str:
    failed = " (did not help)" if article in card.failed else ""
    return f"`{clip_escaped(article, NAME)}`{failed}"


def _ending(card: Card) -> list[Block]:
    """Show what was written down at the end."""
    if not card.cause:
        return []
    parts = [("What it was", card.cause), ("What fixed it", card.fix)]
    if card.prevention:
        parts.append(("What would prevent it", card.prevention))
    whole = on_record(card.ticket)
    blocks = [
        block for title, text in parts for block in quoted(f"*{title}*", text, whole, room=ROOM)
    ]
    remarks = []
    if card.right_tier is not None and card.right_tier is not card.tier:
        remarks.append(f"It should have gone to {card.right_tier}.")
    if card.article_wanted:
        remarks.append("An article should say so.")
    if remarks:
        blocks.append(context(" ".join(remarks)))
    if card.article_words:
        blocks += quoted("*For the article*", card.article_words, whole, room=ROOM)
    return blocks


def _why(card: Card) -> Block:
    """Say in a line each what called a person; what that rests on is behind the button."""
    first = [plainly(each) for each in card.reasons if not is_small_print(each)]
    shown = [clip_escaped(each, SHORT) for each in list(dict.fromkeys(first))[:REASONS]]
    opener = button("Why?", ids.WHY, ids.about(card.escalation))
    return {**section(f"*Why a person:* {' '.join(shown)}"), "accessory": opener}


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
