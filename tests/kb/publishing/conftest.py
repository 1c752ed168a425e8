"""What is published, and where: an empty base, and a work tree of git."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from kb.articles import Article
from kb.searching.base import KnowledgeBase
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BIKES = Article(
    "repair-stand", "Book the repair stand", "offices", "l2",
    ("where is the stand for bikes?",), "Book it in Rooms.\n\n## Steps\n1. Open Rooms.\n2. Choose.",
)  # fmt: skip


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty base."""
    opened = KnowledgeBase.open(tmp_path / "desk.db", WordEncoder())
    yield opened
    opened.close()


@pytest.fixture
def other_base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """The empty base of another machine."""
    opened = KnowledgeBase.open(tmp_path / "other.db", WordEncoder())
    yield opened
    opened.close()


def git(folder: Path, *words: str) -> str:
    """What git says."""
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A work tree with one commit, and something staged that is not ours."""
    folder = tmp_path / "published"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "drafts")
    git(folder, "config", "user.email", "team@example.org")
    git(folder, "config", "user.name", "The team")
    (folder / "README.md").write_text("# Ours\n\nArticles of ours.\n", encoding="utf-8")
    git(folder, "add", "README.md")
    git(folder, "commit", "-q", "-m", "Begin")
    (folder / "half.txt").write_text("half done", encoding="utf-8")
    git(folder, "add", "half.txt")
    return folder
