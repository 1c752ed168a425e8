"""The modals: escalate to L3, resolve, and the whole article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.ids import parse_ticket_name
from bot.slack import actions as ids
from bot.slack.limits import INPUT_TEXT
from bot.slack.words import _

if TYPE_CHECKING:
    from bot.slack.blocks.parts import Block


View = dict[str, Any]


def plain(text: str) -> Block:
    """Give a plain text of a modal."""
    return {"type": "plain_text", "text": text, "emoji": True}


def text_input(
    block_id: str, label: str, hint: str, *, multiline: bool = True, optional: bool = False
) -> Block:
    """Give a field to write into."""
    return {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": plain(label),
        "hint": plain(hint),
        "element": {
            "type": "plain_text_input",
            "action_id": block_id,
            "multiline": multiline,
            "max_length": INPUT_TEXT,
        },
    }


def modal(
    callback_id: str, title: str, submit: str, origin: ids.ModalOrigin, blocks: list[Block]
) -> View:
    """Give a modal that remembers where it was opened."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": origin.dump(),
        "title": plain(title),
        "submit": plain(submit),
        "close": plain(_("Cancel")),
        "blocks": blocks,
    }


REQUIRED = {
    ids.RESOLVE_MODAL: {
        ids.CAUSE: "Please say what it was, in a few words.",
        ids.FIX: "Please say what fixed it; the requester reads this.",
    },
    ids.ESCALATE_MODAL: {ids.FINDINGS: "L3 needs to know what you found so far."},
    ids.RETURN_MODAL: {ids.REASON: "L2 needs to know why it comes back."},
    ids.ASK_MODAL: {ids.TEXT: "Please write what you need to know."},
    ids.REPLY_MODAL: {ids.TEXT: "Please write what the requester is to read."},
    ids.ASK_HOME_MODAL: {ids.TEXT: "Please write what you need."},
    ids.DECLARE_MODAL: {ids.TITLE: "Please say in a few words what is disturbed."},
    ids.OPEN_ESCALATION_MODAL: {ids.REASON: "Those who are called need to know why."},
    ids.REMARK_MODAL: {ids.TEXT: "Please write a few words, or close this."},
    ids.HAND_OVER_MODAL: {ids.TARGET: "Please choose somebody."},
    ids.PRIORITY_MODAL: {ids.PRIORITY_FIELD: "Please choose a priority."},
    ids.DUPLICATE_MODAL: {ids.ORIGINAL: "Please write the other ticket's number."},
    ids.INCIDENT_MODAL: {ids.TITLE: "Please say in a few words what is disturbed."},
    ids.UPDATE_ALL_MODAL: {ids.TEXT: "Please write what everyone is to read."},
    ids.FURTHER_MODAL: {ids.CHOICE: "Please choose what to do."},
    ids.SNOOZE_MODAL: {ids.SPAN: "Please say until when."},
    ids.WRONG_CALL_MODAL: {ids.LABEL: "Please choose a label."},
}
"""What each modal must not be sent without."""


def problems(callback_id: str, values: dict[str, str]) -> dict[str, str]:
    """Check what was entered; gives a text for each field that is not acceptable."""
    wrong = {
        field: text
        for field, text in REQUIRED.get(callback_id, {}).items()
        if not values.get(field, "").strip()
    }
    original = values.get(ids.ORIGINAL, "")
    if callback_id == ids.DUPLICATE_MODAL and not wrong and parse_ticket_name(original) is None:
        wrong[ids.ORIGINAL] = "That is no ticket's number; it looks like T-1042."
    return wrong
