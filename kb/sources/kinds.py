"""Which reader is for which kind of file, and how large one may be."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from kb.errors import ArticleError

if TYPE_CHECKING:
    from pathlib import Path

    from kb.sources.outcomes import Reader

LARGEST_FILE = 8 * 1024 * 1024
"""No article is that long; tables of many articles may be."""

LARGEST_DOCUMENT = 64 * 1024 * 1024
"""Pictures make a handbook that large, not its words."""

LARGEST_TABLE = 256 * 1024 * 1024

DOCUMENTS = {".docx", ".pdf"}
TABLES = {".jsonl", ".ndjson", ".csv", ".tsv", ".json", ".xml"}
MARKDOWN = (".md", ".markdown", ".mdx", ".mdown", ".mkd", ".mkdn", ".mdwn", ".qmd", ".rmd")

READERS = {
    **dict.fromkeys(MARKDOWN, "markdown.read"),
    ".rst": "markdown.read_restructured",
    **dict.fromkeys((".adoc", ".asciidoc"), "markdown.read_asciidoc"),
    ".html": "html.read",
    ".htm": "html.read",
    ".xhtml": "html.read",
    ".docx": "handbooks.documents.read_docx",
    ".pdf": "handbooks.documents.read_pdf",
    ".json": "records.exports.read_json",
    ".jsonl": "records.lines.read_jsonl",
    ".ndjson": "records.lines.read_jsonl",
    ".csv": "records.tables.read_csv",
    ".tsv": "records.tables.read_csv",
}
"""What reads each kind, here: loaded with the first file of it, since who serves reads none."""

TEMPLATED = {".erb", ".liquid", ".njk", ".j2", ".jinja", ".jinja2", ".tmpl"}
"""Behind `.md`, they say that marks of a template language stand in it."""


def kind_of(file: Path) -> str | None:
    """The ending by which a file is read, also of `page.html.md.erb`; None if no reader is."""
    endings = [each.lower() for each in file.suffixes]
    if len(endings) > 1 and endings[-1] in TEMPLATED and endings[-2] in MARKDOWN:
        return endings[-2]
    return endings[-1] if endings and endings[-1] in READERS else None


def reader_of(file: Path) -> Reader:
    """What reads a file of a known kind."""
    module, _, name = READERS[kind_of(file) or ""].rpartition(".")
    return cast("Reader", getattr(import_module(f"kb.sources.{module}"), name))


def check_size(file: Path) -> None:
    """Refuse what is too large to be read.

    Raises:
        ArticleError: it is.
    """
    size = file.stat().st_size
    kind = kind_of(file)
    if kind in TABLES:
        most, what = LARGEST_TABLE, "a table"
    elif kind in DOCUMENTS:
        most, what = LARGEST_DOCUMENT, "a document"
    else:
        most, what = LARGEST_FILE, "an article"
    if size > most:
        raise ArticleError(file, None, f"{size // 2**20} MB is too large for {what}", "split it")
