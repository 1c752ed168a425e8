"""Which reader is for which kind of file, and how large one may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import ArticleError
from kb.sources import documents, html, markdown, records

if TYPE_CHECKING:
    from kb.articles import Article

Reader = Callable[[Path, Path, str], Iterator["Article | ArticleError"]]

LARGEST_FILE = 8 * 1024 * 1024
"""No article is that long; tables of many articles may be."""

TABLES = {".jsonl", ".ndjson", ".csv", ".tsv"}
LARGEST_TABLE = 256 * 1024 * 1024

READERS: dict[str, Reader] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".mdx": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".docx": documents.read_docx,
    ".pdf": documents.read_pdf,
    ".jsonl": records.read_jsonl,
    ".ndjson": records.read_jsonl,
    ".csv": records.read_csv,
    ".tsv": records.read_csv,
}


def check_size(file: Path) -> None:
    """Refuse what is too large to be read.

    Raises:
        ArticleError: it is.
    """
    size = file.stat().st_size
    most, what = (
        (LARGEST_TABLE, "a table")
        if file.suffix.lower() in TABLES
        else (LARGEST_FILE, "an article")
    )
    if size > most:
        raise ArticleError(file, None, f"{size // 2**20} MB is too large for {what}", "split it")
