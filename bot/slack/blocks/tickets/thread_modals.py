"""The modals of an escalation's thread, and the remark of a requester."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.deciding import NEAREST, is_small_print
from bot.desk.ids import ticket_name
from bot.desk.learning import LABELS
from bot.desk.promises import Priority
from bot.desk.tickets import subject_of
from bot.desk.tiers import Tier
from bot.slack import actions as ids
from bot.slack.blocks.modals import modal, plain, text_input
from bot.slack.blocks.parts import context, section
from bot.slack.blocks.quoting import on_record, quoted
from bot.slack.blocks.tickets.resting import snooze_modal
from bot.slack.limits import SECTION_TEXT
from bot.slack.text import clip, escape
from bot.slack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.desk.tickets import About, Alike
    from bot.slack.blocks.modals import View
    from bot.slack.blocks.parts import Block

PRIORITIES = {
    Priority.P1: "P1: many people cannot work",
    Priority.P2: "P2: a team cannot work, or many are hindered",
    Priority.P3: "P3: one person cannot work, or a team is hindered",
    Priority.P4: "P4: it can wait",
}

MEANINGS = {
    "L1": "L1: an article answers it",
    "L2": "L2: a specialist has to look into it",
    "L3": "L3: the engineers who own the system",
    "chat": "chat: it asks for nothing",
}

TIERS = {tier: f"{tier}" for tier in Tier}


def ask_modal(origin: ids.ModalOrigin) -> View:
    """Ask the requester something."""
    hint = "They read it in their own thread, with your name; the deadlines wait for the answer."
    return modal(
        ids.ASK_MODAL, "Ask the requester", "Send", origin,
        [text_input(ids.TEXT, "What do you need to know?", hint)],
    )  # fmt: skip


def reply_modal(origin: ids.ModalOrigin) -> View:
    """Write to the requester."""
    hint = "They read it in their own thread, with your name."
    return modal(
        ids.REPLY_MODAL, "Reply to the requester", "Send", origin,
        [text_input(ids.TEXT, "Your words", hint)],
    )  # fmt: skip


def return_modal(origin: ids.ModalOrigin) -> View:
    """Ask why it goes back."""
    hint = "What you ruled out, and what L2 should do: they start from here."
    return modal(
        ids.RETURN_MODAL, "Return to L2", "Return", origin,
        [text_input(ids.REASON, "Why does it go back?", hint)],
    )  # fmt: skip


def hand_over_modal(origin: ids.ModalOrigin) -> View:
    """Ask to whom."""
    chosen = {
        "type": "users_select",
        "action_id": ids.TARGET,
        "placeholder": plain("Choose a member of the group"),
    }
    block = _input(ids.TARGET, "To whom?", chosen, hint="A member of the escalation's group.")
    return modal(ids.HAND_OVER_MODAL, "Hand over", "Hand over", origin, [block])


def priority_modal(origin: ids.ModalOrigin) -> View:
    """Ask what comes first."""
    select = _select(ids.PRIORITY_FIELD, PRIORITIES)
    hint = "The deadlines follow, counted from when the people were called."
    block = _input(ids.PRIORITY_FIELD, "How many, and how badly?", select, hint=hint)
    return modal(ids.PRIORITY_MODAL, "Priority", "Set", origin, [block])


def duplicate_modal(origin: ids.ModalOrigin) -> View:
    """Ask for the other ticket."""
    chosen = {
        "type": "external_select",
        "action_id": ids.ORIGINAL,
        "placeholder": plain("A number or a few words"),
        "min_query_length": 0,
    }
    hint = "Its end is told to this requester too."
    block = _input(ids.ORIGINAL, "Which ticket is it the same as?", chosen, hint=hint)
    return modal(ids.DUPLICATE_MODAL, "Duplicate of", "Link", origin, [block])


def ticket_options(found: Sequence[Alike]) -> list[dict[str, Any]]:
    """Give the tickets to choose from, each with its number, its state and what it is about."""
    return [
        {
            "text": plain(clip(f"{ticket_name(each.ticket)}  {subject_of(each.question)}", 75)),
            "description": plain(_stands(each)),
            "value": ticket_name(each.ticket),
        }
        for each in found
    ]


def _stands(found: Alike) -> str:
    if found.is_settled:
        return "resolved: its end is told at once"
    return f"{found.tier}, {'taken' if found.assignee else 'not taken'}"


def why_modal(origin: ids.ModalOrigin, about: About | None = None) -> View:
    """Show all that the decision rests on, and ask what triage should have said."""
    return modal(
        ids.WRONG_CALL_MODAL, "Why?", "Send correction", origin,
        [
            *_grounds(about),
            section("*Wrong call?* Say what it should have been; it teaches the next training."),
            _input(
                ids.LABEL, "Who could have settled it, from the message alone?",
                _select(ids.LABEL, {label: MEANINGS[label] for label in LABELS}),
            ),
            text_input(
                ids.ARTICLE, "Which article answers it?", "For L1, if there is one: the article's "
                "id, as a handoff shows it.", multiline=False, optional=True,
            ),
        ],
    )  # fmt: skip


def _grounds(about: About | None) -> list[Block]:
    """Give what called a person, and in small print the figures and words behind it."""
    if about is None:
        return []
    first = [each for each in about.reasons if not is_small_print(each)]
    small = [_with_heading(each) for each in about.reasons if is_small_print(each)]
    lines = [f"• {escape(each)}" for each in first]
    blocks = [section("\n".join(lines))]
    if len("\n".join(lines)) > SECTION_TEXT:
        # Whole, as it is on the card in short.
        blocks = [block for each in first for block in quoted("•", each, on_record(about.ticket))]
    return [*blocks, *(context(each) for each in small)]


def _with_heading(reason: str) -> str:
    heading, colon, rest = reason.partition(":")
    if reason.startswith(NEAREST):
        heading = "Most alike among the messages that it was trained on (no tickets of yours)"
    return f"*{escape(heading)}{colon}*{escape(rest)}"


def remark_modal(origin: ids.ModalOrigin) -> View:
    """Ask for a few words with the stars."""
    hint = _("Those who worked on it read this.")
    return modal(
        ids.REMARK_MODAL, _("Your remark"), _("Send"), origin,
        [text_input(ids.TEXT, _("What was good, what was not?"), hint)],
    )  # fmt: skip


def ending_fields(tier: Tier | None) -> list[Block]:
    """Give the fields that are asked at the end besides cause and fix."""
    wanted = {
        "type": "checkboxes",
        "action_id": ids.ARTICLE_WANTED,
        "options": [{"text": plain("An article should say so"), "value": ids.YES}],
    }
    told = {
        "type": "checkboxes",
        "action_id": ids.CAUSE_TOLD,
        "options": [{"text": plain("The requester reads the cause too"), "value": ids.YES}],
    }
    return [
        _input(ids.CAUSE_TOLD, "Who reads what it was?", told, optional=True),
        text_input(
            ids.PREVENTION, "What would prevent it?", "If anything would. Engineers and admins "
            "read this, and a draft of an article has it; the requester does not.", optional=True,
        ),
        _input(
            ids.RIGHT_TIER, "Where should it have gone at once?",
            _select(ids.RIGHT_TIER, TIERS, initial=tier),
            hint="For reports and the next training; the requester does not read it.",
        ),
        _input(ids.ARTICLE_WANTED, "For the next one who asks", wanted, optional=True),
        text_input(
            ids.ARTICLE_WORDS, "What should the article say?", "A sentence is enough: a draft "
            "begins with it, and your group publishes it with one press.", optional=True,
        ),
    ]  # fmt: skip


def _select(
    action_id: str, options: Mapping[Any, str], initial: str | None = None
) -> dict[str, Any]:
    offered = [{"text": plain(label), "value": str(value)} for value, label in options.items()]
    element: dict[str, Any] = {
        "type": "static_select", "action_id": action_id, "options": offered,
    }  # fmt: skip
    chosen = next((option for option in offered if option["value"] == initial), None)
    return {**element, "initial_option": chosen} if chosen else element


def _input(
    block_id: str, label: str, element: dict[str, Any], *, hint: str = "", optional: bool = False
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": plain(hint)} if hint else block


def of_ticket(view: View, about: About | None) -> View:
    """Name the ticket that a modal is about, above all else."""
    if about is None:
        return view
    named = context(f"*{ticket_name(about.ticket)}*  ·  {escape(about.subject)}")
    return {**view, "blocks": [named, *view["blocks"]]}


OPENED_BY: Mapping[str, Callable[[ids.ModalOrigin], View]] = {
    ids.ASK: ask_modal,
    ids.REPLY: reply_modal,
    ids.RETURN: return_modal,
    ids.HAND_OVER: hand_over_modal,
    ids.PRIORITY: priority_modal,
    ids.DUPLICATE: duplicate_modal,
    ids.SNOOZE: snooze_modal,
    ids.WRONG_CALL: why_modal,
    ids.WHY: why_modal,
    ids.REMARK: remark_modal,
}
"""The modal that each button or menu entry opens."""

BUTTONS: Sequence[str] = (
    ids.ASK,
    ids.REPLY,
    ids.RETURN,
    ids.HAND_OVER,
    ids.REMARK,
    ids.WHY,
    ids.SNOOZE,
)
"""Those that are buttons of their own, on today's cards or on older ones."""
