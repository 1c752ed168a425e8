"""From one record to its article: its fields by their many names, its body as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.sources.fields import BODY_NAMES, build_article
from kb.sources.markup.bodies import body_to_markdown
from kb.sources.records.shapes import of_a_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kb.articles import Article


def article_of(
    record: Mapping[str, Any], *, file: Path, line: int | None, collection: str, fallback_id: str
) -> Article:
    """The article of a record.

    Raises:
        ArticleError: it has no title or no body.
    """
    fields = of_a_record(record)
    is_html = fields.pop("body_is_html", None)
    for name in BODY_NAMES:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            fields[name] = body_to_markdown(value, is_html=is_html)
            break
    return build_article(
        fields, file=file, line=line, collection=collection, fallback_id=fallback_id
    )
