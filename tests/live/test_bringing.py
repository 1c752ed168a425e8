"""From the copy into the knowledge base: whole, by audience, and never a landslide unasked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.live.bringing import alone, bring, take_in
from bot.live.copies import Copy
from bot.live.wanted import LiveSource, TroubleError
from bot.reaching import Reach
from kb.searching.base import KnowledgeBase
from tests.kb.conftest import WordEncoder
from tests.kb.shared.places import PlaceInMemory
from tests.live.site import page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live.site import Site

pytestmark = pytest.mark.rare


def folder_source(path: Path, **more: object) -> LiveSource:
    """A folder of this machine."""
    return replace(LiveSource("docs", "folder", path=path), **more)  # type: ignore[arg-type]


def write(folder: Path, **articles: str) -> None:
    """Write articles as files of Markdown."""
    folder.mkdir(exist_ok=True)
    for name, text in articles.items():
        (folder / f"{name}.md").write_text(f"# About {name}\n\n{text}\n", encoding="utf-8")


def taken_in(base: KnowledgeBase, source: LiveSource, place: Path, **how: bool) -> int:
    """Bring a source in; gives how many articles it has."""
    brought = bring(source, place, lambda _: None)
    assert brought.trouble is None
    return take_in(base, source, brought.parts, **how).articles


def test_what_a_folder_gives_comes_changes_and_goes(base: KnowledgeBase, tmp_path: Path) -> None:
    """Other articles of the base stay."""
    write(tmp_path / "own", printer="Call the printer people.")
    base.sync([tmp_path / "own"])
    write(tmp_path / "docs", vpn="Start the client.", wifi="Choose the network.")
    source = folder_source(tmp_path / "docs")
    assert taken_in(base, source, tmp_path / "live") == 2
    (tmp_path / "docs" / "wifi.md").unlink()
    write(tmp_path / "docs", vpn="Press the green button.")
    assert taken_in(base, source, tmp_path / "live") == 1
    vpn = base.article("vpn")
    assert vpn is not None
    assert "green" in vpn.body
    assert base.article("wifi") is None
    assert base.article("printer") is not None


def test_another_machine_that_leads_goes_on_with_a_source(tmp_path: Path) -> None:
    """Its copy is empty at first, and the articles are shared: what is the same stays."""
    place = PlaceInMemory()
    one, other = (
        KnowledgeBase.open(tmp_path / name / "kb.db", WordEncoder(), place=place)
        for name in ("one", "other")
    )
    write(tmp_path / "docs", vpn="Start the client.", wifi="Choose the network.")
    source = folder_source(tmp_path / "docs")
    assert taken_in(one, source, tmp_path / "one" / "sources") == 2
    (tmp_path / "docs" / "wifi.md").unlink()
    brought = bring(source, tmp_path / "other" / "sources", lambda _: None)
    told = take_in(other, source, brought.parts, confirmed=True)
    assert (told.articles, told.changed) == (1, 1)
    one.catch_up()
    assert one.article("vpn") is not None
    assert one.article("wifi") is None


def test_the_fingerprint_tells_whether_anything_has_changed(tmp_path: Path) -> None:
    """Of the files, and of who may see them; else nothing is opened for it."""
    write(tmp_path / "docs", vpn="Start the client.")
    source = folder_source(tmp_path / "docs")
    first = bring(source, tmp_path / "live", lambda _: None).fingerprint
    assert bring(source, tmp_path / "live", lambda _: None).fingerprint == first
    kept = replace(source, visible_to=frozenset({"hr"}))
    assert bring(kept, tmp_path / "live", lambda _: None).fingerprint != first
    write(tmp_path / "docs", wifi="Choose the network.")
    assert bring(source, tmp_path / "live", lambda _: None).fingerprint != first


def test_a_file_of_a_source_cannot_choose_another_collection(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    """Else whoever writes in a repository decides who may see what."""
    write(tmp_path / "docs", vpn="Start the client.")
    (tmp_path / "docs" / "pay.md").write_text(
        "---\ntitle: Pay\ncollection: default\n---\nThe boss gets more.\n", encoding="utf-8"
    )
    source = folder_source(tmp_path / "docs", visible_to=frozenset({"hr"}))
    taken_in(base, source, tmp_path / "live")
    assert {collection for collection, _ in base.store.hashes()} == {"docs"}
    assert base.article("pay", viewer_groups=["staff"]) is None
    assert base.article("pay", viewer_groups=["hr"]) is not None


def test_most_articles_do_not_go_at_once_unless_somebody_says_so(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    """A drive that came back half is no reason to forget the other half."""
    write(tmp_path / "docs", **{f"number{each}": "Words." for each in range(10)})
    source = folder_source(tmp_path / "docs")
    taken_in(base, source, tmp_path / "live")
    for each in range(6):
        (tmp_path / "docs" / f"number{each}.md").unlink()
    with pytest.raises(TroubleError, match=r"6 of 10 articles .* --source docs --prune"):
        taken_in(base, source, tmp_path / "live")
    assert base.count() == 10
    assert taken_in(base, source, tmp_path / "live", confirmed=True) == 4


@pytest.mark.parametrize("what", ["gone", "empty", "unread"])
def test_a_folder_that_is_away_changes_nothing(
    base: KnowledgeBase, tmp_path: Path, what: str
) -> None:
    """A network drive that is not mounted is an empty folder, or none."""
    write(tmp_path / "docs", vpn="Start the client.")
    source = folder_source(tmp_path / "docs")
    taken_in(base, source, tmp_path / "live")
    (tmp_path / "docs" / "vpn.md").unlink()
    if what == "gone":
        (tmp_path / "docs").rmdir()
    if what == "unread":
        (tmp_path / "docs" / "a.bin").write_bytes(b"\0")
    brought = bring(source, tmp_path / "live", lambda _: None)
    if brought.trouble is None:
        with pytest.raises(TroubleError, match="no article in what docs gave"):
            take_in(base, source, brought.parts)
    assert base.count() == 1


def put(copy: Copy, name: str, text: str, *groups: str) -> None:
    """Keep an article in a copy, for some groups."""
    body = page(name, text).body
    copy.put(name, body, ending=".html", stem=f"wiki-{name}", mark="", audience=groups)


def parts_of(copy: Copy, source: LiveSource, monkeypatch: pytest.MonkeyPatch) -> object:
    """What lies ready of a copy that somebody else has filled."""
    copy.save()
    monkeypatch.setitem(
        __import__("bot.live.bringing", fromlist=["READERS"]).READERS, "sitemap", lambda *_: ""
    )
    return bring(source, copy.folder.parent, lambda _: None).parts


def test_who_may_see_it_at_the_source_may_see_it_here_and_nobody_else(
    base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when that changes."""
    source = LiveSource("wiki", "sitemap", visible_to=frozenset({"staff"}))
    copy = Copy(tmp_path / "copy")
    put(copy, "vpn", "Start the client.")
    put(copy, "pay", "The boss gets more.", "hr", "board")
    take_in(base, source, parts_of(copy, source, monkeypatch))  # type: ignore[arg-type]

    def seen(*groups: str) -> set[str]:
        names = ("wiki-vpn", "wiki-pay")
        return {name[5:] for name in names if base.article(name, viewer_groups=groups)}

    assert seen("staff") == {"vpn"}
    assert seen("board") == {"pay"}
    assert seen() == set()
    put(copy, "vpn", "Start the client.", "hr")
    put(copy, "pay", "The boss gets less.")
    take_in(base, source, parts_of(copy, source, monkeypatch))  # type: ignore[arg-type]
    assert seen("staff") == {"pay"}
    assert seen("hr") == {"vpn"}
    assert seen("board") == set()


def test_only_one_process_brings_a_source_in(tmp_path: Path) -> None:
    """A second one leaves it alone."""
    with alone(tmp_path / "live") as first, alone(tmp_path / "live") as second:
        assert (first, second) == (True, False)
    with alone(tmp_path / "live") as again:
        assert again


def test_a_token_that_is_not_set_is_said_by_its_name(tmp_path: Path) -> None:
    """Without asking anybody."""
    source = LiveSource("wiki", "confluence", token_env="WIKI_TOKEN")
    trouble = bring(source, tmp_path / "live", lambda _: None).trouble
    assert str(trouble) == "WIKI_TOKEN is not set in the environment."


def test_a_copy_that_was_damaged_is_made_anew(tmp_path: Path, site: Site) -> None:
    """Its state was cut off, or is of another version."""
    site.sitemap(("/a", "2026-01-01"))
    site.answers["/a"] = page("A", "Words.")
    source = LiveSource(
        "help", "sitemap", url=f"{site.base}/sitemap.xml", reach=Reach(("127.0.0.1",))
    )
    first = bring(source, tmp_path / "live", lambda _: None)
    state = tmp_path / "live" / "copy" / "state.json"
    for broken in ('{"form": 1, "kept"', "[]", '{"form": 99}', '{"form": 1, "kept": {"a": {}}}'):
        state.write_text(broken)
        again = bring(source, tmp_path / "live", lambda _: None)
        assert (again.trouble, again.fingerprint) == (None, first.fingerprint)
