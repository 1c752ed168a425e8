"""A folder with everything that can be wrong: each fault is named, and the rest is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from kb.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path


BAD = {
    "broken.md": (b"---\ntitle: [x\n---\nText.\n", "front matter: "),
    "twice.md": (b"---\nid: good\ntitle: Again\n---\nText.\n", "already taken by"),
    "huge.md": (b"# Huge\n\n" + b"word " * 4_200_000, "20 MB is too large for an article; split"),
    "binary.md": (b"# x\x00\x01\x02", "is a binary file, not text"),
    "half.md": (b"\xff\xfea", "is not valid utf-16; save it as UTF-8"),
    "odd.jsonl": (b'{"id": "j", "title": "J", "body": "Text."}\n{oops\n', ":2: is not JSON"),
    "empty.md": (b"# Only a title\n", "has a title but no text"),
    "not.pdf": (b"%PDF-1.4 no", "is not a readable PDF"),
    "not.docx": (b"PK no", "is not a DOCX file"),
}
GOOD = {
    "good.md": b"# Good\n\nText.\n",
    "latin.md": "# Größe\n\nIm Büro.\n".encode("cp1252"),
    "sixteen.md": "# Sixteen\n\nText.\n".encode("utf-16"),
    "script.html": b"<script>steal()</script><h1>Safe</h1><p onclick='x()'>Read this.</p>",
    "tags.md": b"# Tags\n\n<script>steal()</script>\n\nJust <b onclick='x()'>press</b> it.\n",
}


@pytest.mark.rare
def test_every_fault_is_named_with_its_file_and_the_rest_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line for each, on standard error; nothing from outside the folder."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, data in [*((name, data) for name, (data, _) in BAD.items()), *GOOD.items()]:
        (folder / name).write_bytes(data)
    (tmp_path / "secret.md").write_text("# Secret\n\nNobody may read this.\n")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / "loop").symlink_to("loop")
    database = str(tmp_path / "base.db")
    result = CliRunner().invoke(frontline, ["kb", "sync", str(folder), "--db", database])
    assert result.exit_code == 0, result.output
    told = result.stderr.splitlines()
    for name, (_, what) in BAD.items():
        (line,) = [line for line in told if line.startswith(str(folder / name))]
        assert what in line, name
    assert f"added {len(GOOD) + 1}, " in result.stdout
    assert f"not read {len(BAD)}" in result.stdout


def test_nothing_that_runs_is_taken_from_a_page(tmp_path: Path) -> None:
    """Neither scripts nor what calls them."""
    for name in ("script.html", "tags.md"):
        (tmp_path / name).write_bytes(GOOD[name])
    for entry in read_source(tmp_path, collection="c"):
        assert entry.article is not None
        assert "steal" not in entry.article.body
        assert "onclick" not in entry.article.body
