"""The blocks of a Markdown text: headings and where they are, without reading what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True)
class Heading:
    """A heading at the top level of a text; lines count from 0, `below` is the one after it."""

    line: int
    below: int
    depth: int
    title: str


@cache
def _parser() -> MarkdownIt:
    # Reading what is in the blocks takes ten times as long as finding them.
    return MarkdownIt().disable(["inline", "linkify", "replacements", "smartquotes"])


def headings(text: str) -> list[Heading]:
    """Every heading that stands in no list or quotation."""
    tokens = _parser().parse(text)
    return [
        Heading(token.map[0], token.map[1], int(token.tag[1:]), tokens[place + 1].content.strip())
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def references(text: str) -> dict[str, str]:
    """The addresses of links by reference: `[name]: address`; names in capitals."""
    environment: dict[str, Any] = {}
    _parser().parse(text, environment)
    known = environment.get("references") or {}
    return {name: str(each["href"]) for name, each in known.items()}


_MAY_BE_CODE = re.compile(
    r"^(?:(?: {4}|\t)[ \t]*\S|[ \t>\d.)*+-]*[>.)*+-][ \t]*(?:```|~~~))", re.MULTILINE
)


def code_blocks(text: str) -> list[tuple[int, int]]:
    """Begin and end of code by indentation, and of code between fences in lists and quotations.

    What is indented below HTML is no code if it is HTML itself.
    """
    if _MAY_BE_CODE.search(text) is None:
        return []
    starts = [0, *(end.end() for end in re.finditer("\n", text)), len(text) + 1]
    found = []
    below_html = False
    for token in _parser().parse(text):
        if token.type == "html_block":
            below_html = True
        elif token.type == "code_block" and token.map:
            below_html = below_html and token.content.lstrip().startswith("<")
            if not below_html:
                found.append((starts[token.map[0]], _end(text, starts, token)))
        elif token.type == "fence" and token.level and token.map:
            found.append((starts[token.map[0]], _end(text, starts, token)))
        elif token.nesting >= 0:
            below_html = False
    return found


def _end(text: str, starts: list[int], token: Token) -> int:
    """Where the last line of a block that says something ends."""
    begin, after = token.map or (0, 0)
    end = min(starts[after], len(text)) if after < len(starts) else len(text)
    return starts[begin] + len(text[starts[begin] : end].rstrip())
