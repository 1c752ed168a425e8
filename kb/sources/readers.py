"""Choosing a reader for each file, and keeping going when one of them is broken."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.articles import Article
from kb.errors import ArticleError, SourceError
from kb.sources.apart import shared
from kb.sources.files import walk
from kb.sources.kinds import READERS, kind_of
from kb.sources.outcomes import PassedOver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kb.sources.outcomes import Outcome


NAMED = 3
"""So many of those that were passed over are named where there is nothing else."""


@dataclass(frozen=True)
class SourceEntry:
    """One thing read from a source: an article, or why there is none."""

    file: Path
    article: Article | None
    problem: ArticleError | None = None
    passed_over: PassedOver | None = None


def read_source(
    source: Path,
    *,
    collection: str,
    passes_over: Callable[[Path], bool] = lambda _file: False,
    progress: Callable[[int, int], object] = lambda _done, _of: None,
) -> Iterator[SourceEntry]:
    """Yield every article of a file or folder; a broken one is yielded as its problem.

    Files for which `passes_over` says so are not read again; what is no article is named.
    `progress` hears how many are looked at, of how many.
    """
    if not source.exists():
        raise SourceError(f"{source}: no such file or folder; give the path of your articles")
    if source.is_file() and kind_of(source) is None:
        known = ", ".join(sorted(READERS))
        raise SourceError(f"{source}: no reader for this kind of file; one of {known}")
    found, passed = False, deque[str](maxlen=NAMED)
    files = [source] if source.is_file() else list(walk(source))
    for done, each in enumerate(files, start=1):
        progress(done, len(files))
        if isinstance(each, ArticleError | PassedOver):
            passed.append(each.what if isinstance(each, ArticleError) else each.why)
            yield _entry(each.file, each)
            continue
        found = True
        if not passes_over(each):
            for outcome in shared().read(each, source, collection):
                yield _entry(each, outcome)
    if not found:
        why = f" ({'; '.join(passed)})" if passed else ""
        known = ", ".join(sorted(READERS))
        raise SourceError(
            f"{source}: no articles in this folder{why}; it should hold files of these: {known}"
        )


def _entry(file: Path, outcome: Outcome) -> SourceEntry:
    if isinstance(outcome, Article):
        return SourceEntry(file, outcome)
    if isinstance(outcome, PassedOver):
        return SourceEntry(file, None, passed_over=outcome)
    return SourceEntry(file, None, outcome)
