"""What a reader makes of a file: articles, problems, and what it passes over, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.articles import Article
from kb.errors import ArticleError


@dataclass(frozen=True)
class PassedOver:
    """A file, or a folder with all that is in it, which is no article; `why` says what it is."""

    file: Path
    why: str
    scaffold: bool = False
    """Whether it is what pages are made from: a snippet, a macro, a list of tags."""

    def __str__(self) -> str:
        """As a person reads it."""
        return f"{self.file}: passed over: {self.why}"


Outcome = Article | ArticleError | PassedOver
Reader = Callable[[Path, Path, str], Iterator[Outcome]]
