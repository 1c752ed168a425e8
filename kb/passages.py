"""Splitting an article into passages along its own structure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

TARGET_WORDS = 110
"""A passage is closed once it has this many words: the encoder reads 256 word pieces."""

LONGEST_WORDS = 180
"""A single block longer than this is cut at lines, then at sentences."""

LONGEST_HEADING = 20

_BLOCKS = MarkdownIt().enable("table").disable("inline")
"""Only blocks are looked at: what stands inside them need not be parsed."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(`])")


@dataclass(frozen=True)
class Passage:
    """A piece of an article that is embedded and matched: Markdown under one heading."""

    heading: str
    text: str


def split(body: str) -> tuple[Passage, ...]:
    """Split Markdown into passages; headings start one, lists and code stay whole."""
    passages: list[Passage] = []
    for heading, blocks in _sections(body):
        group: list[str] = []
        words = 0
        for block in (piece for whole in blocks for piece in _cut(whole)):
            size = _count_words(block)
            if group and words + size > TARGET_WORDS:
                passages.append(Passage(heading, "\n\n".join(group)))
                group, words = [], 0
            group.append(block)
            words += size
        if group:
            passages.append(Passage(heading, "\n\n".join(group)))
    return tuple(passages)


def _sections(body: str) -> Iterator[tuple[str, list[str]]]:
    """Yield (heading path, blocks of Markdown) in reading order."""
    lines = body.splitlines()
    tokens = _BLOCKS.parse(body)
    path: list[tuple[int, str]] = []
    blocks: list[str] = []
    for position, token in enumerate(tokens):
        if token.level != 0 or token.map is None:
            continue
        if token.type == "heading_open" and _is_heading(tokens[position + 1].content):
            if blocks:
                yield _heading(path), blocks
            blocks = []
            depth = int(token.tag[1:])
            path = [step for step in path if step[0] < depth]
            path.append((depth, tokens[position + 1].content))
        elif token.nesting >= 0:
            blocks.append(_source(lines, token))
    if blocks:
        yield _heading(path), blocks


def _is_heading(content: str) -> bool:
    """Text above a line of dashes is a heading to Markdown; a whole paragraph is none to people."""
    return "\n" not in content and len(content.split()) <= LONGEST_HEADING


def _heading(path: list[tuple[int, str]]) -> str:
    return " › ".join(title for _, title in path)  # noqa: RUF001 (a breadcrumb)


def _source(lines: list[str], token: Token) -> str:
    begin, end = token.map or [0, 0]
    return "\n".join(lines[begin:end]).strip("\n")


def _cut(block: str) -> Iterator[str]:
    """Yield the block, or its pieces where it is too long for the encoder to read at once."""
    if _count_words(block) <= LONGEST_WORDS:
        yield block
        return
    pieces = [line for line in block.splitlines() if line.strip()]
    separator = "\n"
    if len(pieces) == 1:
        pieces, separator = _SENTENCE_END.split(block), " "
    group: list[str] = []
    for piece in (part for whole in pieces for part in _windows(whole)):
        if group and _count_words(separator.join(group)) + _count_words(piece) > TARGET_WORDS:
            yield separator.join(group)
            group = []
        group.append(piece)
    if group:
        yield separator.join(group)


def _windows(text: str) -> Iterator[str]:
    """Cut at words what neither lines nor sentences cut: minified or logged text."""
    words = text.split()
    if len(words) <= LONGEST_WORDS:
        yield text
        return
    for start in range(0, len(words), TARGET_WORDS):
        yield " ".join(words[start : start + TARGET_WORDS])


def _count_words(text: str) -> int:
    # Paths, hashes and code make many word pieces of one word: count by length as well.
    return max(len(text.split()), len(text) // 8)
