"""What the requester sees once people are involved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.slack import actions as ids
from bot.slack.blocks.asking.answers import OUTCOMES, extract_blocks
from bot.slack.blocks.parts import Rendered, actions, button, context, person, section, when
from bot.slack.blocks.quoting import on_record, quoted
from bot.slack.blocks.tickets.closing import closing_blocks, star_blocks
from bot.slack.text import escape

if TYPE_CHECKING:
    from bot.desk.asking import Thanked
    from bot.desk.tickets import Apology, Passed, Progress, Refusal, Settled

AN_ENDING = 3_600
"""Characters of what it was, and of what fixed it: beside a remark, all fit into one message."""

WHY = {
    "needs_person": "This needs a person to look into it.",
    "knowledge_gap": "I have no article that answers this.",
    "asked_for_person": "You asked for a person.",
    "not_solved": "The articles did not settle it.",
    "failure": "Something went wrong on my side.",
}

PEOPLE = {"L2": "the specialists on call", "L3": "the engineers who own the system"}


def render_passed(notice: Passed) -> Rendered:
    """Render that people have been called."""
    number = ticket_name(notice.ticket)
    text = (
        f"{WHY[notice.why]} I have passed it to {PEOPLE[notice.tier]} ({notice.tier}) as "
        f"*{number}*, with all that you told me. They answer here, in this thread; "
        "anything that you add here reaches them."
    )
    if notice.expected is not None:
        text += (
            f"\n:crescent_moon: It is outside their support hours: expect somebody from "
            f"{when(notice.expected)}."
        )
    blocks = [section(text)]
    if notice.meanwhile is not None:
        blocks.append(context("Meanwhile, this may help:"))
        blocks.extend(extract_blocks(notice.meanwhile))
    solved = button("It is solved, thanks", ids.SOLVED, ids.about(notice.ticket))
    return Rendered(text, [*blocks, actions(solved)])


def render_progress(notice: Progress) -> Rendered:
    """Render a step on the way."""
    number = ticket_name(notice.ticket)
    by = person(notice.by)
    # Where it ends without a word, nobody is called: L1 has no people.
    people = PEOPLE.get(notice.tier, "")
    text = {
        "taken": (
            f":raised_hand: {by if notice.by else 'Somebody on call'} ({notice.tier}) has taken "
            f"{number} and is looking into it."
        ),
        "moved_up": (
            f":arrow_up: {by} has passed {number} on to {people} ({notice.tier}), "
            "with what was found so far."
        ),
        "moved_up_late": (
            f":arrow_up: Nobody was free for {number} in time, so I have called "
            f"{people} ({notice.tier})."
        ),
        "returned": (
            f":leftwards_arrow_with_hook: {by} has looked into {number} and passed it back to "
            f"{people} ({notice.tier}), with what was found."
        ),
        "handed_over": f":raised_hand: {by} ({notice.tier}) looks into {number} from here on.",
        "nudged": (
            f":wave: {number} waits for your answer to the question above. "
            "Write it here, or tell me that it is solved."
        ),
        "closed": (
            f":lock: I have not heard from you about {number}, so I close it. "
            "Write here whenever it is not settled, and it is open again."
        ),
        "requeued": (
            f":inbox_tray: {by if notice.by else 'Whoever had it'} cannot go on with {number}; "
            "it waits for a colleague, and "
            f"{people} ({notice.tier}) are told."
        ),
        "reopened": (
            f":leftwards_arrow_with_hook: I am sorry that it is not fixed. {number} is open "
            f"again, and {people} ({notice.tier}) have been called."
        ),
    }[notice.what]
    return Rendered(text, [section(text)])


def render_settled(notice: Settled) -> Rendered:
    """Render that a ticket was resolved, how, and the way back."""
    number = ticket_name(notice.ticket)
    same = f", the same as your {number}" if notice.original else ""
    settled = ticket_name(notice.original or notice.ticket)
    if notice.by is not None:
        by = f"{person(notice.by)} ({notice.tier})" if notice.tier else person(notice.by)
        text = f":white_check_mark: {by} has resolved {settled}{same}."
    else:
        text = f":white_check_mark: {settled}{same}, has come to an end. Is it fixed for you too?"
    if notice.incident:
        text = f"{text}\n*{escape(notice.incident)}* is over."
    blocks = [section(text)]
    whole = f"{person(notice.by)} has the rest." if notice.by else on_record(notice.ticket)
    if notice.cause:
        blocks += quoted("*What it was*", notice.cause, whole, room=AN_ENDING)
    if notice.fix:
        blocks += quoted("*What fixed it*", notice.fix, whole, room=AN_ENDING)
    return Rendered(f"{text} {escape(notice.fix)}".rstrip(), [*blocks, *closing_blocks(notice)])


def render_thanked(notice: Thanked) -> Rendered:
    """Render the thanks for settling it alone."""
    text = f":tada: Glad that it is solved. {ticket_name(notice.ticket)} is resolved."
    if notice.outcome is not None:
        return Rendered(text, [section(text), context(OUTCOMES[notice.outcome])])
    back = button("It is not fixed after all", ids.NOT_FIXED, ids.about(notice.ticket))
    stars = star_blocks(notice.ticket, notice.stars, notice.remark)
    return Rendered(text, [section(text), *stars, actions(back)])


def render_refusal(notice: Refusal) -> Rendered:
    """Render, for one person alone, why their press did nothing."""
    number = ticket_name(notice.ticket) if notice.ticket else "This request"
    by = f" by {person(notice.by)}" if notice.by else ""
    until = when(notice.until) if notice.until else "then"
    text = {
        "not_requester": f"{number} belongs to somebody else; only they can decide about it.",
        "not_in_group": (
            f"{number} can be handled by the people of its resolver group only. "
            "If you should be one of them, ask an admin to add you to the user group."
        ),
        "already_taken": f"{number} has already been taken{by}.",
        "already_settled": f"{number} has already moved on{by}; the message shows how it stands.",
        "unknown": "I do not know this request any more; please ask again in a new message.",
        "take_first": f"{number} has not been taken yet; take it first, then give it back.",
        "not_a_member": (
            f"{person(notice.by)} is not in the group that has {number}; nothing was changed. "
            "Choose a member of the group, or pass it to another tier."
        ),
        "no_such_ticket": (
            f"There is no ticket of that number; {number} stays as it is. "
            "A ticket's number stands on its card."
        ),
        "nobodys": (
            f"Nobody works on {number}, so nothing would come of it. "
            "Choose a ticket that is with people, or one that was resolved."
        ),
        "not_their_thread": (
            "Only what stands in an escalation's thread can be sent to a requester; "
            "this message does not."
        ),
        "nothing_to_send": (
            f"That message has no words of a person in it; {number}'s requester was sent nothing. "
            "Choose a message that somebody wrote."
        ),
        "restricted": (
            f"{number} is restricted: it stays with its group, and is tied to no other ticket. "
            "Hand it over within the group, or resolve it."
        ),
        "seen_already": f"{number} has been seen{by} already, who looks at it until {until}.",
        "take_to_snooze": (
            f"Nobody has {number} yet, and what nobody has cannot rest: take it first, or "
            "acknowledge it for 30 minutes."
        ),
        "time_is_over": (
            f"That time is over, or more than four weeks away; {number} was not put off. "
            "Choose a time that is yet to come."
        ),
        "nothing_to_do": f"{number} is already where you wanted it; nothing was changed.",
    }[notice.why]
    return Rendered(text, [section(text)])


def render_apology(notice: Apology) -> Rendered:
    """Render that Frontline itself failed."""
    if notice.ticket is None:
        text = (
            "I am sorry, that went wrong on my side and nothing was changed. "
            "Please try once more; the admin finds the details in the log."
        )
    elif notice.nobody_reached:
        text = (
            f"I am sorry, I could not reach anybody on call for *{ticket_name(notice.ticket)}*. "
            "It is on record and the admin is shown it; if it is urgent, please ring the desk."
        )
    else:
        text = (
            "I am sorry, something went wrong on my side. Your message is not lost: I have "
            f"passed it to a person as *{ticket_name(notice.ticket)}*; they answer in this thread."
        )
    return Rendered(text, [section(text)])
