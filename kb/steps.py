"""An article's numbered lists: which of them are its steps, and for whom each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

BLOCKS = MarkdownIt().disable("inline")
"""Only blocks are looked at: what stands inside them need not be parsed."""

_STEPS_HEADING = re.compile(
    r"\b(steps?|how to|what to do|procedure|instructions|schritte?|anleitung|vorgehen|étapes?"
    r"|marche à suivre|pasos?|instrucciones|passos?|instruções)\b|手順",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(when to ask|ask for|escalat\w*|contact|get help|see also|notes?)\b", re.IGNORECASE
)
"""Headings whose lists do not answer."""
_LABEL = re.compile(r"(?:\*\*|__)(?P<bold>[^*_].{0,118}?)(?:\*\*|__):?|(?P<plain>[^.!?]{1,60}):")
_ITEM_MARKER = re.compile(r"^\s*\d+[.)]\s+")


@dataclass(frozen=True)
class StepList:
    """A numbered list of steps, in Markdown, and the words above it that say what it is for."""

    title: str
    steps: tuple[str, ...]


def step_lists(body: str, tokens: Sequence[Token]) -> tuple[StepList, ...]:
    """Give the numbered lists under the Steps heading; where there is none, all that answer.

    Lists that their titles do not tell apart are one way of many: only the first is given.
    `tokens` are what `BLOCKS` made of the text.
    """
    found = _Reader(body.splitlines()).read(tokens)
    chosen = [each for each in found if each.is_under] or found
    titles = {each.title.casefold() for each in chosen}
    told_apart = "" not in titles and len(titles) == len(chosen)
    kept = chosen if told_apart else chosen[:1]
    return tuple(StepList(each.title, tuple(each.steps)) for each in kept)


@dataclass
class _Found:
    """A list as far as it was read; `ends_at` is the line after it."""

    title: str
    steps: list[str]
    is_under: bool
    ends_at: int


class _Reader:
    """Goes through a text once, and remembers what was said above each list."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Begin at the top."""
        self._lines = lines
        self._found: list[_Found] = []
        self._heading = self._bold = self._plain = ""
        self._named: set[str] = set()
        self._steps_level: int | None = None
        self._goes_on = False

    def read(self, tokens: Sequence[Token]) -> list[_Found]:
        """Give the lists of the text itself, without those of asides."""
        for position, token in enumerate(tokens):
            if token.type == "heading_open":
                self._head(tokens[position + 1].content.strip(), int(token.tag[1:]))
            elif token.type == "paragraph_open" and token.level == 0:
                self._say(" ".join(tokens[position + 1].content.split()))
            elif token.type == "ordered_list_open" and token.level == 0:
                items = [_item_text(self._lines, item) for item in _items(tokens, position)]
                self._list(token, items)
        return self._found

    def _head(self, heading: str, level: int) -> None:
        self._heading, self._bold, self._plain, self._goes_on = heading, "", "", False
        if _STEPS_HEADING.search(heading):
            self._steps_level = min(self._steps_level or level, level)
        elif self._steps_level is not None and level <= self._steps_level:
            self._steps_level = None

    def _say(self, paragraph: str) -> None:
        named = _LABEL.fullmatch(paragraph)
        if named and named["bold"]:
            self._bold, self._goes_on = named["bold"].strip(" :"), False
        self._plain = (named["plain"] or "") if named else ""

    def _list(self, token: Token, items: list[str]) -> None:
        begin, end = token.map or [0, 0]
        if self._goes_on and token.attrGet("start"):
            # It counts on: what stands between belongs to the step above it.
            last = self._found[-1]
            between = "\n".join(self._lines[last.ends_at : begin]).strip()
            last.steps[-1] = f"{last.steps[-1]}\n\n{between}".strip()
            last.steps += items
            last.ends_at = end
        elif not _ASIDE.search(self._heading):
            again = self._heading in self._named or _STEPS_HEADING.search(self._heading)
            title = self._bold or (self._plain.strip() if again else "") or self._heading
            self._named.add(self._heading)
            self._found.append(_Found(title, items, self._steps_level is not None, end))
            self._goes_on = True
        self._bold = self._plain = ""


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
