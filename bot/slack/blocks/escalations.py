"""What engineers see: the card, and what stands in its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.escalations import EscalationState
from bot.desk.ids import ticket_name
from bot.desk.sla import Promise
from bot.desk.timers import TimerKind
from bot.desk.triage import Tier
from bot.slack import actions as ids
from bot.slack.blocks.parts import (
    Block,
    Rendered,
    actions,
    button,
    header,
    person,
    section,
    when,
)
from bot.slack.text import clip_escaped, escape, quote

if TYPE_CHECKING:
    from bot.desk.notices import Card, Handoff, Line, Reminder, ThreadNote

STATES = {
    EscalationState.PENDING: ":red_circle: nobody has taken it yet",
    EscalationState.ACKNOWLEDGED: ":large_yellow_circle: taken",
    EscalationState.RESOLVED: ":white_check_mark: resolved",
    EscalationState.ESCALATED: ":arrow_up: passed on to L3",
    EscalationState.RETURNED: ":leftwards_arrow_with_hook: returned",
}


def render_card(card: Card) -> Rendered:
    """Render the one message of an escalation that always shows the truth."""
    number = ticket_name(card.ticket)
    is_open = card.state in {EscalationState.PENDING, EscalationState.ACKNOWLEDGED}
    where = f" · <{card.permalink}|open their thread>" if card.permalink else ""
    holder = f" by {person(card.assignee)}" if card.assignee else ""
    blocks = [
        header(f"{number} · {card.tier}"),
        section(f"{STATES[card.state]}{holder}{where}"),
        section(f"*{person(card.requester)} asks:*\n{quote(card.question)}"),
    ]
    if card.cause:
        blocks.append(section(f"*What it was*\n{quote(card.cause)}"))
        blocks.append(section(f"*What fixed it*\n{quote(card.fix)}"))
    blocks.append(section("*Why a person*\n" + "\n".join(f"• {escape(r)}" for r in card.reasons)))
    if is_open:
        blocks.append(section(_call(card)))
        blocks.append(_buttons(card))
    summary = clip_escaped(card.question, 200)
    return Rendered(f"{number} ({card.tier}): {summary}", blocks)


def _call(card: Card) -> str:
    if card.expected is not None:
        return f":crescent_moon: Outside support hours: the group is called {when(card.expected)}."
    called = f"<!subteam^{card.usergroup}>" if card.usergroup else ""
    if not called:
        called = " ".join(person(member) for member in card.members)
    note = f"\n_{escape(card.note)}_" if card.note else ""
    return f":telephone_receiver: On call: {called or 'nobody is configured'}{note}"


def _buttons(card: Card) -> Block:
    number = ids.about(card.escalation)
    buttons = []
    if card.state is EscalationState.PENDING:
        buttons.append(button("Take it", ids.TAKE, number, "primary"))
    if card.tier is not Tier.L3:
        buttons.append(button("Escalate to L3", ids.ESCALATE, number))
    buttons.append(button("Resolve", ids.RESOLVE, number))
    return actions(*buttons)


def render_handoff(handoff: Handoff) -> Rendered:
    """Render what a tier passes on."""
    blocks = [section(f"*Handoff of {ticket_name(handoff.ticket)}*")]
    if handoff.findings:
        blocks.append(
            section(f"*Findings of {person(handoff.found_by)}*\n{quote(handoff.findings)}")
        )
    talk = "\n".join(_line(line) for line in handoff.conversation[-20:])
    blocks.append(section(f"*Conversation*\n{talk or '_nothing on record_'}"))
    shown = ", ".join(f"`{escape(article)}`" for article in handoff.articles) or "none"
    failed = ", ".join(f"`{escape(article)}`" for article in handoff.failed) or "none"
    blocks.append(section(f"*Articles shown:* {shown}\n*Tried without success:* {failed}"))
    return Rendered(f"Handoff of {ticket_name(handoff.ticket)}", blocks)


def _line(line: Line) -> str:
    text = clip_escaped(line.text, 300).replace("\n", " ")
    gone = " _(deleted)_" if line.deleted else ""
    return f"{person(line.author)}: {text}{gone}"


def render_thread_note(note: ThreadNote) -> Rendered:
    """Render, in the escalation's thread, that something happened."""
    by = person(note.by)
    lead = {
        "wrote": f":speech_balloon: {by} writes:",
        "edited": f":pencil2: {by} changed a message to:",
        "deleted": f":wastebasket: {by} deleted a message; the record keeps it.",
        "passed_on": f":arrow_up: {by} passed it on to L3. Findings:",
        "resolved": f":white_check_mark: {by} resolved it. What fixed it:",
        "not_fixed": f":leftwards_arrow_with_hook: {by} says that it is not fixed.",
        "solved": f":tada: {by} says that it is solved; nobody is needed any more.",
        "withdrawn": f":wastebasket: {by} withdrew the request; nobody is needed any more.",
    }[note.what]
    text = f"{lead}\n{quote(note.text, 2_500)}" if note.text else lead
    return Rendered(text, [section(text)])


REMINDERS = {
    (TimerKind.REMIND_GROUP, False): ":alarm_clock: Nobody has taken {number} yet.",
    (TimerKind.REMIND_GROUP, True): ":alarm_clock: {number} is overdue: {promise}.",
    (TimerKind.CALL_NEXT, False): ":telephone_receiver: Still nobody has {number}. Can you?",
    (TimerKind.CALL_LEAD, False): ":rotating_light: Nobody takes {number}. Please decide who does.",
    (TimerKind.CALL_LEAD, True): ":rotating_light: {number} is long overdue: {promise}.",
    (TimerKind.MOVE_UP, False): ":rotating_light: Nobody has taken {number} for long.",
}

PROMISES = {
    Promise.ACKNOWLEDGE: "somebody should have taken it",
    Promise.FIRST_RESPONSE: "the requester should have heard from you",
    Promise.RESOLVE: "it should have been resolved",
}

SOON = ":alarm_clock: {number} falls due soon: {promise}."


def render_reminder(notice: Reminder) -> Rendered:
    """Render that a promise is running out, to those who should act."""
    number = ticket_name(notice.ticket)
    words = REMINDERS.get((notice.step, notice.taken), SOON)
    text = words.format(number=number, promise=PROMISES[notice.promise])
    people = f"<!subteam^{notice.usergroup}>" if notice.usergroup else ""
    called = people or " ".join(person(member) for member in notice.members)
    text = f"{text} {called}".rstrip()
    return Rendered(text, [section(text)])
