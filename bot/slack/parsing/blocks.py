"""Blocks as text: all of their words, in the marks in which Slack gives what people type."""

from __future__ import annotations

from typing import Any

from bot.slack.text import escape

DEEPEST = 24
"""Nested more deeply than any list of Slack's: such a thing is not read."""

WITHOUT_WORDS = frozenset({"actions", "divider", "context_actions"})
"""What holds only things to press, or nothing."""

WORDED = (
    "title",
    "label",
    "name",
    "text",
    "fields",
    "elements",
    "rows",
    "items",
    "description",
    "alt_text",
    "caption",
    "fallback",
    "value",
    "accessory",
)
"""Where a block of a kind that is not known may keep its words."""


def text_of(blocks: object) -> str:
    """Read blocks of any kind; what is no block says nothing."""
    return "\n".join(filter(None, (_block(each, 0) for each in _list(blocks))))


def _list(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _str(given: object) -> str:
    return given if isinstance(given, str) else ""


def _plain(text: str) -> str:
    """Keep what only looks like a mark; entities stay as Slack gave them."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _block(block: object, depth: int) -> str:
    if depth > DEEPEST:
        return ""
    if isinstance(block, str):
        return _plain(block)
    if isinstance(block, list):
        return "\n".join(filter(None, (_block(each, depth + 1) for each in block)))
    if not isinstance(block, dict):
        return ""
    kind = _str(block.get("type"))
    if kind in WITHOUT_WORDS or kind in {"button", "overflow"}:
        return ""
    if kind.startswith("rich_text"):
        return _rich(kind, block, depth)
    if kind == "mrkdwn":
        return _str(block.get("text"))
    if kind == "table":
        rows = (_row(row, depth) for row in _list(block.get("rows")))
        return "\n".join(filter(None, rows))
    parts = (_block(block[key], depth + 1) for key in WORDED if key in block)
    return "\n".join(filter(None, parts))


def _row(row: object, depth: int) -> str:
    return " | ".join(
        filter(None, (" ".join(_block(cell, depth + 1).split()) for cell in _list(row)))
    )


def _rich(kind: str, block: dict[str, Any], depth: int) -> str:
    elements = _list(block.get("elements"))
    if kind == "rich_text_list":
        return _items(block, elements, depth)
    if kind == "rich_text":
        return "\n".join(filter(None, (_block(each, depth + 1) for each in elements)))
    inside = "".join(_inline(each, depth + 1) for each in elements)
    if kind == "rich_text_preformatted":
        return f"```\n{inside}\n```"
    if kind == "rich_text_quote":
        return "\n".join(f"&gt; {line}" for line in inside.splitlines())
    return inside.rstrip("\n")


def _items(block: dict[str, Any], elements: list[Any], depth: int) -> str:
    indent, offset = block.get("indent"), block.get("offset")
    margin = "    " * min(indent, DEEPEST) if isinstance(indent, int) else ""
    first = offset + 1 if isinstance(offset, int) else 1
    ordered = block.get("style") == "ordered"
    lines = []
    for number, each in enumerate(elements, start=first):
        mark = f"{number}." if ordered else "•"
        lines.append(f"{margin}{mark} {_block(each, depth + 1)}")
    return "\n".join(lines)


def _inline(element: object, depth: int) -> str:
    if not isinstance(element, dict) or depth > DEEPEST:
        return ""
    kind = _str(element.get("type"))
    text = escape(_str(element.get("text")))
    match kind:
        case "text":
            style = element.get("style")
            code = isinstance(style, dict) and style.get("code") is True and text.strip()
            return f"`{text}`" if code else text
        case "link":
            address = _str(element.get("url")).replace("<", "%3C").replace(">", "%3E")
            address = address.replace("|", "%7C")
            if not address:
                return text
            return f"<{address}|{text}>" if text else f"<{address}>"
        case "user" | "usergroup" | "channel" | "team":
            mark = {"user": "@", "usergroup": "!subteam^", "channel": "#"}.get(kind, "@")
            named = _str(element.get(f"{kind}_id"))
            return f"<{mark}{_plain(named)}>" if named else ""
        case "broadcast":
            return f"<!{_plain(_str(element.get('range')))}>"
        case "emoji":
            return f":{_plain(_str(element.get('name')))}:"
        case "date":
            return escape(_str(element.get("fallback"))) or escape(str(element.get("timestamp")))
        case _ if kind.startswith("rich_text"):
            return _block(element, depth + 1)
        case _:
            return text or _block(element, depth + 1)
