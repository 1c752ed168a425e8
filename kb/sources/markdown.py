"""Articles from Markdown: one a file, or one for each second-level heading of an FAQ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from kb.sources.fields import TITLE_NAMES, build_article, slug
from kb.sources.frontmatter import split_front_matter
from kb.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.articles import Article
    from kb.errors import ArticleError

QUESTION_DEPTH = 2

QUESTIONS_OF_AN_FAQ = 4
"""A file with this many second-level headings, most of them questions, is an FAQ."""

_FOLDER_PAGES = {"index", "readme", "_index"}
_IMPORT_LINE = re.compile(
    r"^(?:import\s+(?:.*\sfrom\s+)?['\"]|export\s+(?:const|default|function|let)\b).*$\n?",
    re.MULTILINE,
)
_COMMENT = re.compile(r"<!--.*?-->|%%.*?%%|\{/\*.*?\*/\}", re.DOTALL)
_CODE = re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]*\s*?$|\Z)", re.MULTILINE | re.DOTALL)
_SHORTCODE = re.compile(r"\{\{[<%].*?[>%]\}\}|\{%.*?%\}", re.DOTALL)
_WIKI_LINK = re.compile(r"!?\[\[([^\]|]+)(?:\|([^\]]+))?\]\]")
_ADMONITION = re.compile(r"^:::\s*(\w*)\s*(.*)$", re.MULTILINE)
_ASKS = re.compile(
    r"\?|^(?:q\d*[.:)]|how|what|why|where|when|who|which|can|do|does|is|are|should|will|i )\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Section:
    title: str
    line: int
    body: str
    group: str
    """The first-level heading that it stands under, below the file's own title."""


def read(file: Path, root: Path, collection: str) -> Iterator[Article | ArticleError]:
    """Yield the article of a Markdown file, or those of an FAQ in one file."""
    fields, body = split_front_matter(file, read_text(file))
    if fields.get("draft") is True or fields.get("published") is False:
        return
    body = plain_markdown(body)
    sections = _sections(body)
    if _is_faq(fields, sections, alone=file == root):
        yield from _faq(file, sections, fields, collection)
        return
    title, body = _take_title(fields, body)
    yield build_article(
        {**fields, "title": title or _title_from_name(file), "body": body},
        file=file,
        line=1,
        collection=collection,
        fallback_id=_id_from_path(file, root),
    )


def plain_markdown(text: str) -> str:
    """Markdown without what only a site generator understands; code stays as it is."""
    parts: list[str] = []
    place = 0
    for code in _CODE.finditer(text):
        parts += [_plain(text[place : code.start()]), code[0]]
        place = code.end()
    return "".join([*parts, _plain(text[place:])])


def _plain(text: str) -> str:
    text = _SHORTCODE.sub("", _COMMENT.sub("", text))
    text = _WIKI_LINK.sub(lambda link: link[2] or link[1], text)
    text = _ADMONITION.sub(
        lambda mark: f"**{mark[2] or mark[1].title()}**" if mark[1] else "", text
    )
    return _IMPORT_LINE.sub("", text)


def _is_faq(fields: dict[str, Any], sections: list[_Section], *, alone: bool) -> bool:
    filled = [section for section in sections if section.body]
    asking = sum(bool(_ASKS.search(section.title)) for section in filled)
    if alone and not fields and len(filled) > 1:
        return asking * 2 >= len(filled)
    return len(filled) >= QUESTIONS_OF_AN_FAQ and asking * 10 >= len(filled) * 6


def _faq(
    file: Path, sections: list[_Section], fields: dict[str, Any], collection: str
) -> Iterator[Article | ArticleError]:
    seen: dict[str, int] = {}
    for section in sections:
        if not section.body:
            continue
        key = f"{slug(file.stem)}-{slug(section.title)}"
        seen[key] = seen.get(key, 0) + 1
        inherited = {str(name): fields[name] for name in ("area", "owner") if name in fields}
        yield build_article(
            {"area": section.group, **inherited, "title": section.title, "body": section.body},
            file=file,
            line=section.line,
            collection=collection,
            fallback_id=key if seen[key] == 1 else f"{key}-{seen[key]}",
        )


def _sections(body: str) -> list[_Section]:
    lines = body.splitlines()
    tokens = MarkdownIt().parse(body)
    marks = [
        (token.map[0], token.map[1], int(token.tag[1:]), tokens[position + 1].content)
        for position, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
    group = ""
    sections = []
    for number, (line, below, depth, title) in enumerate(marks):
        if depth == 1:
            group = title if number else ""
        if depth != QUESTION_DEPTH:
            continue
        later = (start for start, _, level, _ in marks[number + 1 :] if level <= QUESTION_DEPTH)
        end = next(later, len(lines))
        text = "\n".join(lines[below:end]).strip()
        sections.append(_Section(title.strip(), line + 1, text, group))
    return sections


def _take_title(fields: dict[str, Any], body: str) -> tuple[str, str]:
    """The title, and the body without a first heading that only repeats it."""
    given = next((str(fields[name]).strip() for name in TITLE_NAMES if fields.get(name)), "")
    tokens = MarkdownIt().parse(body)
    if not tokens or tokens[0].type != "heading_open" or tokens[0].tag != "h1":
        return given, body
    heading = tokens[1].content.strip()
    if given and given.casefold() != heading.casefold():
        return given, body
    begin_below = (tokens[0].map or [0, 1])[1]
    return heading, "\n".join(body.splitlines()[begin_below:]).strip()


def _title_from_name(file: Path) -> str:
    stem = file.parent.name if file.stem.lower() in _FOLDER_PAGES else file.stem
    return re.sub(r"[-_]+", " ", _undated(stem)).strip().capitalize()


def _id_from_path(file: Path, root: Path) -> str:
    """The path below the source without its ending: unique, and what site generators link to."""
    relative = file.relative_to(root) if root.is_dir() else file
    parts = [*relative.parent.parts, _undated(relative.stem)] if root.is_dir() else [file.stem]
    if len(parts) > 1 and parts[-1].lower() in _FOLDER_PAGES:
        parts.pop()
    return "/".join(slug(part) for part in parts)


def _undated(stem: str) -> str:
    """Jekyll puts the date before the name."""
    return re.sub(r"^\d{4}-\d{2}-\d{2}-", "", stem) or stem
