"""Every kind of source, and every kind of broken file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.errors import SourceError
from kb.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from kb.articles import Article


def read(source: Path) -> tuple[list[Article], list[str]]:
    """The articles and the problems of a source."""
    found = list(read_source(source, collection="c"))
    articles = [entry.article for entry in found if entry.article]
    return articles, [str(entry.problem) for entry in found if entry.problem]


def test_front_matter_gives_every_field(folder: Path) -> None:
    """The project's own form."""
    articles, problems = read(folder)
    password = next(article for article in articles if article.id == "reset-password")
    assert not problems
    assert (password.title, password.area, password.owner) == (
        "Reset your password",
        "identity",
        "it",
    )
    assert password.questions == ("forgot my password", "password expired")
    assert password.collection == "c"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("_posts/2024-01-02-reset.md", "---\ntitle: T\n---\nB", ("_posts/reset", "T", "B")),
        ("vpn/_index.md", '+++\ntitle = "T"\nslug = "s"\n+++\n{{< x >}}B', ("s", "T", "B")),
        ("page.mdx", 'import X from "y"\n\n# T\n\nB', ("page", "T", "B")),
        ("Some note.md", "B [[a|link]] %%hidden%%", ("some-note", "Some note", "B link")),
        ("guide/index.md", "B", ("guide", "Guide", "B")),
        ("json.md", '{\n"title": "T"\n}\nB', ("json", "T", "B")),
        ("q.md", "---\nquestion: T?\nanswer: no\n---\nB", ("q", "T?", "B")),
    ],
)
def test_other_tools_markdown_is_read(
    tmp_path: Path, name: str, text: str, expected: tuple[str, str, str]
) -> None:
    """Jekyll, Hugo, Docusaurus, Obsidian, an index page, JSON front matter, a question."""
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    articles, problems = read(tmp_path)
    assert not problems
    found = articles[0]
    assert (found.id, found.title, found.body.strip()) == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "**Read this on our site.**\n\nReset a badge\n===\n\nGo.\n\n## Late\n\nAsk.",
            "Reset a badge",
        ),
        ("Two in one.\n\n# First\n\nGo.\n\n# Second\n\nAsk.", "Some page"),
        ("Two.\n\nGo.\n\nOn.\n\nAnd on.\n\n# See also\n\nThis one, and that one.", "Some page"),
        ("Two\u2028lines.\n\n# First\n\nGo there.", "First"),
        ("---\ntitle: Own\n---\nMind.\n\n# First\n\nGo.", "Own"),
    ],
)
def test_a_heading_below_a_notice_is_the_title(tmp_path: Path, text: str, title: str) -> None:
    """Unless it is one of several, or the page says another; the notice stays in the text."""
    (tmp_path / "some-page.md").write_text(text)
    ((article,), _) = read(tmp_path)
    assert article.title == title
    assert article.body.startswith(("**Read", "Two", "Mind"))
    assert "Go" in article.body
    assert ("# " in article.body) == (title in {"Some page", "Own"} or "===" in text)


def test_one_file_of_questions_becomes_an_article_each(tmp_path: Path) -> None:
    """The headings are the titles, the chapter above is the area."""
    file = tmp_path / "faq.md"
    file.write_text(
        "# FAQ\n\n## How do I a?\n\nYes.\n\n# More\n\n## Why b?\n\n### Detail\n\nSo.\n",
        encoding="utf-8",
    )
    articles, _ = read(file)
    assert [(one.id, one.title, one.area) for one in articles] == [
        ("faq#how-do-i-a", "How do I a?", ""),
        ("faq#why-b", "Why b?", "More"),
    ]
    assert articles[1].body == "### Detail\n\nSo."


def test_jsonl_and_csv_give_an_article_a_record(tmp_path: Path) -> None:
    """Known names of the fields of other tools are understood."""
    (tmp_path / "a.jsonl").write_text('{"id": 7, "title": "T", "body": "B", "collection": "x"}\n')
    (tmp_path / "b.csv").write_text("question;answer\nHow?;So\n")
    articles, problems = read(tmp_path)
    assert not problems
    assert [(one.id, one.title, one.body, one.collection) for one in articles] == [
        ("7", "T", "B", "x"),
        ("b-2", "How?", "So", "c"),
    ]


def test_an_html_export_is_read_without_its_scripts(tmp_path: Path) -> None:
    """Lists become Markdown; scripts, styles and navigation go."""
    (tmp_path / "p.html").write_text(
        "<title>Space : My page</title><nav>menu</nav><div id=main-content><script>evil()</script>"
        "<h2>Steps</h2><ol><li>One</li><li>Two <code>x</code></li></ol></div>"
    )
    articles, _ = read(tmp_path)
    assert articles[0].title == "My page"
    assert articles[0].body == "## Steps\n\n1. One\n2. Two `x`"


@pytest.mark.parametrize(
    ("name", "data", "place", "word"),
    [
        ("broken.md", b"---\ntitle: [x\n---\nB", ":3", "front matter"),
        ("open.md", b"---\ntitle: x\n\nB", ":1", "never ends"),
        ("binary.md", b"\x00\x01\x02", "", "binary"),
        ("empty.md", b"", ":1", "no text"),
        ("bad.jsonl", b'{"title": "T", "body": "B"}\n{"oops\n', ":2", "not JSON"),
        ("list.jsonl", b"[1]\n", ":1", "not a JSON object"),
        ("hole.csv", b"title,body\nT,\n", ":2", "no text"),
        ("broken.pdf", b"%PDF-1.4 nonsense", "", "PDF"),
        ("broken.docx", b"PK nonsense", "", "DOCX"),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_the_rest_is_read(
    folder: Path, name: str, data: bytes, place: str, word: str
) -> None:
    """One clear line; the other articles still load."""
    (folder / name).write_bytes(data)
    articles, problems = read(folder)
    assert len([article for article in articles if article.id in {"vpn", "printer"}]) == 2
    assert len(problems) == 1
    assert f"{name}{place}:" in problems[0]
    assert word in problems[0]


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    """A source is what is in it."""
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    (folder / "link.md").symlink_to(secret)
    assert len(read(folder)[0]) == 3


def test_an_unknown_encoding_is_read_as_well_as_can_be(tmp_path: Path) -> None:
    """Windows-1252 where it is not UTF-8; UTF-16 by its mark."""
    (tmp_path / "a.md").write_bytes("# T\ncafé".encode("cp1252"))
    (tmp_path / "b.md").write_bytes("# T\ncafé".encode("utf-16"))
    assert [article.body for article in read(tmp_path)[0]] == ["café", "café"]


def test_a_missing_or_empty_source_is_refused(tmp_path: Path) -> None:
    """Before anything is changed."""
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "nowhere")
    with pytest.raises(SourceError, match="no articles"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<header><h1>The site</h1></header><main><h1>Own</h1><p>Text.</p></main>", "Own"),
        ("<article><header><h1>Own</h1></header><p>Text.</p></article>", "Own"),
        ("<title>Own</title><header><h1>The site</h1></header><p>Text.</p>", "Own"),
        ("<h1>Own</h1><p>Text.</p>", "Own"),
    ],
)
def test_the_title_of_a_page_is_not_that_of_its_site(tmp_path: Path, page: str, title: str) -> None:
    """Whichever of the two comes first."""
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    articles, problems = read(tmp_path)
    assert [one.title for one in articles] == [title], problems
