"""A topic that turned is answered by another article; the former one is found less than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.searching.base import KnowledgeBase, Taught
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = {
    "tunnel": ("Connect the tunnel", "Pick the profile Larch and press Connect."),
    "causeway": ("Install Causeway", "Install Causeway and choose Join."),
    "printer": ("Add a printer", "Open the printers page and press Add."),
}
OF_OLD, OF_NEW, OF_ANOTHER = "how do I connect the tunnel", "install Causeway", "add a printer"
TURNED = Taught(turned=(("tunnel", "causeway"),))


def write(folder: Path, *names: str) -> None:
    """Write pages into a folder."""
    folder.mkdir(exist_ok=True)
    for name in names:
        title, text = PAGES[name]
        page = f"---\nid: {name}\ntitle: {title}\n---\n{text}\n"
        (folder / f"{name}.md").write_text(page, encoding="utf-8")


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A base of three articles."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    write(tmp_path / "pages", *PAGES)
    opened.sync([tmp_path / "pages"])
    yield opened
    opened.close()


def test_what_spoke_for_the_former_one_speaks_for_the_new_one(base: KnowledgeBase) -> None:
    """As surely as before; and the former one is no rival to be asked back about."""
    (before, *_) = base.search(OF_OLD)
    others = base.search(OF_NEW), base.search(OF_ANOTHER)
    base.relearn(TURNED)
    first, *rest = base.search(OF_OLD)
    assert (before.article, first.article) == ("tunnel", "causeway")
    assert first.score == pytest.approx(before.score)
    assert first.parts == pytest.approx(before.parts)
    assert "choose Join" in first.passage
    assert all(each.score < first.score / 2 for each in rest if each.article == "tunnel")
    assert base.search(OF_NEW)[0] == others[0][0]
    assert base.search(OF_ANOTHER)[0] == others[1][0]


def test_who_goes_back_finds_the_former_one_again(base: KnowledgeBase) -> None:
    """Nothing is left of it in what is taught without it."""
    before = base.search(OF_OLD)
    base.relearn(TURNED)
    base.relearn(Taught())
    assert base.search(OF_OLD) == before


@pytest.mark.parametrize("gone", ["causeway", "tunnel"])
def test_where_one_of_both_is_gone_the_other_stands_for_itself(
    base: KnowledgeBase, gone: str
) -> None:
    """The former one is found again where the new one is withdrawn."""
    base.relearn(TURNED)
    base.withdraw(gone)
    base.search(OF_OLD)
    asked = OF_OLD if gone == "causeway" else OF_NEW
    assert base.search(asked)[0].article == ({"tunnel", "causeway"} - {gone}).pop()


def test_who_may_not_read_the_new_one_finds_the_former_one(
    base: KnowledgeBase, tmp_path: Path
) -> None:
    """A turn opens no closed collection."""
    base.withdraw("causeway")
    write(tmp_path / "closed", "causeway")
    base.sync([tmp_path / "closed"], collection="closed", visible_to=["L3"])
    base.relearn(TURNED)
    assert base.search(OF_OLD, viewer_groups=[])[0].article == "tunnel"
    assert base.search(OF_OLD, viewer_groups=["L3"])[0].article == "causeway"


@pytest.mark.parametrize(
    "pairs",
    [
        (("tunnel", "causeway"), ("printer", "causeway")),
        (("tunnel", "causeway"), ("nobody", "causeway")),
        (("tunnel", "causeway"), ("printer", "nobody")),
    ],
)
def test_each_pair_holds_for_itself(
    base: KnowledgeBase, pairs: tuple[tuple[str, str], ...]
) -> None:
    """Two topics may turn to one article; one that is not there changes nothing."""
    base.relearn(Taught(turned=pairs))
    assert base.search(OF_OLD)[0].article == "causeway"
    expected = "causeway" if ("printer", "causeway") in pairs else "printer"
    assert base.search(OF_ANOTHER)[0].article == expected
