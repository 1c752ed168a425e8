"""A file that is made to do harm is named and left out; the others load."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from kb.sources import read_source
from kb.sources.apart import Limits, ReaderApart
from kb.sources.apart.process import shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare

DEEP = 100_000
ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)


def docx(body: bytes) -> bytes:
    """A Word document with this inside; a megabyte of it is a kilobyte of file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", body)
    return made.getvalue()


WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CLOSED = b"</w:body></w:document>"
PARAGRAPH = b"<w:p><w:r><w:t>Again and again.</w:t></w:r></w:p>"
BOMBS: dict[str, bytes] = {
    "nested.jsonl": b'{"title": "A", "body": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "front.md": b"{\n" + b'"a": ' + b"[" * DEEP + b"\n\nText.\n",
    "flow.md": b"---\na: " + b"[" * DEEP + b"\n---\nText.\n",
    "compact.md": b"---\n" + b"- " * DEEP + b"\n---\nText.\n",
    "aliases.md": b"---\ntitle: A\nquestions: *i\n" + b"---\nText.\n",
    "lol.md": b"---\n" + ALIASES.encode() + b"title: A\nquestions: *i\n---\nText.\n",
    "toml.md": b"+++\na = " + b"[" * DEEP + b"\n+++\nText.\n",
    "keys.md": b"+++\n" + b"a." * DEEP + b"a = 1\n+++\nText.\n",
    "divs.html": b"<h1>A</h1>" + b"<div>" * DEEP + b"Text" + b"</div>" * DEEP,
    "giant.docx": docx(
        b'<w:document xmlns:w="' + WORD + b'"><w:body>' + PARAGRAPH * 200_000 + CLOSED
    ),
    "entities.docx": docx(
        b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(
            b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
        )
        + b']><w:document xmlns:w="' + WORD + b'"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p>'
        b"</w:body></w:document>"
    ),
    "loop.pdf": b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[2 0 R]/Count 1>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
}  # fmt: skip


@pytest.fixture
def reader() -> Iterator[ReaderApart]:
    """A reader with little patience and little memory."""
    made = ReaderApart(Limits(seconds=2, megabytes=512))
    yield made
    made.close()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_named_in_one_line_and_its_neighbour_is_read(
    name: str, tmp_path: Path, reader: ReaderApart
) -> None:
    """Whatever it does to whoever reads it: recursion, memory, time, or a crash."""
    bomb, good = tmp_path / name, tmp_path / "good.md"
    bomb.write_bytes(BOMBS[name])
    good.write_text("# Good\n\nText.\n")
    (problem,) = reader.read(bomb, tmp_path, "default")
    assert isinstance(problem, Exception)
    assert str(problem).startswith(f"{bomb}:")
    assert "\n" not in str(problem)
    assert "Traceback" not in str(problem)
    (article,) = reader.read(good, tmp_path, "default")
    assert not isinstance(article, Exception)
    assert article.title == "Good"


def test_brackets_without_end_are_text_like_any_other(tmp_path: Path, reader: ReaderApart) -> None:
    """They take no more time than words do."""
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n" + "[" * DEEP + "\n\n" + "> " * 2_000 + "deep\n")
    (article,) = reader.read(page, tmp_path, "default")
    assert not isinstance(article, Exception)


def test_a_folder_with_bombs_in_it_is_read_around_them(tmp_path: Path) -> None:
    """The whole way, in the order of their names."""
    for name in ("compact.md", "nested.jsonl"):
        (tmp_path / name).write_bytes(BOMBS[name])
    for name in ("a", "z"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nText.\n")
    found = list(read_source(tmp_path, collection="default"))
    assert [each.file.name for each in found] == ["a.md", "compact.md", "nested.jsonl", "z.md"]
    assert [each.problem is None for each in found] == [True, False, False, True]


def test_one_process_reads_many_files_and_another_follows_when_it_dies(tmp_path: Path) -> None:
    """It is begun when it is needed, and not for each file."""
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nText.\n")
    reader = ReaderApart()
    reader.read(page, tmp_path, "default")
    first = reader._process
    reader.read(page, tmp_path, "default")
    assert first is not None
    assert reader._process is first
    first.kill()
    first.wait()
    assert len(reader.read(page, tmp_path, "default")) == 1
    assert reader._process is not first
    reader.close()
    assert shared() is shared()


def test_text_of_any_kind_comes_through_as_it_is(tmp_path: Path) -> None:
    """Half characters, line separators and quotes are data between the processes."""
    body = 'a\u2028b\x85c"d\\e \ud800 \U0001f600'
    file = tmp_path / "odd.jsonl"
    file.write_text(json.dumps({"title": "Odd", "body": body}))
    (article,) = shared().read(file, tmp_path, "default")
    assert not isinstance(article, Exception)
    assert article.body == body
