"""What Slack adds to the blocks that it accepts."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground.state.ids import Ids

Block = dict[str, Any]

INTERACTIVE = frozenset(
    {
        "button",
        "checkboxes",
        "channels_select",
        "conversations_select",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "external_select",
        "feedback_buttons",
        "file_input",
        "icon_button",
        "multi_channels_select",
        "multi_conversations_select",
        "multi_external_select",
        "multi_static_select",
        "multi_users_select",
        "number_input",
        "overflow",
        "plain_text_input",
        "radio_buttons",
        "rich_text_input",
        "static_select",
        "timepicker",
        "url_text_input",
        "users_select",
        "workflow_button",
    }
)


def complete_blocks(blocks: list[Block], ids: Ids) -> list[Block]:
    """A copy with the ids and defaults that Slack fills in."""
    completed = copy.deepcopy(blocks)
    for block in completed:
        block.setdefault("block_id", ids.short())
        for element in elements_of(block):
            if element.get("type") in INTERACTIVE:
                element.setdefault("action_id", ids.short())
        for text in _texts(block):
            if text["type"] == "plain_text":
                text.setdefault("emoji", True)
            elif text["type"] == "mrkdwn":
                text.setdefault("verbatim", False)
    return completed


def elements_of(block: Block) -> Iterator[Block]:
    """The elements of a block: an accessory, an input's element, or a row of them."""
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield block[key]
    if block.get("type") in ("actions", "context", "context_actions"):
        yield from (e for e in block.get("elements", []) if isinstance(e, dict))


def _texts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") in ("plain_text", "mrkdwn") and "text" in node:
            yield node
        for value in node.values():
            if isinstance(value, dict | list):
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
