"""*More…*: what is done to an escalation less often, with a line each on what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.tickets import EscalationState
from bot.desk.tiers import Tier
from bot.slack import actions as ids
from bot.slack.blocks.modals import modal, plain
from bot.slack.blocks.parts import section
from bot.slack.blocks.tickets.row import buttons_of
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from bot.desk.tickets import About
    from bot.slack.blocks.modals import View
    from bot.slack.blocks.parts import Block

WORDS = {
    ids.ESCALATE: (
        N_("Escalate to L3"),
        N_("The engineers who own the system, with what you found."),
    ),
    ids.RETURN: (N_("Return to L2"), N_("With your reason; L2 is called.")),
    ids.ASK: (N_("Ask the requester"), N_("Their deadlines wait until they answer.")),
    ids.REPLY: (
        N_("Reply to the requester"),
        N_("They read it in their own thread, with your name."),
    ),
    ids.HAND_OVER: (N_("Hand over"), N_("To a member of the group.")),
    ids.INCIDENT: (N_("Declare an incident"), N_("Many have it: title, owner, news for all.")),
    ids.PRIORITY: (N_("Priority"), N_("How many, and how badly; the deadlines follow.")),
    ids.DUPLICATE: (N_("Duplicate of"), N_("Another ticket's end is told to this requester too.")),
    ids.QUEUE: (N_("Back to the queue"), N_("Nobody has it then; the group is called anew.")),
    ids.MUTE: (N_("Stop reminding the requester"), N_("No more reminders in their thread.")),
}
"""Each action with its name and what comes of it, in the order in which they stand."""

NAMES = {name: action for action, (name, _) in WORDS.items()}

AT_ONCE = frozenset({ids.QUEUE, ids.MUTE})
"""These ask for nothing more."""


def further_modal(origin: ids.ModalOrigin, about: About | None) -> View:
    """Ask what is to be done; what has a modal of its own is asked there."""
    if about is not None and not about.is_open:
        done = section(_("It is settled or was passed on meanwhile: the card says how."))
        return {
            "type": "modal",
            "title": plain(_("More choices")),
            "close": plain(_("Close")),
            "blocks": [done],
        }
    options = [_option(each, about) for each in offered(about)]
    choice: Block = {
        "type": "input",
        "block_id": ids.CHOICE,
        "label": plain(_("What do you want to do?")),
        "element": {"type": "radio_buttons", "action_id": ids.CHOICE, "options": options},
    }
    return modal(ids.FURTHER_MODAL, _("More choices"), _("Go on"), origin, [choice])


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
        name, words = N_("Remind the requester again"), N_("In their thread, as before.")
    if about is not None and action == ids.INCIDENT and about.incident is not None:
        name, words = N_("Incident"), N_("Its title and its owner.")
    return {"text": plain(_(name)), "description": plain(_(words)), "value": action}
