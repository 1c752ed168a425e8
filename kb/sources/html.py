"""Articles from HTML exports, as Confluence and Zendesk write them: one page, one article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from kb.errors import ArticleError
from kb.sources.fields import build_article, slug
from kb.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.articles import Article

_NEVER_TEXT = ("script", "style", "noscript", "template", "iframe", "object", "form", "svg", "head")
_FURNITURE = ("nav", "header", "footer", "aside")
_CONTENT = ("#main-content", ".wiki-content", ".article-body", "article", "main", "[role=main]")
_CONFLUENCE_INDEX = "index.html"
_TEMPLATE = re.compile(
    r"\{%-?\s*(?:include|block|extends|if|for|assign|layout)\b"
    r"|\{\{-?\s*(?:define|block|partial|template|content|end|page\.|site\.|\.[A-Z])"
)
_SPACE_PREFIX = re.compile(r"^[^:]{1,60} : ")


def read(file: Path, root: Path, collection: str) -> Iterator[Article | ArticleError]:
    """Yield the article of an HTML page; an export's table of contents is none."""
    text = read_text(file)
    if _TEMPLATE.search(text):
        return  # what pages are made from, not a page
    page = BeautifulSoup(text, "html.parser")
    if file.name == _CONFLUENCE_INDEX and page.select_one("#main-content") is None:
        return
    title = _title(page)
    body = to_markdown(page)
    if not body and not title:
        raise ArticleError(file, None, "has no text to read", "remove it or export it again")
    relative = file.relative_to(root) if root.is_dir() else file
    yield build_article(
        {"title": title or file.stem, "body": body, "url": _canonical(page)},
        file=file,
        line=None,
        collection=collection,
        fallback_id=slug(relative.with_suffix("").as_posix()),
    )


def to_markdown(page: BeautifulSoup) -> str:
    """The page's own content as Markdown, without scripts, navigation and comments."""
    content: Tag = next((found for path in _CONTENT if (found := page.select_one(path))), page)
    for name in _NEVER_TEXT + (_FURNITURE if content is page else ()):
        for tag in content.find_all(name):
            tag.decompose()
    converter = MarkdownConverter(heading_style="ATX", bullets="-")
    text: str = converter.convert_soup(content)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _title(page: BeautifulSoup) -> str:
    for path in ("#title-text", "h1", "title"):
        found = next(filter(_is_own, page.select(path)), None)
        if found is not None and found.get_text(strip=True):
            text = " ".join(found.get_text(" ", strip=True).split())
            if path == "h1":
                found.decompose()
            return _SPACE_PREFIX.sub("", text) if path != "h1" else text
    return ""


def _is_own(heading: Tag) -> bool:
    """Whether it is the page's own, not the site's: an article's header is part of it."""
    around = heading.find_parent((*_FURNITURE, "article", "main"))
    if around is None or around.name not in _FURNITURE:
        return True
    return around.find_parent(("article", "main")) is not None


def _canonical(page: BeautifulSoup) -> str:
    link = page.select_one("link[rel=canonical]")
    return str(link.get("href", "")) if link else ""
