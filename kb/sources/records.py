"""Articles from JSON Lines and CSV: one record, one article."""

# ruff: noqa: ARG001 (readers share a signature)

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from kb.errors import ArticleError
from kb.sources.fields import build_article, slug
from kb.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.articles import Article


def read_jsonl(file: Path, root: Path, collection: str) -> Iterator[Article | ArticleError]:
    """Yield an article for each line `{"id", "title", "body", ...}`."""
    for number, line in enumerate(read_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield build_article(
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


def read_csv(file: Path, root: Path, collection: str) -> Iterator[Article | ArticleError]:
    """Yield an article for each row below the header."""
    delimiter = "\t" if file.suffix.lower() == ".tsv" else None
    text = read_text(file)
    if delimiter is None:
        delimiter = _delimiter(text)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    try:
        for row in rows:
            try:
                yield build_article(
                    row,
                    file=file,
                    line=rows.line_num,
                    collection=collection,
                    fallback_id=f"{slug(file.stem)}-{rows.line_num}",
                )
            except ArticleError as error:
                yield error
    except csv.Error as error:
        yield ArticleError(file, rows.line_num, f"is not CSV: {error}", "export it again")


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)
