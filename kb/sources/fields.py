"""From the many names that tools give to the same fields to an Article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kb.articles import Article
from kb.errors import ArticleError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ID = ("id", "slug", "uid", "key", "sys_id", "number", "article_id")
TITLE_NAMES = ("title", "question", "name", "short_description", "subject", "headline")
_BODY = ("body", "text", "answer", "content", "html_body", "description")
_QUESTIONS = ("questions", "aliases_questions", "sample_questions", "utterances", "ask")
_AREA = ("area", "section", "category", "topic", "section_name", "categories")
_OWNER = ("owner", "owner_group", "team", "group")
_URL = ("url", "html_url", "link", "permalink", "canonical_url")


def build_article(
    record: Mapping[str, Any],
    *,
    file: Path,
    line: int | None,
    collection: str,
    fallback_id: str,
) -> Article:
    """Make an article of a record; raise ArticleError if title or body is missing."""
    fields = {str(name).strip().lower(): value for name, value in record.items() if name}
    body = _text(fields, _BODY)
    title = _text(fields, TITLE_NAMES)
    if not title:
        raise ArticleError(file, line, "has no title", "add `title:`, or a first heading")
    if not body:
        raise ArticleError(file, line, "has a title but no text", "write it or remove it")
    return Article(
        id=_text(fields, _ID) or fallback_id,
        title=title,
        area=_text(fields, _AREA),
        owner=_text(fields, _OWNER),
        questions=_many(fields),
        body=body,
        url=_text(fields, _URL) or None,
        collection=_text(fields, ("collection",)) or collection,
    )


def slug(text: str) -> str:
    """A short, stable identifier: lower case, words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:80] or "untitled"


def _text(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list | tuple):
            value = ", ".join(str(item) for item in value if item is not None)
        if value is not None and str(value).strip():
            return str(value).strip()
    return ""


def _many(fields: Mapping[str, Any]) -> tuple[str, ...]:
    for name in _QUESTIONS:
        value = fields.get(name)
        if isinstance(value, str):
            value = re.split(r"\n|\|", value)
        if isinstance(value, list | tuple):
            return tuple(str(item).strip() for item in value if item and str(item).strip())
    return ()
