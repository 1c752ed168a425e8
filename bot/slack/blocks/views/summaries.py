"""A ticket on one line, as its requester and as an engineer reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.promises import Promise
from bot.desk.views import Next
from bot.slack.blocks.incidents.lines import part_of
from bot.slack.blocks.parts import person, when
from bot.slack.blocks.tickets.progress import PEOPLE
from bot.slack.text import clip_escaped

if TYPE_CHECKING:
    from bot.desk.views import TicketSummary

QUESTION = 140

PROMISES = {
    Promise.ACKNOWLEDGE: "somebody takes it",
    Promise.FIRST_RESPONSE: "first answer",
    Promise.RESOLVE: "resolved",
}


OVERDUE = {
    Promise.ACKNOWLEDGE: "overdue: somebody should have taken it",
    Promise.FIRST_RESPONSE: "overdue: no answer yet",
    Promise.RESOLVE: "overdue: it should be resolved",
}


def headline(ticket: TicketSummary, *, requester: bool = False) -> str:
    """Give number and question; with the requester, where others read it."""
    whose = f" {person(ticket.requester)}:" if requester else ""
    urgent = f" *{ticket.priority}*" if requester and ticket.priority else ""
    words = clip_escaped(" ".join(ticket.question.split()), QUESTION) or "_no words_"
    name = f"<{ticket.link}|{ticket.name}>" if ticket.link else ticket.name
    return f"*{name}*{urgent}{whose} {words}"


def outlook(ticket: TicketSummary) -> str:
    """Tell its requester what happens next, and of which incident it is part."""
    incident = ticket.incident
    if incident is None or ticket.next is Next.NOTHING:
        return _next(ticket)
    if ticket.next is Next.TIED:
        return part_of(incident)
    return f"{_next(ticket)}\n{part_of(incident, root=True)}"


def _next(ticket: TicketSummary) -> str:
    has = person(ticket.assignee) if ticket.assignee else "Somebody"
    people = PEOPLE.get(str(ticket.tier or "L2"), "people")
    until = f" by {when(ticket.due)}" if ticket.due else ""
    match ticket.next:
        case Next.LOOKING:
            return ":mag: I am looking at it; the answer comes in its thread."
        case Next.TRY_ARTICLE:
            silent = f" Without a word I close it at {when(ticket.due)}." if ticket.due else ""
            return f":bulb: I have shown you an article: tell me whether it helped.{silent}"
        case Next.TAKEN_SOON:
            called = f"{people.capitalize()} ({ticket.tier}) are called"
            return f":bell: {called}; somebody takes it{until}."
        case Next.WORKED_ON:
            if ticket.snoozed_until and ticket.assignee:
                goes_on = when(ticket.snoozed_until)
                return f":raised_hand: {has} ({ticket.tier}) has it and goes on with it {goes_on}."
            promised = f" Next: {PROMISES[ticket.promise]}{until}." if ticket.promise else ""
            return f":raised_hand: {has} ({ticket.tier}) works on it.{promised}"
        case Next.YOUR_ANSWER:
            return f":speech_balloon: {has} waits for your answer, in its thread."
        case Next.TIED:
            return ":link: The same is worked on already; you hear how it ends."
        case Next.YOUR_WORD:
            how = f"Resolved {ticket.resolution or ''}".rstrip()
            return f":white_check_mark: {how}; tell me if it is not fixed."
        case Next.NOTHING:
            end = (
                "and you said that it is fixed"
                if ticket.confirmed
                else f"{ticket.resolution or ''}"
            )
            return f":lock: Closed {end}".rstrip() + "."


def standing(ticket: TicketSummary) -> str:
    """Tell engineers where it stands."""
    parts = [str(ticket.tier or ticket.state)]
    if ticket.tier and ticket.group and ticket.group != ticket.tier.lower():
        parts = [f"{ticket.tier} {ticket.group}"]
    if ticket.is_settled:
        parts = [f"{ticket.state} {ticket.resolution or ''}".strip()]
    elif ticket.assignee:
        parts.append(f"with {person(ticket.assignee)}")
    elif ticket.tier:
        parts.append("nobody has taken it")
    if ticket.snoozed_by and ticket.snoozed_until and not ticket.is_settled:
        seen = "rests" if ticket.assignee else f"{person(ticket.snoozed_by)} has seen it"
        parts.append(f"{seen} until {when(ticket.snoozed_until)}")
    if ticket.waiting:
        parts.append("waits for the requester")
    if ticket.overdue and not ticket.is_settled:
        parts.append(f"*{OVERDUE[ticket.overdue]}*")
    if ticket.due and ticket.promise:
        parts.append(f"{PROMISES[ticket.promise]} by {when(ticket.due)}")
    return ", ".join(parts)


def place(ticket: TicketSummary) -> str:
    """Say where its thread is."""
    if ticket.channel.startswith("D"):
        return "in direct messages"
    return f"in <#{ticket.channel}>"
