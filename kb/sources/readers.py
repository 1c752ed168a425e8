"""Choosing a reader for each file, and keeping going when one of them is broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import ArticleError, SourceError
from kb.sources.apart import shared
from kb.sources.kinds import READERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kb.articles import Article
    from kb.sources.apart import ReaderApart

_NOT_ARTICLES = {
    "license", "contributing", "changelog", "code_of_conduct", "security", "summary", "404",
    "agents", "claude", "pull_request_template", "issue_template",
}  # fmt: skip
_NOT_CONTENT = {
    "node_modules", "__pycache__", "_includes", "_layouts", "_sass", "_site", "_partials",
    "_templates", "_snippets", "archetypes",
}  # fmt: skip
"""Folders of what others brought, of parts of pages, and of what they are made from."""


@dataclass(frozen=True)
class SourceEntry:
    """One thing read from a source: an article, or why there is none."""

    file: Path
    article: Article | None
    problem: ArticleError | None = None


def read_source(
    source: Path, *, collection: str, passes_over: Callable[[Path], bool] = lambda _file: False
) -> Iterator[SourceEntry]:
    """Yield every article of a file or folder; a broken one is yielded as its problem."""
    if not source.exists():
        raise SourceError(f"{source}: no such file or folder; give the path of your articles")
    files = [source] if source.is_file() else _files(source)
    found = False
    for file in files:
        if file.suffix.lower() not in READERS:
            if source.is_file():
                known = ", ".join(sorted(READERS))
                raise SourceError(f"{source}: no reader for this kind of file; one of {known}")
            continue
        found = True
        if passes_over(file):
            continue
        yield from _read_file(shared(), file, source, collection)
    if not found:
        raise SourceError(f"{source}: no articles in this folder; it should hold Markdown files")


def _files(folder: Path) -> list[Path]:
    inside = folder.resolve()
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and _is_content(path.relative_to(folder))
        and path.resolve().is_relative_to(inside)
    )


def _is_content(path: Path) -> bool:
    """Not hidden, not a partial that other pages include, not about the repository itself."""
    hidden = any(part.startswith(".") or part.lower() in _NOT_CONTENT for part in path.parts[:-1])
    hidden = hidden or path.name.startswith(".")
    partial = path.name.startswith("_") and path.stem != "_index"
    return not hidden and not partial and path.stem.lower() not in _NOT_ARTICLES


def _read_file(
    reader: ReaderApart, file: Path, root: Path, collection: str
) -> Iterator[SourceEntry]:
    for outcome in reader.read(file, root, collection):
        if isinstance(outcome, ArticleError):
            yield SourceEntry(file, None, outcome)
        else:
            yield SourceEntry(file, outcome)
