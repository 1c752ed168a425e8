"""Articles from JSON Lines: one record, one article."""

# ruff: noqa: ARG001 (readers share a signature)

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb.errors import ArticleError
from kb.sources.fields import slug
from kb.sources.records.articles import article_of
from kb.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.sources.outcomes import Outcome


def read_jsonl(file: Path, root: Path, collection: str) -> Iterator[Outcome]:
    """Yield an article for each line `{"id", "title", "body", ...}`."""
    for number, line in enumerate(read_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield article_of(
                _object(file, number, line),
                file=file,
                line=number,
                collection=collection,
                fallback_id=f"{slug(file.stem)}-{number}",
            )
        except json.JSONDecodeError as error:
            yield ArticleError(file, number, f"is not JSON: {error.msg}", "correct this line")
        except ArticleError as error:
            yield error


def _object(file: Path, number: int, line: str) -> dict[str, Any]:
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ArticleError(file, number, "is not a JSON object", "one object a line")
    return record
