"""Articles from HTML, as Confluence, Zendesk, Notion and sites have it: one of each page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4 import Tag

from kb.errors import ArticleError
from kb.sources.fields import build_article, slug
from kb.sources.frontmatter import split_front_matter
from kb.sources.markup.pages import FURNITURE, page_to_markdown, parsed
from kb.sources.outcomes import PassedOver
from kb.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bs4 import BeautifulSoup

    from kb.sources.outcomes import Outcome

_CONFLUENCE_INDEX = "index.html"
_MARK = re.compile(r"\{%[^%{}]{0,500}%\}|\{\{[^{}]{0,500}\}\}|<%[^%<>]{0,500}%>")
_MADE_FROM = re.compile(
    r"\{%-?\s*(?:extends|block|layout)\b|\{\{-?\s*(?:define|block|template|partial)\b|<%[-=]?\s*yield"
)
"""What pages of a site are made from says so; what help on templates says stands in its text."""
_SPACE_PREFIX = re.compile(r"^[^:]{1,60} : ")
_VERIFICATION = re.compile(
    r"^\s*(?:google-site-verification:|yandex-verification:|Verification:|"
    r"(?:facebook|pinterest|msvalidate)[\w.-]*verif)",
    re.IGNORECASE,
)
LONGEST_VERIFICATION = 20


def read(file: Path, root: Path, collection: str) -> Iterator[Outcome]:
    """Yield the article of an HTML page, or say what it is instead."""
    fields, text = split_front_matter(file, read_text(file))
    page = parsed(text)
    why = _is_none(file, text, page)
    if why:
        yield PassedOver(file, why, scaffold=True)
        return
    title = _title(page)
    body = page_to_markdown(page)
    if fields:
        body = _MARK.sub("", body)
    if not body and not title:
        raise ArticleError(file, None, "has no text to read", "remove it or export it again")
    relative = file.relative_to(root if root.is_dir() else file.parent)
    given: dict[str, Any] = {"title": title or file.stem, "url": _canonical(page), **fields}
    yield build_article(
        {**given, "body": body, "slug": None},
        file=file,
        line=None,
        collection=collection,
        fallback_id=slug(relative.with_suffix("").as_posix()),
    )


def _is_none(file: Path, text: str, page: BeautifulSoup) -> str:
    """What a file is that is no article; empty if it is one."""
    words = page.get_text(" ").split()
    if len(words) <= LONGEST_VERIFICATION and _VERIFICATION.search(" ".join(words)):
        return "proves to a search engine whose site it is"
    title = page.find(("title", "h1"))
    if _MADE_FROM.search(_MARK.sub(_structural, text)) or (
        isinstance(title, Tag) and _MARK.search(title.get_text()) and not _said(title.get_text())
    ):
        return "a template that pages are made from"
    if file.name == _CONFLUENCE_INDEX and _lists_a_space(page):
        return "the list of an export's pages"
    return ""


def _structural(mark: re.Match[str]) -> str:
    """A mark that begins its line; others stand in what is said."""
    before = mark.string.rfind("\n", 0, mark.start()) + 1
    return mark[0] if not mark.string[before : mark.start()].strip() else ""


def _said(text: str) -> str:
    return _MARK.sub("", text).strip(" -|:·–\n\t")  # noqa: RUF001 (a dash)


def _lists_a_space(page: BeautifulSoup) -> bool:
    """Confluence's own: a table of the space, and the tree of its pages."""
    if page.select_one("#main-content, .wiki-content") is not None:
        return False
    return page.select_one(".pageSection, #content .pageSection") is not None


def _title(page: BeautifulSoup) -> str:
    for path in ("#title-text", "h1.page-title", "h1", "title"):
        own = [each for each in page.select(path) if _is_own(each)]
        if path == "h1" and len(own) > 1 and page.select_one("title"):
            continue  # each is the heading of a part
        if own and (text := " ".join(own[0].get_text(" ", strip=True).split())):
            found = own[0]
            if found.name == "h1":
                found.decompose()
            return text if path == "h1" else _SPACE_PREFIX.sub("", text)
    return ""


def _is_own(heading: Tag) -> bool:
    """Whether it is the page's own, not the site's: an article's header is part of it."""
    around = heading.find_parent((*FURNITURE, "nav", "article", "main"))
    if around is None or around.name in {"article", "main"}:
        return True
    return around.find_parent(("article", "main")) is not None


def _canonical(page: BeautifulSoup) -> str:
    link = page.select_one("link[rel=canonical]")
    return str(link.get("href", "")) if link else ""
