"""What the requester sees once people are involved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.slack import actions as ids
from bot.slack.blocks.asking.answers import OUTCOMES, extract_blocks
from bot.slack.blocks.parts import Rendered, actions, button, context, person, section, when
from bot.slack.blocks.quoting import on_record, quoted
from bot.slack.blocks.tickets.closing import closing_blocks, has_the_rest, star_blocks
from bot.slack.text import escape
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from bot.desk.asking import Thanked
    from bot.desk.tickets import Apology, Passed, Progress, Settled

AN_ENDING = 3_600
"""Characters of what it was, and of what fixed it: beside a remark, all fit into one message."""

WHY = {
    "needs_person": N_("This needs a person to look into it."),
    "knowledge_gap": N_("I have no article that answers this."),
    "asked_for_person": N_("You asked for a person."),
    "asked_unread": N_("You asked for a person."),
    "not_solved": N_("The articles did not settle it."),
    "failure": N_("Something went wrong on my side."),
}

PEOPLE = {
    "L2": N_("the specialists on call ({tier})"),
    "L3": N_("the engineers who own the system ({tier})"),
}


def people_of(tier: str) -> str:
    """Name the people of a tier; nobody where it ends at L1, which has none."""
    return _(PEOPLE[tier]).format(tier=tier) if tier in PEOPLE else tier


def render_passed(notice: Passed) -> Rendered:
    """Render that people have been called."""
    number = ticket_name(notice.ticket)
    said = _(
        "{why} I have passed it to {people} as *{number}*, with all that you told me. They answer "
        "here, in this thread; anything that you add here reaches them."
    )
    if notice.why == "asked_unread":
        said = _(
            "{why} I have called {people} as *{number}*, and they read nothing of what you wrote "
            "so far. They answer here, in this thread; what you add here reaches them."
        )
    text = said.format(why=_(WHY[notice.why]), people=people_of(notice.tier), number=number)
    if notice.expected is not None:
        late = _("It is outside their support hours: expect somebody from {time}.")
        text += f"\n:crescent_moon: {late.format(time=when(notice.expected))}"
    blocks = [section(text)]
    if notice.meanwhile is not None:
        blocks.append(context(_("Meanwhile, this may help:")))
        blocks.extend(extract_blocks(notice.meanwhile))
    solved = button(_("It is solved, thanks"), ids.SOLVED, ids.about(notice.ticket))
    return Rendered(text, [*blocks, actions(solved)])


STEPS = {
    "taken": N_(":raised_hand: {person} ({tier}) has taken {number} and is looking into it."),
    "taken_by_somebody": N_(
        ":raised_hand: Somebody on call ({tier}) has taken {number} and is looking into it."
    ),
    "moved_up": N_(
        ":arrow_up: {person} has passed {number} on to {people}, with what was found so far."
    ),
    "moved_up_late": N_(
        ":arrow_up: Nobody was free for {number} in time, so I have called {people}."
    ),
    "returned": N_(
        ":leftwards_arrow_with_hook: {person} has looked into {number} and passed it back to "
        "{people}, with what was found."
    ),
    "handed_over": N_(":raised_hand: {person} ({tier}) looks into {number} from here on."),
    "nudged": N_(
        ":wave: {number} waits for your answer to the question above. "
        "Write it here, or tell me that it is solved."
    ),
    "closed": N_(
        ":lock: I have not heard from you about {number}, so I close it. "
        "Write here whenever it is not settled, and it is open again."
    ),
    "requeued": N_(
        ":inbox_tray: {person} cannot go on with {number}; it waits for a colleague, and "
        "{people} are told."
    ),
    "requeued_by_somebody": N_(
        ":inbox_tray: Whoever had it cannot go on with {number}; it waits for a colleague, and "
        "{people} are told."
    ),
    "reopened": N_(
        ":leftwards_arrow_with_hook: I am sorry that it is not fixed. {number} is open again, and "
        "{people} have been called."
    ),
}


def render_progress(notice: Progress) -> Rendered:
    """Render a step on the way."""
    unnamed = f"{notice.what}_by_somebody"
    words = STEPS[unnamed if notice.by is None and unnamed in STEPS else notice.what]
    text = _(words).format(
        person=person(notice.by),
        tier=notice.tier,
        people=people_of(notice.tier),
        number=ticket_name(notice.ticket),
    )
    return Rendered(text, [section(text)])


def render_settled(notice: Settled) -> Rendered:
    """Render that a ticket was resolved, how, and the way back."""
    names = {
        "number": ticket_name(notice.ticket),
        "original": ticket_name(notice.original or notice.ticket),
        "person": f"{person(notice.by)} ({notice.tier})" if notice.tier else person(notice.by),
    }
    if notice.by is None:
        text = _("{original}, the same as your {number}, has come to an end. Is it fixed for you?")
    elif notice.original:
        text = _("{person} has resolved {original}, the same as your {number}.")
    else:
        text = _("{person} has resolved {number}.")
    text = f":white_check_mark: {text.format(**names)}"
    if notice.incident:
        text += "\n" + _("*{title}* is over.").format(title=escape(notice.incident))
    blocks = [section(text)]
    whole = has_the_rest(notice.by) if notice.by else on_record(notice.ticket)
    if notice.cause:
        blocks += quoted(_("*What it was*"), notice.cause, whole, room=AN_ENDING)
    if notice.fix:
        blocks += quoted(_("*What fixed it*"), notice.fix, whole, room=AN_ENDING)
    return Rendered(f"{text} {escape(notice.fix)}".rstrip(), [*blocks, *closing_blocks(notice)])


def render_thanked(notice: Thanked) -> Rendered:
    """Render the thanks for settling it alone."""
    text = _(":tada: Glad that it is solved. {number} is resolved.").format(
        number=ticket_name(notice.ticket)
    )
    if notice.outcome is not None:
        return Rendered(text, [section(text), context(_(OUTCOMES[notice.outcome]))])
    back = button(_("It is not fixed after all"), ids.NOT_FIXED, ids.about(notice.ticket))
    stars = star_blocks(notice.ticket, notice.stars, notice.remark)
    return Rendered(text, [section(text), *stars, actions(back)])


def render_apology(notice: Apology) -> Rendered:
    """Render that Frontline itself failed."""
    if notice.ticket is None:
        text = _(
            "I am sorry, that went wrong on my side and nothing was changed. "
            "Please try once more; the admin finds the details in the log."
        )
    elif notice.nobody_reached:
        text = _(
            "I am sorry, I could not reach anybody on call for *{number}*. "
            "It is on record and the admin is shown it; if it is urgent, please ring the desk."
        )
    else:
        text = _(
            "I am sorry, something went wrong on my side. Your message is not lost: I have "
            "passed it to a person as *{number}*; they answer in this thread."
        )
    if notice.ticket is not None:
        text = text.format(number=ticket_name(notice.ticket))
    return Rendered(text, [section(text)])
