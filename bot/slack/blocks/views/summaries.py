"""A ticket on one line, as its requester and as an engineer reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.privacy import is_direct
from bot.desk.promises import Promise
from bot.desk.views import Next
from bot.slack.blocks.incidents.lines import part_of
from bot.slack.blocks.parts import person, when
from bot.slack.blocks.tickets.progress import people_of
from bot.slack.text import clip_escaped
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from bot.desk.views import TicketSummary

QUESTION = 140

PROMISES = {
    Promise.ACKNOWLEDGE: N_("somebody takes it"),
    Promise.FIRST_RESPONSE: N_("first answer"),
    Promise.RESOLVE: N_("resolved"),
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
    words = clip_escaped(" ".join(ticket.question.split()), QUESTION) or _("_no words_")
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
    about = {
        "person": person(ticket.assignee) if ticket.assignee else _("Somebody"),
        "tier": ticket.tier,
        "people": people_of(str(ticket.tier or "L2")),
        "time": when(ticket.due) if ticket.due else "",
    }
    match ticket.next:
        case Next.LOOKING:
            return _(":mag: I am looking at it; the answer comes in its thread.")
        case Next.TRY_ARTICLE:
            shown = _(":bulb: I have shown you an article: tell me whether it helped.")
            silent = _("Without a word I close it at {time}.").format(**about)
            return f"{shown} {silent}" if ticket.due else shown
        case Next.TAKEN_SOON:
            soon = (
                _(":bell: Called are {people}; somebody takes it by {time}.")
                if ticket.due
                else _(":bell: Called are {people}; somebody takes it.")
            )
            return soon.format(**about)
        case Next.WORKED_ON:
            return _worked_on(ticket, about)
        case Next.YOUR_ANSWER:
            waits = _(":speech_balloon: {person} waits for your answer, in its thread.")
            return waits.format(**about)
        case Next.TIED:
            return _(":link: The same is worked on already; you hear how it ends.")
        case Next.YOUR_WORD:
            return _(":white_check_mark: Resolved; tell me if it is not fixed.")
        case Next.NOTHING:
            if ticket.confirmed:
                return _(":lock: Closed; you said that it is fixed.")
            return _(":lock: Closed.")


def _worked_on(ticket: TicketSummary, about: dict[str, str | None]) -> str:
    if ticket.snoozed_until and ticket.assignee:
        goes_on = _(":raised_hand: {person} ({tier}) has it and goes on with it {time}.")
        return goes_on.format(**about | {"time": when(ticket.snoozed_until)})
    works = _(":raised_hand: {person} ({tier}) works on it.").format(**about)
    if not ticket.promise:
        return works
    promised = _(PROMISES[ticket.promise])
    due = _("Next: {what} by {time}.") if ticket.due else _("Next: {what}.")
    return f"{works} {due.format(what=promised, time=about['time'])}"


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
    if is_direct(ticket.channel):
        return _("in direct messages")
    return _("in {channel}").format(channel=f"<#{ticket.channel}>")
