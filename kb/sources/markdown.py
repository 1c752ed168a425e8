"""Articles from Markdown: one a file, or one for each second-level heading."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

import yaml
from markdown_it import MarkdownIt

from kb.errors import ArticleError
from kb.sources.fields import build_article, slug
from kb.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.articles import Article


def read(file: Path, root: Path, collection: str) -> Iterator[Article | ArticleError]:
    """Yield the article of a Markdown file."""
    fields, body = split_front_matter(file, read_text(file))
    title, body = _take_title(fields, body)
    yield build_article(
        {**fields, "title": title or _title_from_name(file), "body": body},
        file=file,
        line=1,
        collection=collection,
        fallback_id=slug(file.stem),
    )


def split_front_matter(file: Path, text: str) -> tuple[dict[str, Any], str]:
    """Split YAML (`---`), TOML (`+++`) or JSON front matter from the Markdown below it.

    Written out rather than left to a library: a broken article must name its line.
    """
    for fence, parse in (("---", _yaml), ("+++", _toml)):
        if text.startswith(fence + "\n"):
            end = re.search(rf"^{re.escape(fence)}\s*$", text[4:], re.MULTILINE)
            if end is None:
                raise ArticleError(file, 1, "front matter never ends", f"close it with {fence}")
            return parse(file, text[4 : 4 + end.start()]), text[4 + end.end() :].lstrip("\n")
    if text.startswith("{\n"):
        try:
            fields, end_position = json.JSONDecoder().raw_decode(text)
        except json.JSONDecodeError as error:
            raise ArticleError(file, error.lineno, f"front matter: {error.msg}") from error
        return fields, text[end_position:].lstrip("\n")
    return {}, text


def _yaml(file: Path, text: str) -> dict[str, Any]:
    try:
        fields = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        what = getattr(error, "problem", None) or "is not YAML"
        raise ArticleError(file, line, f"front matter: {what}", "correct this line") from error
    return _mapping(file, fields)


def _toml(file: Path, text: str) -> dict[str, Any]:
    try:
        return _mapping(file, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line[1]) + 1 if line else 1
        raise ArticleError(file, number, f"front matter: {error}", "correct this line") from error


def _mapping(file: Path, fields: Any) -> dict[str, Any]:
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise ArticleError(file, 2, "front matter is not a list of `name: value`")
    return fields


def _take_title(fields: dict[str, Any], body: str) -> tuple[str, str]:
    """The title, and the body without a first heading that only repeats it."""
    given = next(
        (str(fields[name]).strip() for name in ("title", "question", "name") if fields.get(name)),
        "",
    )
    tokens = MarkdownIt().parse(body)
    if not tokens or tokens[0].type != "heading_open" or tokens[0].tag != "h1":
        return given, body
    heading = tokens[1].content.strip()
    if given and given.casefold() != heading.casefold():
        return given, body
    begin_below = (tokens[0].map or [0, 1])[1]
    return heading, "\n".join(body.splitlines()[begin_below:]).strip()


def _title_from_name(file: Path) -> str:
    stem = file.parent.name if file.stem.lower() in {"index", "readme", "_index"} else file.stem
    return re.sub(r"[-_]+", " ", stem).strip().capitalize()
