"""The modals by which an escalation ends: passed on, or resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack import actions as ids

if TYPE_CHECKING:
    from bot.slack.blocks.parts import Block

from bot.slack.blocks.modals import View, modal, text_input


def resolve_modal(origin: ids.ModalOrigin, more: list[Block]) -> View:
    """Ask what it was and what fixed it, and `more` that is good to know later."""
    blocks = [
        text_input(
            ids.FIX, "What fixed it?", "The requester reads this: plain words, and what to do now."
        ),
        text_input(
            ids.CAUSE,
            "What was it?",
            "The cause, as far as you know it. Engineers read "
            "this; the requester only if you say so below.",
        ),
        *more,
    ]
    return modal(ids.RESOLVE_MODAL, "Resolve", "Resolve", origin, blocks)


def pass_on_modal(origin: ids.ModalOrigin) -> View:
    """Ask what was found so far."""
    hint = "What you looked at, what you ruled out: L3 starts from here."
    blocks = [text_input(ids.FINDINGS, "What did you find?", hint)]
    return modal(ids.ESCALATE_MODAL, "Escalate to L3", "Escalate", origin, blocks)
