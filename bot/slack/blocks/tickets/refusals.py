"""Why a press did nothing, told to whoever pressed, alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.slack.blocks.parts import Rendered, person, section, when
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from bot.desk.tickets import Refusal

WORDS = {
    "not_requester": N_("{number} belongs to somebody else; only they can decide about it."),
    "not_in_group": N_(
        "{number} can be handled by the people of its resolver group only. "
        "If you should be one of them, ask an admin to add you to the user group."
    ),
    "already_taken": N_("{number} has already been taken."),
    "already_settled": N_("{number} has already moved on; the message shows how it stands."),
    "unknown": N_("I do not know this request any more; please ask again in a new message."),
    "take_first": N_("{number} has not been taken yet; take it first, then give it back."),
    "not_a_member": N_(
        "{person} is not in the group that has {number}; nothing was changed. "
        "Choose a member of the group, or pass it to another tier."
    ),
    "no_such_ticket": N_(
        "There is no ticket of that number; {number} stays as it is. "
        "A ticket's number stands on its card."
    ),
    "nobodys": N_(
        "Nobody works on {number}, so nothing would come of it. "
        "Choose a ticket that is with people, or one that was resolved."
    ),
    "not_their_thread": N_(
        "Only what stands in an escalation's thread can be sent to a requester; "
        "this message does not."
    ),
    "nothing_to_send": N_(
        "That message has no words of a person in it; the requester of {number} was sent nothing. "
        "Choose a message that somebody wrote."
    ),
    "restricted": N_(
        "{number} is restricted: it stays with its group, and is tied to no other ticket. "
        "Hand it over within the group, or resolve it."
    ),
    "seen_already": N_("{number} has been seen already; somebody looks at it until {time}."),
    "take_to_snooze": N_(
        "Nobody has {number} yet, and what nobody has cannot rest: take it first, or "
        "acknowledge it for 30 minutes."
    ),
    "time_is_over": N_(
        "That time is over, or more than four weeks away; {number} was not put off. "
        "Choose a time that is yet to come."
    ),
    "nothing_to_do": N_("{number} is already where you wanted it; nothing was changed."),
}

BY = {
    "already_taken": N_("{number} has already been taken by {person}."),
    "already_settled": N_(
        "{number} has already moved on by {person}; the message shows how it stands."
    ),
    "seen_already": N_("{number} has been seen already by {person}, who looks at it until {time}."),
}
"""The same, where it is known by whom."""

UNTIMED = N_("{number} has been seen already; somebody looks at it.")


def render_refusal(notice: Refusal) -> Rendered:
    """Render, for one person alone, why their press did nothing."""
    words = BY.get(notice.why, WORDS[notice.why]) if notice.by else WORDS[notice.why]
    if notice.why == "seen_already" and notice.until is None:
        words = UNTIMED
    text = _(words).format(
        number=ticket_name(notice.ticket) if notice.ticket else _("This request"),
        person=person(notice.by),
        time=when(notice.until) if notice.until else "",
    )
    return Rendered(text, [section(text)])
