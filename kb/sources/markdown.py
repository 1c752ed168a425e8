"""Articles from Markdown, and what becomes it: one a file, or one for each question of an FAQ."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kb.collections import anchor_of
from kb.sources.fields import (
    AREA_NAMES,
    TITLE_NAMES,
    address_of,
    build_article,
    says_no,
    says_yes,
    short_fields,
    trimmed,
)
from kb.sources.frontmatter import split_front_matter
from kb.sources.markup.asciidoc import plain_asciidoc
from kb.sources.markup.dialects import plain_markdown
from kb.sources.markup.known import Known
from kb.sources.markup.restructured import plain_restructured
from kb.sources.names import (
    FOLDER_PAGES,
    id_from_path,
    is_shared,
    known_of,
    stem_of,
    title_from_name,
)
from kb.sources.outcomes import PassedOver
from kb.sources.questions import Section, plain_title, questions_of
from kb.sources.scaffolding import why_scaffold
from kb.sources.structure import headings
from kb.sources.text import read_text
from kb.spans import LINK, PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.articles import Article
    from kb.errors import ArticleError
    from kb.sources.outcomes import Outcome

_WORDS = re.compile(r"\w")
_WORD = re.compile(r"\w{3,}")
ORIGIN = "drafted_from"
"""The front matter's name for where a page comes from, by which it is known as the desk's own."""

LONGEST_NOTICE = 3
"""Blocks that may stand above a page's title, such as where it should be read."""


def read(file: Path, root: Path, collection: str) -> Iterator[Outcome]:
    """Yield the article of a Markdown file, or those of an FAQ in one file."""
    given, body = split_front_matter(file, read_text(file))
    fields = {str(name).strip().lower(): value for name, value in given.items()}
    if says_yes(fields, "draft") or says_no(fields, "published"):
        yield PassedOver(file, "a draft")
        return
    body = plain_markdown(body, _known(file, root, fields), fields)
    yield from _articles(file, root, collection, fields, trimmed(body))


def read_restructured(file: Path, root: Path, collection: str) -> Iterator[Outcome]:
    """Yield the same of a file of reStructuredText, whose fields are for the tool alone."""
    body = plain_restructured(read_text(file))
    yield from _articles(file, root, collection, {}, trimmed(body))


def read_asciidoc(file: Path, root: Path, collection: str) -> Iterator[Outcome]:
    """Yield the same of a file of AsciiDoc; what Antora's menus are made from is none."""
    if stem_of(file).lower() == "nav":
        yield PassedOver(file, "a list of pages")
        return
    body = plain_asciidoc(read_text(file))
    yield from _articles(file, root, collection, {}, trimmed(body))


def _articles(
    file: Path, root: Path, collection: str, fields: dict[str, Any], body: str
) -> Iterator[Outcome]:
    why = why_scaffold(file, root, fields, body)
    if why:
        yield PassedOver(file, why, scaffold=True)
        return
    # A page that was drafted is asked by its own questions; its sections ask too, and are one.
    drafted = ORIGIN in fields
    sections = [] if drafted else questions_of(body, alone=file == root and not fields)
    if sections:
        yield from _faq(file, root, sections, fields, collection)
        return
    title, body = _take_title(file, fields, body)
    if not body.strip() and stem_of(file).lower() in FOLDER_PAGES:
        yield PassedOver(file, "only lists its folder")
        return
    page = _page(file, root, fields)
    yield build_article(
        {**fields, "title": title or title_from_name(file), "body": body, "slug": None},
        file=file,
        line=1,
        collection=collection,
        fallback_id=page,
    )


def _known(file: Path, root: Path, fields: dict[str, Any]) -> Known:
    """The tool that a file is written for, by its ending, its front matter, and its place."""
    endings = {each.lower() for each in file.suffixes}
    is_jekyll = bool({"layout", "permalink"} & fields.keys()) or "_posts" in file.parts
    return known_of(file, root) | Known(
        liquid=is_jekyll or bool(endings & {".liquid", ".njk"}),
        components=".mdx" in endings,
        ruby=".erb" in endings,
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
        title = plain_title(section.title) or name or title_from_name(file)
        article = build_article(
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
        yield replace(article, other=(*short_fields(fields), *article.other))


def _page(file: Path, root: Path, fields: dict[str, Any]) -> str:
    """The path below the source; a slug stands for the name, or for all of it if it begins so."""
    path = id_from_path(file, root)
    given = str(fields.get("slug") or "").strip()
    if not given.strip("/"):
        return path
    if given.startswith("/") or "/" not in path:
        return given.strip("/")
    return f"{path.rsplit('/', 1)[0]}/{given.strip('/')}"


def _take_title(file: Path, fields: dict[str, Any], body: str) -> tuple[str, str]:
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
    if not given and _is_chapter(file, heading, several=any(one.depth == 1 for one in others)):
        return "", body
    if given and given.casefold() != heading.casefold():
        return given, body
    return heading, below


def _is_chapter(file: Path, heading: str, *, several: bool) -> bool:
    """Whether a first heading names a part of a note, and the file's name the note.

    So it is where a note has several parts, none of which is called like it, and where the notes
    beside it begin with the same heading.
    """
    if stem_of(file).lower() in FOLDER_PAGES:
        return False
    name = set(_WORD.findall(title_from_name(file).casefold()))
    if name & set(_WORD.findall(heading.casefold())):
        return False
    return several or is_shared(heading, file)
