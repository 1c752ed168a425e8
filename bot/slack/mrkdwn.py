"""Markdown of articles to Slack's mrkdwn, through a real Markdown parser."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from bot.slack.text import clip, escape, escape_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.rules_core import StateCore

INDENT = "    "
MOST_READ = 60_000
"""Characters of Markdown that are read: no modal shows more."""
LONGEST_LINE_OF_MARKS = 4_000
"""A longer paragraph is shown as it is written: reading its marks can take its square."""
MOST_KEPT, LONGEST_KEPT = 2_048, 2_000
"""So many short texts are remembered, a megabyte as a rule: the steps of articles come again."""
PLAIN_COLUMNS = 2
"""A table of more columns says in each cell which one it is."""
INNER_LINK = re.compile(r"<[^<>|]*\|([^<>]*)>")
"""A picture that is a link itself, inside a link."""
ABSOLUTE = re.compile(r"(?:https?|mailto|tel|slack):", re.IGNORECASE)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.core.ruler.at("inline", _read_marks)
    return parser


def _read_marks(state: StateCore) -> None:
    for token in state.tokens:
        if token.type != "inline":
            continue
        if len(token.content) > LONGEST_LINE_OF_MARKS:
            token.children = [Token("text", "", 0, content=token.content)]
        else:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def to_mrkdwn(markdown: str) -> str:
    """Render Markdown as Slack mrkdwn: headings bold, lists and code kept, tables as lines."""
    return _remembered(markdown) if len(markdown) <= LONGEST_KEPT else _rendered(markdown)


def _rendered(markdown: str) -> str:
    tree = SyntaxTreeNode(_parser().parse(clip(markdown, MOST_READ)))
    return "\n\n".join(filter(None, (_block(node) for node in tree.children)))


_remembered = lru_cache(MOST_KEPT)(_rendered)


def _block(node: SyntaxTreeNode, depth: int = 0) -> str:
    match node.type:
        case "heading":
            return f"*{_inline(node.children, bold=True)}*"
        case "paragraph":
            return _inline(node.children)
        case "bullet_list" | "ordered_list":
            return _list(node, depth)
        case "fence" | "code_block":
            return f"```\n{_code(node.content.rstrip())}\n```"
        case "blockquote":
            inner = "\n".join(_block(child, depth) for child in node.children)
            return "\n".join(f"> {line}" for line in inner.splitlines())
        case "table":
            return _table(node)
        case "hr":
            return "———"
        case _:
            return escape(node.content) if node.content else ""


def _code(content: str) -> str:
    """Code is copied as it is; what holds the mark of its own end is words to Slack."""
    return escape(content) if "`" in content else escape_code(content)


def _list(node: SyntaxTreeNode, depth: int) -> str:
    start = int(node.attrs.get("start", 1))
    lines = []
    for number, item in enumerate(node.children, start=start):
        mark = f"{number}." if node.type == "ordered_list" else "•"
        parts = [_block(child, depth + 1) for child in item.children]
        first, rest = (parts[0], parts[1:]) if parts else ("", [])
        lines.append(f"{INDENT * depth}{mark} {first}")
        lines.extend(_indented(part, depth + 1) for part in rest)
    return "\n".join(lines)


def _indented(part: str, depth: int) -> str:
    if part.startswith((INDENT, "```")):
        return part
    return "\n".join(f"{INDENT * depth}{line}" for line in part.splitlines())


def _table(node: SyntaxTreeNode) -> str:
    rows = [
        [_inline(cell.children, bold=True) for cell in row.children]
        for section in node.children
        for row in section.children
    ]
    head, body = rows[0], rows[1:]
    return "\n".join(_row(head if len(head) > PLAIN_COLUMNS else [], row) for row in body or [head])


def _row(head: list[str], row: list[str]) -> str:
    """A row as a list item; in a wide table each cell says what it is."""
    cells = [f"*{row[0]}*" if row and row[0] else ""]
    for place, cell in enumerate(row[1:], start=1):
        name = head[place] if place < len(head) and cell else ""
        cells.append(f"{name}: {cell}" if name else cell)
    return "• " + " — ".join(filter(None, cells))


def _inline(nodes: Iterable[SyntaxTreeNode], *, bold: bool = False) -> str:
    return "".join(_span(node, bold=bold) for node in nodes).strip()


def _span(node: SyntaxTreeNode, *, bold: bool) -> str:
    match node.type:
        case "inline" | "link" | "strong" | "em" | "s":
            inner = "".join(
                _span(child, bold=bold or node.type == "strong") for child in node.children
            )
            return _marked(node, inner, bold=bold)
        case "text":
            return escape(node.content)
        case "code_inline":
            return f"`{_code(node.content)}`"
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "image":
            return _image(str(node.attrs["src"]), node.content)
        case _:
            return escape(node.content)


def _marked(node: SyntaxTreeNode, inner: str, *, bold: bool) -> str:
    match node.type:
        case "strong":
            return inner if bold else f"*{inner}*"
        case "em":
            return f"_{inner}_"
        case "s":
            return f"~{inner}~"
        case "link":
            address, inner = str(node.attrs["href"]), INNER_LINK.sub(r"\1", inner)
            # Slack links to addresses, not to files beside this one or headings of it.
            if not ABSOLUTE.match(address) or not inner.strip():
                return inner
            return f"<{_address(address)}|{inner.replace('|', '¦')}>"
        case _:
            return inner


def _image(source: str, alt: str) -> str:
    if ABSOLUTE.match(source):
        return f"<{_address(source)}|{escape(alt or 'image').replace('|', '¦')}>"
    return f"_[picture: {escape(alt)}]_" if alt and alt != "picture" else ""


def _address(address: str) -> str:
    return escape(address).replace("|", "%7C").replace(" ", "%20")
