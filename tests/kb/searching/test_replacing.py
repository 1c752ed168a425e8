"""An article that another stands in for is found no more, as long as that one is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.articles import Article
from kb.publishing import Shelf
from kb.publishing.pages import origin_of
from kb.searching.base import KnowledgeBase
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = "---\nid: tunnel\ntitle: Connect the tunnel\n---\nPick the profile Larch and press Connect.\n"
RIVAL = """---
id: rival
title: Office lamps
---
The lamp of the field office: connect the red plug. Which profile it has does not matter. The
tunnel stays lit.
"""
ASKED = "how do I connect the tunnel"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A base with one article, which is about to be out of date."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "tunnel.md").write_text(OLD, encoding="utf-8")
    opened.sync([pages])
    yield opened
    opened.close()


def found(base: KnowledgeBase) -> set[str]:
    """Which articles a search finds."""
    return {hit.article for hit in base.search(ASKED)}


def new(words: str = "Install Causeway and choose Join.") -> Article:
    """What is right now."""
    return Article("causeway", "Connect the tunnel", "network", "l2", (ASKED,), words)


def test_the_new_one_alone_is_found(base: KnowledgeBase, tmp_path: Path) -> None:
    """The old one can be read still, and its file says nothing of it."""
    Shelf(base, tmp_path / "published").put(new(), "D-1", "tunnel")
    assert found(base) == {"causeway"}
    assert base.article("tunnel") is not None
    page = (tmp_path / "published" / "causeway.md").read_text(encoding="utf-8")
    assert 'replaces: "tunnel"' in page
    assert origin_of(page) == "D-1"


def test_without_the_new_one_the_old_one_is_back(base: KnowledgeBase, tmp_path: Path) -> None:
    """To delete the page undoes it."""
    Shelf(base, tmp_path / "published").put(new(), "D-1", "tunnel")
    base.withdraw("causeway")
    assert found(base) == {"tunnel"}


def test_a_sync_of_the_old_source_does_not_bring_it_back(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    """Also where its words were changed meanwhile."""
    Shelf(base, tmp_path / "published").put(new(), "D-1", "tunnel")
    (tmp_path / "pages" / "tunnel.md").write_text(f"{OLD}Or not.\n", encoding="utf-8")
    base.sync([tmp_path / "pages"])
    assert found(base) == {"causeway"}


def test_one_that_was_replaced_twice_is_found_by_neither(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    """The latest stands in for the one that stood in."""
    shelf = Shelf(base, tmp_path / "published")
    shelf.put(new(), "D-1", "tunnel")
    later = Article("gangway", "Connect the tunnel", "network", "l2", (ASKED,), "Use Gangway.")
    shelf.put(later, "D-2", "causeway")
    assert found(base) == {"gangway"}


@pytest.mark.parametrize(
    "words",
    ["connect the tunnel", "which profile for the field office?", "the lamp stays red", "red lamp"],
)
def test_what_the_old_one_was_asked_by_finds_the_new_one(
    base: KnowledgeBase, tmp_path: Path, words: str
) -> None:
    """Title, sample questions and what was learned; the draft has but the words of a few."""
    front = "questions:\n  - Which profile for the field office?\n"
    old = OLD.replace("---\nPick", f"{front}---\nPick")
    (tmp_path / "pages" / "tunnel.md").write_text(old, encoding="utf-8")
    (tmp_path / "pages" / "rival.md").write_text(RIVAL, encoding="utf-8")
    base.sync([tmp_path / "pages"])
    base.learn([("the lamp stays red", "tunnel")])
    other = Article("causeway", "Causeway", "network", "l2", ("hm",), "Install it, choose Join.")
    shelf = Shelf(base, tmp_path / "published")
    first = shelf.put(other, "D-1", "tunnel")
    assert {hit.article for hit in base.search(words, top=1)} == {"causeway"}
    assert first == shelf.put(other, "D-1", "tunnel"), "twice is once"


@pytest.mark.parametrize("of", [None, "causeway", "nothing-of-that-name"])
def test_what_stands_in_for_nothing_hides_nothing(
    base: KnowledgeBase, tmp_path: Path, of: str | None
) -> None:
    """None, itself, or what is not there."""
    Shelf(base, tmp_path / "published").put(new(), "D-1", of)
    assert found(base) == {"tunnel", "causeway"}


def test_in_a_collection_of_its_own_nothing_changes(base: KnowledgeBase, tmp_path: Path) -> None:
    """An article of the same id elsewhere is another."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "tunnel.md").write_text(OLD, encoding="utf-8")
    base.sync([other], collection="site-two")
    Shelf(base, tmp_path / "published").put(new(), "D-1", "tunnel")
    assert {hit.article for hit in base.search(ASKED, collection="site-two")} == {"tunnel"}
