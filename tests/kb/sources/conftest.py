"""Reading a source as its user would: articles, problems, and what was passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from kb.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from kb.articles import Article


@dataclass(frozen=True)
class Read:
    """What a source gave."""

    articles: list[Article]
    problems: list[str]
    passed_over: list[str]

    @property
    def one(self) -> Article:
        """The only article, where nothing else was said."""
        assert (len(self.articles), self.problems, self.passed_over) == (1, [], [])
        return self.articles[0]


class Source:
    """A folder to put files into, and to read."""

    def __init__(self, folder: Path) -> None:
        """Begin with an empty folder."""
        self.folder = folder
        folder.mkdir()

    def put(self, name: str, content: str | bytes) -> Path:
        """Write a file, with the folders that it stands in."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def read(self, name: str = "") -> Read:
        """Read the folder, or one file of it."""
        entries = list(read_source(self.folder / name, collection="c"))
        return Read(
            [entry.article for entry in entries if entry.article],
            [str(entry.problem) for entry in entries if entry.problem],
            [str(entry.passed_over) for entry in entries if entry.passed_over],
        )


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A folder of articles, empty as yet."""
    return Source(tmp_path / "source")
