"""Nothing is passed over without a line that names it, and nothing that is there is removed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from kb.errors import SourceError

if TYPE_CHECKING:
    from kb.searching.base import KnowledgeBase
    from tests.kb.sources.conftest import Source

PAGE = "# A page\n\nText that says something.\n"


@pytest.mark.parametrize(
    "name",
    [
        "security.md", "it/security.md", "it/SECURITY.md", "it/deep/contributing.md",
        "changelog.md", "hr/license.md", "policies/summary.md", "errors/404.md",
    ],
)  # fmt: skip
def test_an_article_is_read_whatever_it_is_called(source: Source, name: str) -> None:
    """A help desk has articles about security, licences and changes."""
    source.put(name, PAGE)
    assert source.read().one.title == "A page"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("SECURITY.md", "about the repository"),
        ("LICENSE.md", "about the repository"),
        ("404.html", "about the repository or site"),
        ("SUMMARY.md", "a list of pages"),
        ("docs/_sidebar.md", "a list of pages"),
        ("docs/_part.md", "begins with _"),
        ("_includes/a.md", "parts of pages, 1 file"),
        ("node_modules/x/readme.md", "what others brought, 1 file"),
        ("draft.md", "a draft"),
        ("section/_index.md", "only lists its folder"),
        ("google1234567890abcdef.html", "proves to a search engine"),
        ("layout.html", "a template"),
        ("notes.odt", "no reader for .odt (1: save it as DOCX)"),
        ("photo.png", "no reader for .png (1)"),
        (".obsidian/app.json", "hidden: .obsidian/"),
        ("settings.json", "JSON without articles"),
    ],
)
def test_what_is_no_article_is_named_with_the_reason(source: Source, name: str, why: str) -> None:
    """One line for each, or for each kind of what has no reader."""
    contents = {
        "draft.md": "---\ndraft: true\n---\nText.\n",
        "section/_index.md": "---\ntitle: Section\n---\n",
        "google1234567890abcdef.html": "google-site-verification: google1234567890abcdef.html",
        "layout.html": "{% extends 'base.html' %}\n{% block body %}<p>x</p>{% endblock %}",
        "settings.json": '{"theme": "dark"}',
    }
    source.put("good.md", PAGE)
    source.put(name, contents.get(name, PAGE))
    found = source.read()
    assert [article.id for article in found.articles] == ["good"]
    assert found.problems == []
    assert len(found.passed_over) == 1
    assert why in found.passed_over[0]


def test_links_that_lead_elsewhere_are_named(source: Source) -> None:
    """Out of the folder, to nothing, in a circle."""
    source.put("good.md", PAGE)
    (source.folder / "out.md").symlink_to(source.folder.parent / "secret.md")
    (source.folder / "up").symlink_to(source.folder)
    (source.folder / "inside.md").symlink_to(source.folder / "good.md")
    found = source.read()
    assert [article.id for article in found.articles] == ["good", "inside"]
    assert [line.split(":")[0].rsplit("/", 1)[1] for line in found.passed_over] == ["out.md", "up"]


def test_what_never_ends_is_not_opened(source: Source) -> None:
    """A pipe would be read for as long as the limit of time lets it."""
    source.put("good.md", PAGE)
    os.mkfifo(source.folder / "pipe.md")
    (source.folder / "folder.md").mkdir()
    found = source.read()
    assert [article.id for article in found.articles] == ["good"]
    assert found.problems == []
    assert [line.split(": ", 1)[1] for line in found.passed_over] == [
        "passed over: no file: a pipe, a socket or a device"
    ]


@pytest.mark.parametrize(
    "steering",
    [
        "\x1b[31m",
        "\x1b]0;owned\x07",
        "\x1b]8;;http://x\x1b\\",
        "\x9b2J",
        "\x07",
        "\u202e",
        "\u2066",
    ],
)
@pytest.mark.parametrize("name", ["page.md", "page.json", "page.html", "page.csv"])
def test_no_article_steers_a_terminal(source: Source, name: str, steering: str) -> None:
    """Nor turns the writing round: `frontline kb search` shows titles and texts as they are."""
    title, body = f"Re{steering}set", f"Open the {steering}portal and press Forgot."
    contents = {
        "page.md": f"# {title}\n\n{body}\n",
        "page.json": json.dumps([{"id": "page", "title": title, "body": body}]),
        "page.html": f"<html><head><title>{title}</title></head><body><p>{body}</p></body></html>",
        "page.csv": f"id,title,body\npage,{title},{body}\n",
    }
    source.put(name, contents[name])
    article = source.read().one
    assert (article.title, "Open the portal and press" in article.body) == ("Reset", True)


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("page.html.md.erb", "<%= partial 'top' %>"),
        ("page.md.erb", "<% if x %>"),
        ("page.md.njk", "{% include 'top' %}"),
        ("page.md.liquid", "{% include 'top' %}"),
        ("page.mdown", ""),
        ("page.qmd", ""),
    ],
)
def test_markdown_by_any_other_ending_is_read(source: Source, name: str, mark: str) -> None:
    """Middleman's, Eleventy's, Quarto's; the endings are no part of the id."""
    source.put(f"docs/{name}", f"---\ntitle: Own\n---\n{mark}\n\n{PAGE}")
    article = source.read().one
    assert (article.id, article.title) == ("docs/page", "Own")
    assert not mark or mark not in article.body


@pytest.mark.parametrize(
    "words",
    [
        "Type <%= user.name %> into the field.",
        "Write 100%% in the cell, and %%5 for five.",
        "The placeholder {{ first_name }} is filled in by the mailing.",
        "Use {% if x %} to begin a condition.",
        "Press <Ctrl> and <Del>.",
        "A generic List<String> is not a tag.",
    ],
)
def test_marks_in_prose_are_somebodys_words(source: Source, words: str) -> None:
    """Where the tool that made a text is not known, what looks like a mark was written."""
    source.put("page.md", f"# How to\n\n{words}\n")
    shown = source.read().one.body.replace("\\", "").replace("`", "")
    assert words in shown


def test_what_was_passed_over_is_named_again_when_nobody_touched_it(
    base: KnowledgeBase, source: Source
) -> None:
    """The second sync says as much as the first."""
    source.put("good.md", PAGE)
    source.put("draft.md", "---\ndraft: true\n---\nText.\n")
    first = base.sync([source.folder])
    second = base.sync([source.folder])
    assert first.passed_over == second.passed_over
    assert len(first.passed_over) == 1
    assert (second.unchanged, second.added) == (1, 0)


def test_prune_keeps_what_another_collection_has_from_the_same_folder(
    base: KnowledgeBase, source: Source
) -> None:
    """The files are all still there."""
    source.put("a.md", PAGE)
    base.sync([source.folder], collection="one")
    report = base.sync([source.folder], collection="two", prune=True)
    assert (report.added, report.removed) == (1, 0)
    assert base.article("a", "one") is not None


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_prune_keeps_what_stands_in_a_folder_that_cannot_be_opened(
    base: KnowledgeBase, source: Source
) -> None:
    """As a share that is not mounted for this user."""
    source.put("a.md", PAGE)
    closed = source.put("closed/b.md", PAGE).parent
    base.sync([source.folder])
    closed.chmod(0)
    try:
        report = base.sync([source.folder], prune=True)
    finally:
        closed.chmod(0o755)
    assert report.removed == 0
    assert "closed: cannot be read" in report.problems[0]


def test_prune_keeps_what_is_in_a_folder_that_the_system_does_not_give(
    base: KnowledgeBase, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the reason is."""
    source.put("a.md", PAGE)
    source.put("closed/b.md", PAGE)
    base.sync([source.folder])
    scandir = os.scandir

    def refused(path: str | os.PathLike[str]) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    report = base.sync([source.folder], prune=True)
    assert (report.removed, report.unchanged) == (0, 1)
    assert report.problems == (f"{source.folder / 'closed'}: cannot be read: Permission denied",)


def test_prune_keeps_the_articles_of_a_table_that_always_had_a_fault(
    base: KnowledgeBase, source: Source
) -> None:
    """Its good rows were taken; then the whole file cannot be read."""
    file = source.put("a.jsonl", '{"id": 1, "title": "T", "body": "B"}\n{"oops\n')
    assert base.sync([file]).added == 1
    file.write_bytes(b"\x00\x01")
    report = base.sync([file], prune=True)
    assert (report.removed, len(report.problems)) == (0, 1)
    file.write_text('{"id": 2, "title": "T", "body": "B"}\n')
    assert base.sync([file], prune=True).removed == 1


def test_prune_keeps_what_an_older_reader_read(
    base: KnowledgeBase, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade all is read again; what breaks then is not known to be gone."""
    file = source.put("a.md", PAGE)
    source.put("b.md", PAGE)
    base.sync([source.folder])
    monkeypatch.setattr("kb.sources.unchanged.readers", lambda: "another")
    file.write_text("---\ntitle: [x\n---\nText.\n")
    report = base.sync([source.folder], prune=True)
    assert (report.removed, len(report.problems)) == (0, 1)


def test_a_folder_that_is_empty_today_stops_no_other(source: Source, base: KnowledgeBase) -> None:
    """It is named, what it gave before is kept, and the others are read; alone it is an error."""
    source.put("wiki/page.md", PAGE)
    source.put("handbook/other.md", "# Another page\n\nOf something else.\n")
    wiki, handbook = source.folder / "wiki", source.folder / "handbook"
    base.sync([wiki, handbook])
    (wiki / "page.md").unlink()
    source.put("handbook/third.md", "# A third page\n\nCame since.\n")
    report = base.sync([wiki, handbook], prune=True)
    assert (report.added, report.unchanged, report.removed) == (1, 1, 0)
    assert [problem.split(": ")[1][:30] for problem in report.problems] == [
        "no articles in this folder; it"
    ]
    assert report.away == (str(wiki),)
    assert base.article("page") is not None
    with pytest.raises(SourceError, match="no articles in this folder"):
        base.sync([wiki], prune=True)
    own = base.sync([handbook, wiki], prune=True, own=True)
    assert own.removed == 0
