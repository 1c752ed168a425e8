"""The blocks of a Markdown text: headings and where they are, without reading what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt


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
