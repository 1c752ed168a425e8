"""Articles from a DOCX or PDF handbook: one for each of its chapters."""

# ruff: noqa: ARG001 (readers share a signature)

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from kb.errors import ArticleError
from kb.sources.fields import build_article, slug
from kb.sources.handbooks.scanned import recognised
from kb.sources.markup.pages import html_to_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.articles import Article

LONGEST_HEADING = 10

_NUMBERED_HEADING = re.compile(r"^(?:\d+(?:\.\d+)*\.?\s+)?[A-Z][^.!?;:,]{3,70}\??$")


def read_docx(file: Path, root: Path, collection: str) -> Iterator[Article | ArticleError]:
    """Yield the chapters of a Word document, by its heading styles."""
    import mammoth  # type: ignore[import-untyped]  # noqa: PLC0415 (handbooks are rare)

    try:
        with file.open("rb") as stream:
            # A picture becomes its description: mammoth would write it out in letters.
            no_picture = mammoth.images.img_element(lambda _: {"src": ""})
            page = mammoth.convert_to_html(stream, convert_image=no_picture).value
    except Exception as error:
        raise ArticleError(file, None, f"is not a DOCX file: {error}", "save it again") from error
    yield from _chapters(file, html_to_markdown(page), collection)


def read_pdf(file: Path, root: Path, collection: str) -> Iterator[Article | ArticleError]:
    """Yield the chapters of a PDF, by lines that look like headings."""
    import pypdf  # noqa: PLC0415 (handbooks are rare)

    try:
        reader = pypdf.PdfReader(file)
        # One that only may not be printed opens without a word.
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else [page.extract_text() for page in reader.pages]
        if not locked and not "".join(pages).strip():
            pages = recognised(reader)
    except Exception as error:
        raise ArticleError(
            file, None, f"is not a readable PDF: {error}", "export it again"
        ) from error
    if locked:
        raise ArticleError(file, None, "needs a password", "save it without one")
    text = "\n".join(pages)
    if not text.strip():
        raise ArticleError(
            file,
            None,
            "has no text, only pictures",
            "run text recognition on it, or install 'frontline-desk[ocr]'",
        )
    yield from _chapters(file, _with_headings(text), collection)


def _with_headings(text: str) -> str:
    lines = [line.strip() for line in text.splitlines()]
    marked = []
    for before, line in zip(["", *lines], lines, strict=False):
        starts = not before or before.endswith((".", "!", "?", ":"))
        numbered = bool(re.match(r"\d", line))
        heading = _NUMBERED_HEADING.match(line) and (starts or numbered)
        marked.append(
            f"\n## {line}\n" if heading and len(line.split()) <= LONGEST_HEADING else line
        )
    return "\n".join(marked)


def _chapters(file: Path, text: str, collection: str) -> Iterator[Article | ArticleError]:
    lines = text.splitlines()
    tokens = MarkdownIt().parse(text)
    starts = [
        (token.map[0], token.map[1], tokens[position + 1].content.strip())
        for position, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map and token.tag < "h4"
    ]
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, 0, file.stem.replace("-", " ").replace("_", " ").strip()))
    seen: dict[str, int] = {}
    for number, (_, below, title) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(lines)
        body = "\n".join(lines[below:end]).strip()
        if not body:
            continue
        key = f"{slug(file.stem)}-{slug(title)}"
        seen[key] = seen.get(key, 0) + 1
        yield build_article(
            {"title": title, "body": body},
            file=file,
            line=None,
            collection=collection,
            fallback_id=key if seen[key] == 1 else f"{key}-{seen[key]}",
        )
