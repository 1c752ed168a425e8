"""An automatic answer that is looked over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.slack import actions as ids
from bot.slack.blocks.parts import Rendered, actions, button, context, person, section
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip_mrkdwn, escape, quote

if TYPE_CHECKING:
    from bot.desk.learning import AuditCard

QUESTION_ROOM = 600
LEAD_ROOM = 400


def render_audit(notice: AuditCard) -> Rendered:
    """Render what was asked and what answered, with two buttons, or with what was said of it."""
    number = ticket_name(notice.ticket)
    lead = f":mag: *Was this answer right?* One press; it is one of a few, by chance ({number})."
    about = ids.about(notice.ticket, notice.article)
    blocks = [
        section(lead),
        section(f"*Asked*\n{quote(notice.question, QUESTION_ROOM)}"),
        section(
            f"*Answered with* {escape(notice.title)} (`{escape(notice.article)}`)\n"
            f"{clip_mrkdwn(to_mrkdwn(notice.lead), LEAD_ROOM)}"
        ),
    ]
    if notice.right is not None:
        word = ":white_check_mark: right" if notice.right else ":x: not right"
        blocks.append(context(f"{person(notice.by)} says: {word}"))
    other = button("Not right", ids.AUDIT_WRONG, about)
    right = button("Right", ids.AUDIT_RIGHT, about)
    blocks.append(
        actions(right, other) if notice.right is None else actions(other if notice.right else right)
    )
    return Rendered(lead, blocks)
