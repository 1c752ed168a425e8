"""A sync reads only the files that somebody has touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from kb.searching.base import KnowledgeBase
from kb.sources.apart import ReaderApart
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read."""
    names: list[str] = []
    read = ReaderApart.read

    def watched(self: ReaderApart, file: Path, root: Path, collection: str) -> Any:
        names.append(file.name)
        return read(self, file, root, collection)

    monkeypatch.setattr(ReaderApart, "read", watched)
    return names


def test_files_that_nobody_touched_are_not_read_again(
    base: KnowledgeBase, folder: Path, opened: list[str]
) -> None:
    """And those that somebody did, are."""
    base.sync([folder])
    opened.clear()
    report = base.sync([folder], prune=True)
    assert (report.unchanged, report.removed, opened) == (3, 0, [])
    (folder / "vpn.md").write_text("---\nid: vpn\ntitle: VPN\n---\nAnother text.\n")
    report = base.sync([folder])
    assert (report.changed, report.unchanged, opened) == (1, 2, ["vpn.md"])


def test_a_dry_run_notes_nothing(base: KnowledgeBase, folder: Path, opened: list[str]) -> None:
    """The sync that follows reads everything."""
    base.sync([folder], dry_run=True)
    opened.clear()
    assert base.sync([folder]).added == len(opened) == 3


def test_a_fault_is_named_at_every_sync(base: KnowledgeBase, folder: Path) -> None:
    """Until somebody mends it."""
    (folder / "odd.md").write_text("---\ntitle: [x\n---\nText.\n")
    (folder / "same.md").write_text("---\nid: vpn\ntitle: Second\n---\nText.\n")
    first = base.sync([folder]).problems
    assert len(first) == 2
    assert base.sync([folder]).problems == first


def test_an_article_that_is_gone_from_the_base_is_read_again(
    base: KnowledgeBase, folder: Path, opened: list[str]
) -> None:
    """Whatever took it away."""
    base.sync([folder])
    opened.clear()
    with base.store.writing() as database:
        base.store.remove(database, [("default", "vpn")])
    assert base.sync([folder]).added == 1
    assert opened == ["vpn.md"]


def test_the_same_folder_in_another_collection_is_read(base: KnowledgeBase, folder: Path) -> None:
    """Each collection has its own articles."""
    base.sync([folder])
    assert base.sync([folder], collection="hr").added == 3
    assert base.sync([folder]).unchanged == 3


def test_a_file_that_breaks_does_not_lose_its_article(base: KnowledgeBase, folder: Path) -> None:
    """Even with --prune: what cannot be read is not known to be gone."""
    base.sync([folder])
    (folder / "vpn.md").write_text("---\ntitle: [x\n---\nText.\n")
    report = base.sync([folder], prune=True)
    assert (len(report.problems), report.removed) == (1, 0)
    assert base.article("vpn") is not None
    (folder / "vpn.md").unlink()
    assert base.sync([folder], prune=True).removed == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from kb.searching.base import KnowledgeBase
from tests.kb.conftest import WordEncoder

def die(done, total):
    os.kill(os.getpid(), signal.SIGKILL)

base = KnowledgeBase.open(Path(sys.argv[1]), WordEncoder())
base.sync([Path(sys.argv[2])], progress=die)
"""


def test_a_sync_that_is_killed_is_done_again_as_if_nothing_had_been(
    folder: Path, tmp_path: Path
) -> None:
    """The old articles are all there after the kill; what was embedded is not embedded again."""
    place = tmp_path / "base.db"
    base = KnowledgeBase.open(place, WordEncoder())
    base.sync([folder])
    base.close()
    for number in range(300):
        (folder / f"new-{number}.md").write_text(f"# New {number}\n\nText number {number}.\n")
    (folder / "vpn.md").write_text("---\nid: vpn\ntitle: VPN\n---\nAnother text.\n")

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(place), str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL

    encoder = WordEncoder()
    base = KnowledgeBase.open(place, encoder)
    assert base.count() == 3
    vpn = base.article("vpn")
    assert vpn is not None
    assert vpn.title == "Connect to the VPN"
    report = base.sync([folder])
    assert (report.added, report.changed, report.unchanged) == (300, 1, 2)
    assert 0 < len(encoder.embedded) < 602
    assert base.sync([folder]).unchanged == 303
