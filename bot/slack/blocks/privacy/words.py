"""What people are told about their own words, and what was masked, in a modal for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.ids import ticket_name
from bot.slack import actions as ids
from bot.slack.blocks.asking.answers import extract_blocks
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, person, section
from bot.slack.blocks.quoting import on_record, quoted, shortened
from bot.slack.limits import BLOCKS_A_VIEW, LONGEST_TEXT, MOST_FIELDS
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip_mrkdwn, escape
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.ids import TicketId
    from bot.desk.privacy import PrivacyNotice, SecretSeen
    from bot.desk.tickets import Line

MOST_SHOWN = 20
MOST_BLOCKS = BLOCKS_A_VIEW - 2

AWAY = {
    "stranger": N_(
        "I am the support desk of another organisation, so I cannot help you here; nothing of "
        "your message was kept. Please turn to your own support desk, or to your contact here."
    ),
    "guest": N_(
        "Guests of this workspace cannot ask me; nothing of your message was kept. "
        "Please turn to the person who invited you."
    ),
    "gone": N_("This account may not ask here; nothing of your message was kept."),
}

TOLD_ANYBODY = N_(
    "I am the support desk of another organisation: this is what I may tell anybody. Nothing of "
    "your message was kept."
)

OVER = {
    "fast": N_(
        ":hourglass_flowing_sand: You sent a lot within a minute, so I take it one after the "
        "other. Nothing is lost: all of it is answered in turn, please do not send it again."
    ),
    "long": N_(
        ":scissors: That was longer than I can take: I kept the first {characters:,} characters "
        "of each text and the first {files} files. If the rest matters, please send it "
        "in a second message."
    ),
}


def render_privacy(notice: PrivacyNotice) -> Rendered:
    """Render what is said about people's own words, and about who may ask."""
    match notice.kind:
        case "told_anybody":
            shown = [*extract_blocks(notice.extract), context(_(TOLD_ANYBODY))]
            lead = clip_mrkdwn(to_mrkdwn(notice.extract.lead), 300)
            return Rendered(f"{escape(notice.extract.title)}: {lead}", shown)
        case "secret_seen":
            text = _secret(notice)
        case "erased":
            text = _("_This message was erased._")
        case "turned_away":
            text = _(AWAY[notice.why])
        case "too_much":
            text = _(OVER[notice.why]).format(characters=LONGEST_TEXT, files=MOST_FIELDS)
    return Rendered(text, [section(text)])


def _secret(notice: SecretSeen) -> str:
    number = ticket_name(notice.ticket) if notice.ticket else ""
    words = (
        _(
            ":lock: That looks as if it holds a secret ({kinds}). I have masked it; only those who "
            "work on {number} can look at it."
        )
        if number
        else _(":lock: That looks as if it holds a secret ({kinds}). I have masked it.")
    )
    advice = _(
        "*Please change it now*: it stands in this conversation for everybody who can read here, "
        "until you delete or edit your message. I never need one."
    )
    return f"{words.format(kinds=', '.join(notice.kinds), number=number)} {advice}"


def show_button(ticket: TicketId) -> Block:
    """Give the button that shows what was masked."""
    return actions(button("Show what was masked", ids.SHOW_MASKED, ids.about(ticket)))


def masked_modal(ticket: TicketId, lines: Sequence[Line] | None) -> dict[str, Any]:
    """Show what was masked to one person, or that they may not see it."""
    if lines is None:
        number = ticket_name(ticket)
        blocks = [
            section(
                f"Only the people of its resolver group may see this, while somebody works on "
                f"{number}. If you should be one of them, ask an admin to add you to the group."
            )
        ]
    else:
        shown = lines[-MOST_SHOWN:]
        blocks = [
            block
            for line in shown
            for block in quoted(f"*{person(line.author)}*", line.text, on_record(ticket))
        ]
        if len(shown) < len(lines) or len(blocks) > MOST_BLOCKS:
            # What was written last matters most.
            blocks = [shortened(on_record(ticket)), *blocks[-MOST_BLOCKS:]]
        blocks.append(context("That you looked at it stands in the audit trail."))
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "What was masked"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": blocks,
    }
