"""Fifty thousand pages: shown as they are read, written in steps, none looked at for each other."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.index import syncing
from kb.sources.outcomes import PassedOver
from kb.sources.unchanged import FilesRead
from kb.tuning import lint as linting
from kb.tuning.lint import lint
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from kb.searching.base import KnowledgeBase

MANY = 9


@pytest.fixture
def pages(folder: Path) -> Path:
    """Some pages more."""
    for number in range(MANY):
        (folder / f"page-{number}.md").write_text(f"# Page {number}\n\nOnly wing {number} reads.\n")
    return folder


def test_reading_is_told_file_by_file(base: KnowledgeBase, pages: Path) -> None:
    """Of how many, from the first on: it takes minutes before anything is embedded."""
    told: list[tuple[int, int]] = []
    base.sync([pages], reading=lambda done, of: told.append((done, of)))
    assert told == [(done, MANY + 3) for done in range(1, MANY + 4)]


def test_many_articles_are_written_in_steps_and_others_write_between(
    base: KnowledgeBase, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for the database is let in; then all is found, and nothing embedded is lost."""
    monkeypatch.setattr(syncing, "AT_ONCE", 5)
    between: list[int] = []

    def pause(_seconds: float) -> None:
        with sqlite3.connect(base.store.path, timeout=0) as other:
            other.execute("begin immediate")
            between.append(other.execute("select count(*) from kb_articles").fetchone()[0])

    monkeypatch.setattr(time, "sleep", pause)
    assert base.sync([pages]).added == MANY + 3
    assert between == [5, 10]
    assert base.store.unembedded(base.encoder.name) == []
    for file in sorted(pages.glob("page-*.md"))[:7]:
        file.unlink()
    assert base.sync([pages], prune=True).removed == 7
    assert between == [5, 10, 7]
    assert base.count() == MANY - 4
    assert base.store.unused_vectors() == []


def test_whoever_is_ended_between_two_steps_goes_on(
    base: KnowledgeBase, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written stays, whole; what was embedded is not embedded again."""

    def killed(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(syncing, "AT_ONCE", 5)
    monkeypatch.setattr(time, "sleep", killed)
    with pytest.raises(KeyboardInterrupt):
        base.sync([pages])
    assert base.count() == 5
    assert isinstance(base.encoder, WordEncoder)
    base.encoder.embedded.clear()
    monkeypatch.undo()
    report = base.sync([pages])
    assert (report.added, report.unchanged) == (MANY - 2, 5)
    assert base.encoder.embedded == []


def test_notes_on_files_take_time_by_their_number() -> None:
    """Files that give nothing, noted before and now, are not held against each other."""
    few = min(_noting(1_000) for _ in range(3))
    many = min(_noting(8_000) for _ in range(3))
    assert many < 30 * few


def _noting(count: int) -> float:
    def noted(before: bytes | None, names: range) -> bytes:
        files = FilesRead("default", before)
        for number in names:
            file = Path(f"docs/page-{number}.md")
            files.before(file, Path("docs"))
            files.read(file, Path("docs"), {}, PassedOver(file, "a snippet"))
        return files.noted()

    first = noted(None, range(count))
    begun = time.thread_time()
    noted(first, range(count // 2, count + count // 2))
    return time.thread_time() - begun


def test_a_large_base_is_looked_over_without_embedding_it_again(
    base: KnowledgeBase, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same text twice is still found."""
    (pages / "again.md").write_text("# Somewhere else\n\nOnly wing  7 reads.\n")
    base.sync([pages])
    encoder = WordEncoder()
    told: list[tuple[int, int]] = []
    lint(base.store.articles(), encoder, lambda done, of: told.append((done, of)))
    assert (MANY + 4, MANY + 4) in told
    assert len(encoder.embedded) >= MANY + 4
    encoder.embedded.clear()
    monkeypatch.setattr(linting, "MOST_COMPARED", 3)
    asked = [one for one in base.store.articles() if not one.questions]
    found = lint(asked, encoder)
    assert encoder.embedded == []
    assert "has the same text as again" in {finding.message for finding in found}


def test_pages_that_differ_by_their_date_or_stand_for_one_folder_are_each_an_article(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    """Minutes of three days, and a README beside an index: none is lost for its id."""
    root = tmp_path / "handbook"
    names = ("board/2021-10-06-minutes", "board/2021-10-27-minutes", "news/2020-01-02-hello",
             "rooms/README", "rooms/index", "guide/readme")  # fmt: skip
    for number, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / f"{name}.md").write_text(f"# Page {number}\n\nWhat page {number} says of rooms.\n")
    assert base.sync([root]).problems == ()
    assert {one.id for one in base.store.articles()} == {
        "board/2021-10-06-minutes", "board/2021-10-27-minutes", "news/hello", "rooms",
        "rooms/readme", "guide",
    }  # fmt: skip
