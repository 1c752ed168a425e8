"""The modals: escalate to L3, resolve, and the whole article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import actions as ids
from bot.slack.blocks.parts import Block, section
from bot.slack.limits import INPUT_TEXT, SECTION_TEXT
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip, escape

if TYPE_CHECKING:
    from kb.articles import Article

View = dict[str, Any]
MODAL_SECTIONS = 20


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def _text_input(block_id: str, label: str, hint: str) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": _plain(label),
        "hint": _plain(hint),
        "element": {
            "type": "plain_text_input",
            "action_id": block_id,
            "multiline": True,
            "max_length": INPUT_TEXT,
        },
    }


def _modal(callback_id: str, title: str, submit: str, origin: ids.ModalOrigin) -> View:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": origin.dump(),
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
    }


def resolve_modal(origin: ids.ModalOrigin) -> View:
    """Ask what it was and what fixed it."""
    return {
        **_modal(ids.RESOLVE_MODAL, "Resolve", "Resolve", origin),
        "blocks": [
            _text_input(ids.CAUSE, "What was it?", "The cause, as far as you know it."),
            _text_input(ids.FIX, "What fixed it?", "The requester reads this."),
        ],
    }


def pass_on_modal(origin: ids.ModalOrigin) -> View:
    """Ask what was found so far."""
    hint = "What you looked at, what you ruled out: L3 starts from here."
    return {
        **_modal(ids.ESCALATE_MODAL, "Escalate to L3", "Escalate", origin),
        "blocks": [_text_input(ids.FINDINGS, "What did you find?", hint)],
    }


def article_modal(article: Article) -> View:
    """Show a whole article."""
    blocks = [section(f"*{escape(article.title)}*")]
    chunk = ""
    for part in to_mrkdwn(article.body).split("\n\n"):
        if chunk and len(chunk) + len(part) + 2 > SECTION_TEXT:
            blocks.append(section(chunk))
            chunk = ""
        chunk = f"{chunk}\n\n{part}" if chunk else part
    if chunk:
        blocks.append(section(chunk))
    return {
        "type": "modal",
        "callback_id": ids.ARTICLE_MODAL,
        "title": _plain(clip("Knowledge article", 24)),
        "close": _plain("Close"),
        "blocks": blocks[:MODAL_SECTIONS],
    }


def problems(callback_id: str, values: dict[str, str]) -> dict[str, str]:
    """Check what was entered; gives a text for each field that is not acceptable."""
    required = {
        ids.RESOLVE_MODAL: {
            ids.CAUSE: "Please say what it was, in a few words.",
            ids.FIX: "Please say what fixed it; the requester reads this.",
        },
        ids.ESCALATE_MODAL: {ids.FINDINGS: "L3 needs to know what you found so far."},
    }
    return {
        field: text
        for field, text in required.get(callback_id, {}).items()
        if not values.get(field, "").strip()
    }
