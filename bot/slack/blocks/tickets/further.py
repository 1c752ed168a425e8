"""*More…*: what is done to an escalation less often, with a line each on what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.tickets import EscalationState
from bot.desk.tiers import Tier
from bot.slack import actions as ids
from bot.slack.blocks.modals import modal, plain
from bot.slack.blocks.parts import section
from bot.slack.blocks.tickets.row import buttons_of

if TYPE_CHECKING:
    from bot.desk.tickets import About
    from bot.slack.blocks.modals import View
    from bot.slack.blocks.parts import Block

WORDS = {
    ids.ESCALATE: ("Escalate to L3", "The engineers who own the system, with what you found."),
    ids.RETURN: ("Return to L2", "With your reason; L2 is called."),
    ids.ASK: ("Ask the requester", "Their deadlines wait until they answer."),
    ids.REPLY: ("Reply to the requester", "They read it in their own thread, with your name."),
    ids.HAND_OVER: ("Hand over", "To a member of the group."),
    ids.INCIDENT: ("Declare an incident", "Many have it: title, owner, news for all."),
    ids.PRIORITY: ("Priority", "How many, and how badly; the deadlines follow."),
    ids.DUPLICATE: ("Duplicate of", "Another ticket's end is told to this requester too."),
    ids.QUEUE: ("Back to the queue", "Nobody has it then; the group is called anew."),
    ids.MUTE: ("Stop reminding the requester", "No more reminders in their thread."),
}
"""Each action with its name and what comes of it, in the order in which they stand."""

NAMES = {name: action for action, (name, _) in WORDS.items()}

AT_ONCE = frozenset({ids.QUEUE, ids.MUTE})
"""These ask for nothing more."""


def further_modal(origin: ids.ModalOrigin, about: About | None) -> View:
    """Ask what is to be done; what has a modal of its own is asked there."""
    if about is not None and not about.is_open:
        done = section("It is settled or was passed on meanwhile: the card says how.")
        return {
            "type": "modal",
            "title": plain("More"),
            "close": plain("Close"),
            "blocks": [done],
        }
    options = [_option(each, about) for each in offered(about)]
    choice: Block = {
        "type": "input",
        "block_id": ids.CHOICE,
        "label": plain("What do you want to do?"),
        "element": {"type": "radio_buttons", "action_id": ids.CHOICE, "options": options},
    }
    return modal(ids.FURTHER_MODAL, "More", "Go on", origin, [choice])


def offered(about: About | None) -> tuple[str, ...]:
    """Give what can be done and is no button of the card, as it stands now."""
    if about is None:
        return tuple(each for each in WORDS if each not in {ids.RETURN, ids.QUEUE})
    on_card = buttons_of(about)
    return tuple(each for each in WORDS if each not in on_card and _fits(each, about))


def _fits(action: str, about: About) -> bool:
    taken = about.state is EscalationState.ACKNOWLEDGED
    match action:
        case ids.ESCALATE:
            return about.tier is not Tier.L3
        case ids.RETURN:
            return about.tier is Tier.L3 and taken
        case ids.QUEUE:
            return taken or about.assignee is not None
        case _:
            return True


def _option(action: str, about: About | None) -> Block:
    name, words = WORDS[action]
    if about is not None and action == ids.MUTE and about.muted:
        name, words = "Remind the requester again", "In their thread, as before."
    if about is not None and action == ids.INCIDENT and about.incident is not None:
        name, words = "Incident", "Its title and its owner."
    return {"text": plain(name), "description": plain(words), "value": action}
