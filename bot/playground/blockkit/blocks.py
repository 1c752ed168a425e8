"""Blocks: the rows that messages and views are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.blockkit.completing import elements_of
from bot.playground.blockkit.elements import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image,
)
from bot.playground.blockkit.texts import PLAIN, check_optional_text, check_text, check_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.blockkit.problems import Node, Problems

BLOCK_ID = 255
SECTION_TEXT, SECTION_FIELDS, FIELD_TEXT = 3_000, 10, 2_000
HEADER_TEXT, LABEL_TEXT, TITLE_TEXT, MARKDOWN_TEXT = 150, 2_000, 2_000, 12_000
ACTIONS, CONTEXT, CONTEXT_ACTIONS = 25, 10, 5

# Blocks whose inside is not looked at: Slack accepts them, this desk does not use them.
_TRUSTED = frozenset({"table", "video", "call", "plan", "task_card", "card", "carousel", "alert"})
_ONLY_IN_MESSAGES = frozenset({"markdown", "context_actions", "table", "plan", "task_card"})


def check_blocks(blocks: Any, at: str, problems: Problems, *, surface: str, most: int) -> None:
    """The blocks of a message, a modal or a home."""
    seen: set[str] = set()
    for n, block in enumerate(problems.items(blocks, at, most, smallest=0)):
        here = f"{at}/{n}"
        if not problems.is_object(block, here):
            continue
        kind = block.get("type")
        if surface != "message" and kind in _ONLY_IN_MESSAGES:
            problems.add(f"unsupported type: {kind}", f"{here}/type")
            continue
        check_block(block, here, problems)
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id:
            if block_id in seen:
                problems.add(f"duplicate block_id: {block_id}", f"{here}/block_id")
            seen.add(block_id)


def check_block(block: Node, at: str, problems: Problems) -> None:
    """One block."""
    kind = block.get("type")
    if kind is None:
        problems.add("missing required field: type", at)
        return
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None and kind not in _TRUSTED:
        problems.add(f"unsupported type: {kind}", f"{at}/type")
        return
    problems.optional_length(block, "block_id", at, BLOCK_ID)
    if check is not None:
        check(block, at, problems)
        _unique_action_ids(block, at, problems)


def _unique_action_ids(block: Node, at: str, problems: Problems) -> None:
    """Slack wants action ids to be unique among the elements of one block."""
    if not isinstance(block.get("elements", []), list):
        return
    seen: set[str] = set()
    for element in elements_of(block):
        action_id = element.get("action_id")
        if isinstance(action_id, str):
            if action_id in seen:
                problems.add(f"duplicate action_id: {action_id}", f"{at}/elements")
            seen.add(action_id)


def _section(block: Node, at: str, problems: Problems) -> None:
    problems.keys(block, at, set(), {"block_id", "text", "fields", "accessory", "expand"})
    if block.get("text") is None and block.get("fields") is None:
        problems.add("missing required field: text", at)
    if block.get("text") is not None:
        check_text(block["text"], f"{at}/text", problems, SECTION_TEXT)
    if block.get("fields") is not None:
        fields = problems.items(block["fields"], f"{at}/fields", SECTION_FIELDS)
        for n, field in enumerate(fields):
            check_text(field, f"{at}/fields/{n}", problems, FIELD_TEXT)
    if block.get("accessory") is not None:
        check_element(block["accessory"], f"{at}/accessory", problems, IN_SECTION)


def _actions(block: Node, at: str, problems: Problems) -> None:
    problems.keys(block, at, {"elements"}, {"block_id"})
    elements = problems.items(block.get("elements"), f"{at}/elements", ACTIONS)
    for n, element in enumerate(elements):
        check_element(element, f"{at}/elements/{n}", problems, IN_ACTIONS)


def _context(block: Node, at: str, problems: Problems) -> None:
    problems.keys(block, at, {"elements"}, {"block_id"})
    for n, element in enumerate(problems.items(block.get("elements"), f"{at}/elements", CONTEXT)):
        here = f"{at}/elements/{n}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_image(element, here, problems)
        else:
            check_text(element, here, problems, SECTION_TEXT)


def _context_actions(block: Node, at: str, problems: Problems) -> None:
    problems.keys(block, at, {"elements"}, {"block_id"})
    elements = problems.items(block.get("elements"), f"{at}/elements", CONTEXT_ACTIONS)
    for n, element in enumerate(elements):
        check_element(element, f"{at}/elements/{n}", problems, IN_CONTEXT_ACTIONS)


def _input(block: Node, at: str, problems: Problems) -> None:
    allowed = {"block_id", "hint", "optional", "dispatch_action"}
    if problems.keys(block, at, {"label", "element"}, allowed):
        check_text(block["label"], f"{at}/label", problems, LABEL_TEXT, PLAIN)
        check_element(block["element"], f"{at}/element", problems, IN_INPUT)
    check_optional_text(block, "hint", at, problems, LABEL_TEXT)


def _header(block: Node, at: str, problems: Problems) -> None:
    if problems.keys(block, at, {"text"}, {"block_id"}):
        check_text(block["text"], f"{at}/text", problems, HEADER_TEXT, PLAIN)


def _divider(block: Node, at: str, problems: Problems) -> None:
    problems.keys(block, at, set(), {"block_id"})


def _image(block: Node, at: str, problems: Problems) -> None:
    title = block.get("title")
    check_image({k: v for k, v in block.items() if k not in ("title", "block_id")}, at, problems)
    if title is not None:
        check_text(title, f"{at}/title", problems, TITLE_TEXT, PLAIN)


def _markdown(block: Node, at: str, problems: Problems) -> None:
    if problems.keys(block, at, {"text"}, {"block_id"}):
        problems.length(block["text"], f"{at}/text", MARKDOWN_TEXT, 1)


def _rich_text(block: Node, at: str, problems: Problems) -> None:
    if not problems.keys(block, at, {"elements"}, {"block_id"}):
        return
    kinds = {f"rich_text_{kind}" for kind in ("section", "list", "preformatted", "quote")}
    for n, element in enumerate(problems.items(block["elements"], f"{at}/elements", 1_000, 0)):
        here = f"{at}/elements/{n}"
        if problems.is_object(element, here) and element.get("type") not in kinds:
            problems.add(f"unsupported type: {element.get('type')}", f"{here}/type")
        if isinstance(element, dict):
            check_url(element, "url", here, problems)


def _file(block: Node, at: str, problems: Problems) -> None:
    problems.keys(block, at, {"external_id", "source"}, {"block_id"})


_CHECKS: dict[str, Callable[[Node, str, Problems], None]] = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "context_actions": _context_actions,
    "input": _input,
    "header": _header,
    "divider": _divider,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "file": _file,
}
