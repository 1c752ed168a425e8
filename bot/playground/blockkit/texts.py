"""Text objects, options and confirmations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.playground.blockkit.problems import Node, Problems

BOTH = ("plain_text", "mrkdwn")
PLAIN = ("plain_text",)

_URL = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
_URL_LENGTH = 3_000
_OPTION_TEXT, _OPTION_VALUE, _OPTION_DESCRIPTION = 75, 150, 75


def check_text(
    value: Any, at: str, problems: Problems, largest: int, kinds: tuple[str, ...] = BOTH
) -> None:
    """A text object of a permitted kind and length."""
    if not problems.is_object(value, at):
        return
    kind = value.get("type")
    if kind not in kinds:
        problems.add(f"unsupported type: {kind}", f"{at}/type")
        return
    allowed = {"emoji"} if kind == "plain_text" else {"verbatim", "emoji"}
    if problems.keys(value, at, {"text"}, allowed):
        problems.length(value["text"], f"{at}/text", largest, 1)


def check_optional_text(  # noqa: PLR0913, PLR0917  (check_text's, and where the text is)
    node: Node, key: str, at: str, problems: Problems, largest: int, kinds: tuple[str, ...] = PLAIN
) -> None:
    """The same, for a field that may be missing."""
    if node.get(key) is not None:
        check_text(node[key], f"{at}/{key}", problems, largest, kinds)


def check_options(
    value: Any, at: str, problems: Problems, largest: int, kinds: tuple[str, ...] = PLAIN
) -> None:
    """A list of options."""
    for n, option in enumerate(problems.items(value, at, largest)):
        check_option(option, f"{at}/{n}", problems, kinds)


def check_option(option: Any, at: str, problems: Problems, kinds: tuple[str, ...] = PLAIN) -> None:
    """One option."""
    if not problems.is_object(option, at):
        return
    if problems.keys(option, at, {"text"}, {"value", "description", "url"}):
        check_text(option["text"], f"{at}/text", problems, _OPTION_TEXT, kinds)
    problems.optional_length(option, "value", at, _OPTION_VALUE)
    check_optional_text(option, "description", at, problems, _OPTION_DESCRIPTION, kinds)
    check_url(option, "url", at, problems)


def check_confirm(node: Node, at: str, problems: Problems) -> None:
    """The confirmation dialog of an element, if it has one."""
    confirm = node.get("confirm")
    if confirm is None:
        return
    at = f"{at}/confirm"
    if not problems.is_object(confirm, at):
        return
    if problems.keys(confirm, at, {"title", "text", "confirm", "deny"}, {"style"}):
        check_text(confirm["title"], f"{at}/title", problems, 100, PLAIN)
        check_text(confirm["text"], f"{at}/text", problems, 300)
        check_text(confirm["confirm"], f"{at}/confirm", problems, 30, PLAIN)
        check_text(confirm["deny"], f"{at}/deny", problems, 30, PLAIN)


def check_url(node: Node, key: str, at: str, problems: Problems) -> None:
    """An address, if there is one."""
    value = node.get(key)
    if value is None:
        return
    problems.length(value, f"{at}/{key}", _URL_LENGTH)
    if isinstance(value, str) and not _URL.fullmatch(value):
        problems.add("must be a valid url", f"{at}/{key}")
