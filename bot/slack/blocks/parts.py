"""The few kinds of blocks that messages are built from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.slack.limits import BUTTON_TEXT, BUTTON_VALUE, HEADER_TEXT, MESSAGE_TEXT, SECTION_TEXT
from bot.slack.text import clip, clip_mrkdwn

if TYPE_CHECKING:
    from collections.abc import Sequence

Block = dict[str, Any]


@dataclass(frozen=True)
class Rendered:
    """A message for Slack: its blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Keep the fallback text within what Slack shows."""
        object.__setattr__(self, "text", clip_mrkdwn(self.text, MESSAGE_TEXT))


def section(text: str) -> Block:
    """Give a paragraph of mrkdwn, which the caller has escaped."""
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": clip_mrkdwn(text, SECTION_TEXT)}


def header(text: str) -> Block:
    """Give a heading."""
    plain = {"type": "plain_text", "text": clip(text, HEADER_TEXT), "emoji": True}
    return {"type": "header", "text": plain}


def context(text: str) -> Block:
    """Give a line of small print."""
    return {"type": "context", "elements": [_mrkdwn(text)]}


def divider() -> Block:
    """Give a rule."""
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    """Give a row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def button(label: str, action_id: str, value: str, style: str | None = None) -> Block:
    """Give a button."""
    element: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": clip(label, BUTTON_TEXT), "emoji": True},
        "action_id": action_id,
        "value": value[:BUTTON_VALUE],
    }
    if style:
        element["style"] = style
    return element


def overflow(action_id: str, choices: Sequence[tuple[str, str]]) -> Block:
    """Give a menu of up to five entries, each a label and a value."""
    options = [
        {"text": {"type": "plain_text", "text": label, "emoji": True}, "value": value}
        for label, value in choices
    ]
    return {"type": "overflow", "action_id": action_id, "options": options}


def fields(texts: Sequence[str]) -> Block:
    """Give short paragraphs of mrkdwn side by side."""
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in texts]}


def person(user: str | None) -> str:
    """Mention a person, by id."""
    return f"<@{user}>" if user else "Frontline"


def when(moment: datetime) -> str:
    """Give a time that Slack shows on each reader's own clock."""
    plain = moment.astimezone(UTC).strftime("%a %d %b %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{plain}>"
