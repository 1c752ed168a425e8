"""Articles from Markdown: one a file, or one for each question of an FAQ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kb.collections import anchor_of
from kb.sources.markup.dialects import plain_markdown
from kb.sources.fields import AREA_NAMES, TITLE_NAMES, address_of, build_article, slug
from kb.sources.frontmatter import split_front_matter
from kb.sources.questions import Section, plain_title, questions_of
from kb.sources.structure import headings
from kb.sources.text import read_text
from kb.spans import LINK, PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.articles import Article
    from kb.errors import ArticleError

_WORDS = re.compile(r"\w")
LONGEST_NOTICE = 3
"""Blocks that may stand above a page's title, such as where it should be read."""

_FOLDER_PAGES = {"index", "readme", "_index", "home", "summary"}


def read(file: Path, root: Path, collection: str) -> Iterator[Article | ArticleError]:
    """Yield the article of a Markdown file, or those of an FAQ in one file."""
    given, body = split_front_matter(file, read_text(file))
    fields = {str(name).strip().lower(): value for name, value in given.items()}
    if fields.get("draft") is True or fields.get("published") is False:
        return
    body = plain_markdown(body).strip()
    sections = questions_of(body, alone=file == root and not fields)
    if sections:
        yield from _faq(file, root, sections, fields, collection)
        return
    title, body = _take_title(fields, body)
    if not body.strip() and file.stem.lower() in _FOLDER_PAGES:
        return  # only says how its folder is listed
    page = _page(file, root, fields)
    yield build_article(
        {**fields, "title": title or _title_from_name(file), "body": body, "slug": None},
        file=file,
        line=1,
        collection=collection,
        fallback_id=page,
    )


def _faq(
    file: Path, root: Path, sections: list[Section], fields: dict[str, Any], collection: str
) -> Iterator[Article | ArticleError]:
    page = str(fields.get("id") or _page(file, root, fields))
    address = address_of(fields)
    name = next((str(fields[name]) for name in TITLE_NAMES if fields.get(name)), "")
    seen: dict[str, int] = {}
    for section in sections:
        anchor = anchor_of(plain_title(section.title))
        seen[anchor] = seen.get(anchor, 0) + 1
        if seen[anchor] > 1:
            # As site generators tell a second heading of the same words from the first.
            anchor = f"{anchor}-{seen[anchor] - 1}"
        inherited = {
            name: fields[name] for name in ("area", "owner", *AREA_NAMES) if name in fields
        }
        title = plain_title(section.title) or name or _title_from_name(file)
        yield build_article(
            {
                "area": section.group,
                **inherited,
                "title": title,
                "body": section.body,
                "url": f"{address}#{anchor}" if address and anchor else address,
            },
            file=file,
            line=section.line,
            collection=collection,
            fallback_id=f"{page}#{anchor}" if anchor else page,
        )


def _page(file: Path, root: Path, fields: dict[str, Any]) -> str:
    """The path below the source; a slug stands for the name, or for all of it if it begins so."""
    path = _id_from_path(file, root)
    given = str(fields.get("slug") or "").strip()
    if not given.strip("/"):
        return path
    if given.startswith("/") or "/" not in path:
        return given.strip("/")
    return f"{path.rsplit('/', 1)[0]}/{given.strip('/')}"


def _take_title(fields: dict[str, Any], body: str) -> tuple[str, str]:
    """The title, and the body without a first heading that only repeats it."""
    given = next((str(fields[name]).strip() for name in TITLE_NAMES if fields.get(name)), "")
    found = headings(body)
    if not found or found[0].depth != 1:
        return given, body
    first, *others = found
    lines = body.split("\n")  # as headings are counted: other separators stand in the text
    above, below = "\n".join(lines[: first.line]), "\n".join(lines[first.below :]).strip()
    if _WORDS.search(LINK.sub("", PICTURE.sub("", above)) if "![" in above else above):
        # Below a notice to readers it still is the title, unless it is one part of several.
        short = len(above.strip().split("\n\n")) <= LONGEST_NOTICE
        if given or not short or any(other.depth == 1 for other in others):
            return given, body
        return plain_title(first.title), f"{above}\n{below}".strip()
    heading = plain_title(first.title)
    if given and given.casefold() != heading.casefold():
        return given, body
    return heading, below


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
