"""Links to headings, and who may see a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.collections import Collection, anchor_of
from kb.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from kb.searching.base import KnowledgeBase


def test_a_hit_links_to_the_heading_that_matched(base: KnowledgeBase, folder: Path) -> None:
    """By the collection's template, kept until it is given anew."""
    base.sync([folder], link="https://help.example/{id}")
    base.sync([folder])
    urls = {hit.article: hit.url for hit in base.search("open the page, choose forgot, blue")}
    assert urls["reset-password"] == "https://help.example/reset-password#steps"
    assert urls["printer"] == "https://help.example/printer"


def test_an_articles_own_address_comes_first() -> None:
    """And one that already points somewhere stays as it is."""
    about = Collection("c", link="https://help.example/{id}?to={anchor}")
    assert about.url("a b", "T", None, "X › Why so?") == "https://help.example/a%20b?to=why-so"  # noqa: RUF001
    assert about.url("a", "T", "https://w.example/p", "Why") == "https://w.example/p#why"
    assert about.url("a", "T", "https://w.example/p#x", "Why") == "https://w.example/p#x"
    assert Collection("c").url("a", "T", None, "Why") is None


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [("Why so?", "why-so"), ("Set `A_B`", "set-a_b"), ("A › [B](x) C", "b-c"), ("", "")],  # noqa: RUF001
)
def test_anchors_are_those_of_site_generators(heading: str, anchor: str) -> None:
    """Lower case, hyphens, no punctuation."""
    assert anchor_of(heading) == anchor


@pytest.mark.parametrize("link", ["javascript:{id}", "https://x/{nonsense}", "{id}"])
def test_a_template_that_cannot_be_filled_is_refused(link: str) -> None:
    """Before anything is written."""
    with pytest.raises(SourceError, match="link template"):
        Collection("c", link=link)


def test_a_restricted_collection_is_only_found_by_its_groups(
    base: KnowledgeBase, folder: Path
) -> None:
    """Whoever asks for nobody in particular finds all."""
    base.sync([folder], collection="hr", visible_to=["managers"])
    assert base.search("password", viewer_groups=[]) == []
    assert base.search("password", viewer_groups=["staff"], collection="hr") == []
    assert len(base.search("password", viewer_groups=["staff", "managers"])) == 3
    assert len(base.search("password")) == 3


def test_an_article_is_read_only_by_its_groups(base: KnowledgeBase, folder: Path) -> None:
    """Where two collections have the same id, each reader gets the one that they may see."""
    base.sync([folder], collection="hr", visible_to=["managers"], link="https://hr.example/{id}")
    assert base.article("vpn", viewer_groups=[]) is None
    base.sync([folder])
    seen = {name: base.article("vpn", viewer_groups=[name]) for name in ("managers", "staff")}
    assert {name: each.collection for name, each in seen.items() if each} == {
        "managers": "hr",
        "staff": "default",
    }
    assert base.audiences() == {"managers"}
    assert base.kept(["vpn", "nothing"]) == {"vpn"}


def test_the_address_of_an_article_is_that_of_its_collection(
    base: KnowledgeBase, folder: Path
) -> None:
    """With a heading or without."""
    base.sync([folder], link="https://help.example/{id}")
    article = base.article("reset-password")
    assert article is not None
    assert base.address(article) == "https://help.example/reset-password"
    assert base.address(article, "When to ask") == "https://help.example/reset-password#when-to-ask"
    assert base.audiences() == frozenset()
