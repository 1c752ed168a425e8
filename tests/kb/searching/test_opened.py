"""Articles are read of the database once, as long as nobody writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.searching import opened
from kb.searching.opened import Opened
from kb.steps import BLOCKS

if TYPE_CHECKING:
    from pathlib import Path

    from kb.searching.base import KnowledgeBase


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every Markdown text that is read."""
    texts: list[str] = []
    real = BLOCKS.parse
    monkeypatch.setattr(BLOCKS, "parse", lambda text: texts.append(text) or real(text))
    return texts


def test_an_article_is_read_once_for_all_who_are_shown_it(
    base: KnowledgeBase, folder: Path, parsed: list[str]
) -> None:
    """Its Markdown as well: lead and steps come of one reading."""
    base.sync([folder])
    parsed.clear()
    for _ in range(3):
        found = base.article("reset-password")
        assert found is not None
        assert found.lead == "Choose a new password on the account page."
        assert len(found.steps) == 3
    assert len(parsed) == 1


def test_what_is_written_is_seen_at_once(base: KnowledgeBase, folder: Path) -> None:
    """Changed, hidden or taken away: nobody is shown what was."""
    base.sync([folder])
    assert base.article("vpn") is not None
    file = folder / "vpn.md"
    file.write_text(file.read_text(encoding="utf-8").replace("Install", "Open"), encoding="utf-8")
    base.sync([folder])
    changed = base.article("vpn")
    assert changed is not None
    assert changed.lead.startswith("Open")
    base.sync([folder], visible_to={"finance"})
    assert base.article("vpn", viewer_groups={"sales"}) is None
    assert base.audiences() == {"finance"}
    base.withdraw("vpn")
    assert base.article("vpn") is None
    assert base.kept(["vpn", "printer"]) == {"printer"}


def test_another_process_is_heard_as_well(base: KnowledgeBase, folder: Path) -> None:
    """What counts is the database, not who wrote."""
    base.sync([folder])
    beside = Opened(base.store)
    (kept,) = beside.articles("printer")
    assert beside.articles("printer")[0] is kept
    base.withdraw("printer")
    assert beside.articles("printer") == ()


def test_no_more_are_kept_than_so_many(
    base: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was read first goes."""
    monkeypatch.setattr(opened, "KEPT", 2)
    base.sync([folder])
    beside = Opened(base.store)
    first, second = beside.articles("vpn"), beside.articles("printer")
    beside.articles("reset-password")
    assert beside.articles("printer")[0] is second[0]
    assert beside.articles("vpn")[0] is not first[0]


def test_of_several_collections_each_gives_its_own(base: KnowledgeBase, folder: Path) -> None:
    """Also where only the first articles were read ahead."""
    base.sync([folder])
    base.sync([folder], collection="other")
    beside = Opened(base.store)
    assert len(beside.take(1)) == 2
    (name,) = {each.id for each in beside.take(1)}
    assert [each.collection for each in beside.articles(name)] == ["default", "other"]
    assert [each.collection for each in beside.articles(name, "other")] == ["other"]
    assert beside.articles(name, "third") == ()


def test_looking_ahead_reads_all_in_one_go(
    base: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks then waits for no article."""
    base.sync([folder])
    assert {each.id for each in base.look_ahead()} == {"vpn", "printer", "reset-password"}
    monkeypatch.setattr(base.store, "articles", lambda *_: pytest.fail("read again"))
    assert base.article("vpn") is not None
