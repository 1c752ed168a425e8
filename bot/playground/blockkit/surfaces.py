"""What a message, a modal and an App Home may hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.playground.blockkit.blocks import check_blocks
from bot.playground.blockkit.problems import Problems
from bot.playground.blockkit.texts import PLAIN, check_optional_text, check_text
from bot.playground.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
# Measured by others, documented nowhere: slackapi/bolt-js issue 2509.
MESSAGE_CHARACTERS = 13_200
VIEW_BYTES = 250_000
TITLE, METADATA, IDENTIFIER = 24, 3_000, 255

_VIEW_FIELDS = {
    "blocks", "callback_id", "clear_on_close", "close", "external_id", "notify_on_close",
    "private_metadata", "submit", "submit_disabled", "title",
}  # fmt: skip


def check_message_blocks(blocks: list[Any]) -> None:
    """Refuse blocks that Slack would refuse in a message; raises SlackError."""
    problems = Problems()
    check_blocks(blocks, "/blocks", problems, surface="message", most=MESSAGE_BLOCKS)
    if problems.found:
        raise SlackError("invalid_blocks", *problems.found)
    if sum(len(text) for text in _texts(blocks)) > MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def check_view(view: dict[str, Any], kind: str) -> None:
    """Refuse a view that Slack would refuse; raises SlackError."""
    problems = Problems()
    at = "/view"
    if view.get("type") != kind:
        raise SlackError(
            "invalid_arguments", f"unsupported type: {view.get('type')} [json-pointer:{at}/type]"
        )
    problems.keys(view, at, {"blocks"}, _VIEW_FIELDS)
    check_blocks(view.get("blocks"), f"{at}/blocks", problems, surface=kind, most=VIEW_BLOCKS)
    problems.optional_length(view, "private_metadata", at, METADATA)
    problems.optional_length(view, "callback_id", at, IDENTIFIER)
    problems.optional_length(view, "external_id", at, IDENTIFIER)
    if kind == "modal":
        _check_modal(view, at, problems)
    if problems.found:
        raise SlackError("invalid_arguments", *problems.found)
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")


def _check_modal(view: dict[str, Any], at: str, problems: Problems) -> None:
    if view.get("title") is None:
        problems.add("missing required field: title", at)
    else:
        check_text(view["title"], f"{at}/title", problems, TITLE, PLAIN)
    for key in ("submit", "close"):
        check_optional_text(view, key, at, problems, TITLE)
    blocks = view.get("blocks")
    inputs = [
        block
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict) and block.get("type") == "input"
    ]
    if inputs and view.get("submit") is None:
        problems.add("must define `submit` to use an `input` block in modals", f"{at}/submit")


def _texts(node: Any) -> Iterator[str]:
    """Every text that a reader would see, and some that they would not."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
