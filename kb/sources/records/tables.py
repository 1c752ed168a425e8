"""Articles from CSV and TSV: one row, one article, under whatever stands above the header."""

# ruff: noqa: ARG001 (readers share a signature)

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from kb.errors import ArticleError
from kb.sources.fields import has_body, has_title, slug
from kb.sources.records.articles import article_of
from kb.sources.records.shapes import of_a_record
from kb.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.sources.outcomes import Outcome

    Row = tuple[int, list[str]]

LONGEST_CELL = 2**31 - 1
PREAMBLE = 30
"""Rows above the header, such as who exported the table and when."""

_SEPARATOR = re.compile(r"\s{0,20}+sep=(.)[^\n]*\n?", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r"\"[^\"]*\"?")


def read_csv(file: Path, root: Path, collection: str) -> Iterator[Outcome]:
    """Yield an article for each row below the header."""
    csv.field_size_limit(LONGEST_CELL)
    text = read_text(file)
    said = _SEPARATOR.match(text)
    skipped = said.end() if said else 0
    delimiter = said[1] if said else _delimiter(file, text)
    rows = _rows(file, text[skipped:], delimiter, text.count("\n", 0, skipped))
    header, above = _header(rows)
    if not header:
        raise ArticleError(file, 1, "has no header", "name the columns: title, body")
    for row in above:
        yield from _article(file, header, row, collection)
    for each in rows:
        if isinstance(each, ArticleError):
            yield each
        else:
            yield from _article(file, header, each, collection)


def _article(file: Path, header: list[str], row: Row, collection: str) -> Iterator[Outcome]:
    line, cells = row
    beyond = [cell for cell in cells[len(header) :] if cell.strip()]
    if beyond:
        what = f"has {len(cells)} cells under {len(header)} headings"
        yield ArticleError(file, line, what, "quote the cell that has the delimiter in it")
        return
    record = dict(zip(header, cells, strict=False))
    try:
        yield article_of(
            record,
            file=file,
            line=line,
            collection=collection,
            fallback_id=f"{slug(file.stem)}-{line}",
        )
    except ArticleError as error:
        yield error


def _rows(file: Path, text: str, delimiter: str, above: int) -> Iterator[Row | ArticleError]:
    """Each row that has something in it, with the line on which it begins."""
    escaped = _is_escaped(text)
    reader = csv.reader(
        io.StringIO(text),
        delimiter=delimiter,
        strict=True,
        escapechar="\\" if escaped else None,
        doublequote=not escaped,
    )
    while True:
        line = above + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield ArticleError(file, line, f"is not CSV: {error}", "mend its quotes")
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _is_escaped(text: str) -> bool:
    """Whether a quote in a cell has a backslash before it, as databases write it."""
    return '\\"' in text and '""' not in text


def _header(rows: Iterator[Row | ArticleError]) -> tuple[list[str], list[Row]]:
    """The first row that names a title and a body; else the first, and what was read beyond it."""
    read: list[Row] = []
    for each in rows:
        if isinstance(each, ArticleError):
            raise each
        names = dict.fromkeys((name.strip().lower() for name in each[1]), "x")
        if has_title(names) and has_body(of_a_record(names)):
            return each[1], []
        read.append(each)
        if len(read) > PREAMBLE:
            break
    return (read[0][1], read[1:]) if read else ([], [])


def _delimiter(file: Path, text: str) -> str:
    """What parts the names of the header, which is the line with the most of it near the top."""
    if file.suffix.lower() == ".tsv":
        return "\t"
    top = [_QUOTED.sub(_plain, line) for line in text.split("\n", PREAMBLE)[:PREAMBLE]]
    first = next((line for line in top if _names(line)), next(filter(str.strip, top), ""))
    return max(_DELIMITERS, key=first.count)


def _plain(quoted: re.Match[str]) -> str:
    return re.sub(r"[,;\t|\"]", " ", quoted[0])


def _names(line: str) -> bool:
    names = dict.fromkeys(map(str.strip, re.split(r"[,;\t|]", line.lower())), "x")
    return has_title(names) and has_body(of_a_record(names))
