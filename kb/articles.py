"""The article: a knowledge-base document, whatever file it came from."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

DEFAULT_COLLECTION = "default"

_STEPS_HEADING = re.compile(r"\b(steps?|how to|what to do|procedure|instructions)\b", re.IGNORECASE)
_BLOCKS = MarkdownIt().disable("inline")
"""Only blocks are looked at: what stands inside them need not be parsed."""
_ITEM_MARKER = re.compile(r"^\s*\d+[.)]\s+")


@dataclass(frozen=True)
class Article:
    """A knowledge-base document; `body` is Markdown, `questions` as people ask them."""

    id: str
    title: str
    area: str
    owner: str
    questions: tuple[str, ...]
    body: str
    url: str | None = None
    collection: str = DEFAULT_COLLECTION

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The items of the numbered list under the Steps heading, or of the first numbered list."""
        lines = self.body.splitlines()
        tokens = _BLOCKS.parse(self.body)
        chosen = _steps_list(tokens)
        if chosen is None:
            return ()
        return tuple(_item_text(lines, item) for item in _items(tokens, chosen))

    @cached_property
    def lead(self) -> str:
        """The first paragraph: the direct answer."""
        tokens = _BLOCKS.parse(self.body)
        for token, content in itertools.pairwise(tokens):
            if token.type == "paragraph_open" and token.level == 0:
                return " ".join(content.content.split())
        return ""

    def embedded_fields(self) -> dict[str, Any]:
        """Everything that changes what search finds or shows, for the content hash."""
        return {
            "title": self.title,
            "area": self.area,
            "owner": self.owner,
            "questions": list(self.questions),
            "body": self.body,
            "url": self.url,
        }


def _steps_list(tokens: Sequence[Token]) -> int | None:
    first: int | None = None
    under_steps = False
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            under_steps = bool(_STEPS_HEADING.search(tokens[position + 1].content))
        elif token.type == "ordered_list_open" and token.level == 0:
            if under_steps:
                return position
            first = position if first is None else first
    return first


def _items(tokens: Sequence[Token], start: int) -> list[Token]:
    items = []
    for token in tokens[start + 1 :]:
        if token.type == "ordered_list_close" and token.level == tokens[start].level:
            break
        if token.type == "list_item_open" and token.level == tokens[start].level + 1:
            items.append(token)
    return items


def _item_text(lines: Sequence[str], item: Token) -> str:
    begin, end = item.map or [0, 0]
    first, *rest = lines[begin:end] or [""]
    marker = _ITEM_MARKER.match(first)
    indent = marker.end() if marker else 0
    body = [first[indent:], *(_dedent(line, indent) for line in rest)]
    return "\n".join(body).strip()


def _dedent(line: str, width: int) -> str:
    return line[width:] if line[:width].isspace() else line.lstrip()
