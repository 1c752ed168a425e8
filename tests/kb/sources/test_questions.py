"""An FAQ in one file: its questions, at whatever depth, and what stands between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.collections import Collection
from kb.sources import read_source
from kb.sources.questions import plain_title

if TYPE_CHECKING:
    from pathlib import Path

    from kb.articles import Article

DEEP = """# Help

## General

### What is it?

A thing.

### Can I have one?

Yes.

## Account

### 3. How do I [sign in](x.md)?

With your name.

#### If that fails

Ask.

### Why not?

So.
"""


def read(folder: Path) -> list[Article]:
    """Every article of a folder, none of which has a fault."""
    entries = list(read_source(folder, collection="c"))
    assert [entry.problem for entry in entries if entry.problem] == []
    return [entry.article for entry in entries if entry.article]


def test_questions_are_found_below_their_categories(tmp_path: Path) -> None:
    """The category is the area; a heading below a question belongs to it."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "faq.md").write_text(DEEP, encoding="utf-8")
    articles = read(tmp_path)
    assert [(one.id, one.title, one.area) for one in articles] == [
        ("sub/faq#what-is-it", "What is it?", "General"),
        ("sub/faq#can-i-have-one", "Can I have one?", "General"),
        ("sub/faq#how-do-i-sign-in", "How do I sign in?", "Account"),
        ("sub/faq#why-not", "Why not?", "Account"),
    ]
    assert "#### If that fails" in articles[2].body


def test_a_question_links_to_its_place_on_the_page() -> None:
    """By the collection's template; a heading below it comes first."""
    about = Collection("c", link="https://help.example/{id}")
    assert about.url("sub/faq#why-not", "T", None, "") == "https://help.example/sub/faq#why-not"
    assert about.url("faq#why", "T", None, "If so") == "https://help.example/faq#if-so"


def test_a_path_of_an_article_is_on_the_site_of_its_collection() -> None:
    """Jekyll's permalinks and Hugo's urls say no more; without a site they are no link."""
    about = Collection("c", link="https://help.example/{id}")
    assert about.url("a", "T", "/faq/a/", "Why") == "https://help.example/faq/a/#why"
    assert Collection("c").url("a", "T", "/faq/a/", "Why") is None


def test_what_stands_between_the_questions_is_not_lost(tmp_path: Path) -> None:
    """More than a few words are an article of their own."""
    told = "This is told to everybody who comes here for the first time. " * 4
    text = f"# Help\n\n{told}\n\n## Rules\n\n{told}\n\n### Why?\n\nSo.\n\n### How?\n\nSo.\n"
    text += "\n### Who?\n\nI.\n\n### When?\n\nNow.\n"
    (tmp_path / "faq.md").write_text(text, encoding="utf-8")
    assert [one.title for one in read(tmp_path)] == [
        "Help",
        "Rules",
        "Why?",
        "How?",
        "Who?",
        "When?",
    ]


def test_a_guide_with_a_few_questions_stays_one_article(tmp_path: Path) -> None:
    """Its questions are headings, so that its passages are found by them."""
    text = (
        "# Guide\n\n## Install\n\nDo.\n\n## FAQ\n\n**Q: Why?**\nA: So.\n\n**Q: How?**\nA: Thus.\n"
    )
    (tmp_path / "guide.md").write_text(text, encoding="utf-8")
    (article,) = read(tmp_path)
    assert "### Why?" in article.body


def test_the_same_question_twice_has_two_ids(tmp_path: Path) -> None:
    """As generators number the second heading of the same words."""
    text = "## Why?\n\nA.\n\n## Why?\n\nB.\n\n## How?\n\nC.\n\n## Who?\n\nD.\n"
    (tmp_path / "faq.md").write_text(text, encoding="utf-8")
    assert [one.id for one in read(tmp_path)][:2] == ["faq#why", "faq#why-1"]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("**Q1:** How?", "How?"),
        ("2.1 How do I?", "How do I?"),
        ("[#](#hints)Hints &amp; tips", "Hints & tips"),
        ("![x](y.png) Start", "Start"),
        ("`pip` fails", "`pip` fails"),
        ("404 errors", "404 errors"),
        ("0.33 notes", "0.33 notes"),
        ("3) Set it", "Set it"),
        ("2FA: what is it?", "2FA: what is it?"),
        ("snake_case and __init__.py", "snake_case and __init__.py"),
    ],
)
def test_a_title_is_what_people_would_say(heading: str, title: str) -> None:
    """Without links, pictures, marks and counting."""
    assert plain_title(heading) == title


@pytest.mark.parametrize(
    ("name", "front", "expected"),
    [
        ("docs/intro.md", "slug: start", ("docs/start", None, "T")),
        ("docs/intro.md", "slug: /start/here", ("start/here", None, "T")),
        ("docs/intro.md", "slug: /", ("docs/intro", None, "T")),
        ("intro.md", "id: 5648a018a2\nsort_order: 3", ("5648a018a2", None, "T")),
        ("intro.md", "permalink: /a/:title/", ("intro", None, "T")),
        ("intro.md", "permalink: /a/b/", ("intro", "/a/b/", "T")),
        ("intro.md", "url: notes", ("intro", None, "T")),
        ("intro.md", "sidebar_label: Begin", ("intro", None, "Begin")),
        ("_questions/x/01_ab_why.md", "Question: Why?", ("_questions/x/01_ab_why", None, "Why?")),
    ],
)
def test_fields_of_front_matter_are_read_as_their_generator_means_them(
    tmp_path: Path, name: str, front: str, expected: tuple[str, str | None, str]
) -> None:
    """Id, address and title."""
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    title = "" if "label" in front or "Question" in front else "title: T\n"
    file.write_text(f"---\n{title}{front}\n---\nText.\n", encoding="utf-8")
    (article,) = read(tmp_path)
    assert (article.id, article.url, article.title) == expected


def test_what_is_no_article_is_passed_over(tmp_path: Path) -> None:
    """Parts of pages, what others brought, templates, and pages that only list a folder."""
    for name, text in {
        "good.md": "# Good\n\nText.\n",
        "node_modules/x/README.md": "# No\n\nText.\n",
        "_layouts/page.html": "<h1>No</h1><p>Text</p>",
        "layouts/page.html": "<h1>{{ .Title }}</h1><p>{{ block }}</p>",
        "docs/_index.md": "---\ntitle: Docs\n---\n",
        "AGENTS.md": "# No\n\nText.\n",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert [one.id for one in read(tmp_path)] == ["good"]


def test_other_names_of_a_note_are_asked_for_as_well(tmp_path: Path) -> None:
    """Obsidian's aliases are; Hugo's are old paths."""
    (tmp_path / "a.md").write_text("---\naliases: [First steps, /old/a/]\n---\nText.\n")
    assert [one.questions for one in read(tmp_path)] == [("First steps",)]
