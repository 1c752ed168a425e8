"""Handbooks as Word and PDF files, made here byte by byte; and what is wrong with a place."""

from __future__ import annotations

import sqlite3
import zipfile
from typing import TYPE_CHECKING

import pytest

from kb.errors import IndexUnavailableError
from kb.index.store import translated
from kb.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from kb.articles import Article
    from kb.searching.base import KnowledgeBase

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(file: Path, paragraphs: list[tuple[str, str]]) -> None:
    """Write a Word document of (style, text) paragraphs."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}">'
        f'<w:name w:val="heading {n}"/></w:style>'
        for n in (1, 2)
    )
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{types}.document.main+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{types}.styles+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
            f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="b" '
            f'Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>')
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        )


def pdf(file: Path, lines: list[str]) -> None:
    """Write a PDF of one page, a line below the other."""
    drawn = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
    stream = f"BT /F 12 Tf 50 700 Td {drawn} ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    file.write_bytes(
        data
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
    )


def read(file: Path) -> list[Article]:
    """The articles of a file that has no problem."""
    entries = list(read_source(file, collection="c"))
    assert [entry.problem for entry in entries if entry.problem] == []
    return [entry.article for entry in entries if entry.article]


def test_a_word_document_becomes_an_article_each_chapter(tmp_path: Path) -> None:
    """By its heading styles."""
    file = tmp_path / "handbook.docx"
    docx(
        file,
        [
            ("Heading1", "Travel"), ("Normal", "Book early."),
            ("Heading2", "Trains"), ("Normal", "Second class."),
        ],
    )  # fmt: skip
    assert [(one.id, one.title, one.body) for one in read(file)] == [
        ("handbook-travel", "Travel", "Book early."),
        ("handbook-trains", "Trains", "Second class."),
    ]


def test_a_pdf_becomes_an_article_each_chapter(tmp_path: Path) -> None:
    """By lines that look like headings."""
    file = tmp_path / "handbook.pdf"
    pdf(file, ["1 Travel costs", "Book early and keep the receipt.", "2 Home office", "Ask first."])
    assert [(one.title, one.body) for one in read(file)] == [
        ("1 Travel costs", "Book early and keep the receipt."),
        ("2 Home office", "Ask first."),
    ]


def test_a_file_of_20_mb_is_named_and_the_rest_is_read(base: KnowledgeBase, folder: Path) -> None:
    """It is not even opened."""
    with (folder / "huge.md").open("wb") as file:
        file.truncate(20 * 2**20)
    report = base.sync([folder])
    assert report.added == 3
    assert "huge.md: 20 MB" in report.problems[0]


def test_a_full_disk_says_so_and_leaves_the_old_state(base: KnowledgeBase, folder: Path) -> None:
    """SQLite is given no more pages than it has."""
    base.sync([folder])
    pages = base.store.rows("pragma page_count")[0][0]
    base.store.database.execute(f"pragma max_page_count = {pages}")
    (folder / "long.md").write_text(
        "# Long\n\n" + "\n\n".join(f"word{n} " * 90 for n in range(400))
    )
    with pytest.raises(IndexUnavailableError, match="disk is full"):
        base.sync([folder])
    assert base.count() == 3
    assert base.search("forgot my password")[0].article == "reset-password"


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (sqlite3.OperationalError("database is locked"), "another program"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "permissions"),
        (sqlite3.DatabaseError("malformed"), "not a Frontline database"),
        (OSError(28, "No space left on device"), "No space"),
    ],
)
def test_the_drivers_errors_say_what_to_do(tmp_path: Path, error: Exception, remedy: str) -> None:
    """And name the file."""
    with (
        pytest.raises(IndexUnavailableError, match=rf"kb\.db.*{remedy}"),
        translated(tmp_path / "kb.db"),
    ):
        raise error
