"""Several machines with one base, at a place in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.searching.base import KnowledgeBase
from kb.shared.rows import OWN_NOTE
from tests.kb.conftest import WordEncoder
from tests.kb.shared.contract import PlaceContract
from tests.kb.shared.places import PlaceInMemory

if TYPE_CHECKING:
    from pathlib import Path

    from kb.shared.copy import Place


class TestPlaceInMemory(PlaceContract):
    """What holds for any place."""

    @pytest.fixture
    def place(self) -> Place:
        """Give an empty place."""
        return PlaceInMemory()


def test_only_what_changed_travels(folder: Path, tmp_path: Path) -> None:
    """Of a base with many articles one question is learned: its article's rows are sent."""
    place = PlaceInMemory()
    for number in range(50):
        (folder / f"a{number}.md").write_text(f"---\nid: a{number}\ntitle: A {number}\n---\nT.\n")
    base = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder(), place=place)
    base.sync([folder])
    everything = len(place.rows)
    base.learn([("where is it", "vpn")])
    assert len(place.sent) < 20 < everything


def test_how_the_files_of_a_machine_were_stays_on_it(folder: Path, tmp_path: Path) -> None:
    """Another machine has other files, of other times."""
    place = PlaceInMemory()
    base = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder(), place=place)
    base.sync([folder])
    base.learn([("where is it", "vpn")])
    assert base.store.rows("select 1 from kb_models where name = ?", [OWN_NOTE])
    assert not [key for part, key in place.rows if part == "kb_models"]
