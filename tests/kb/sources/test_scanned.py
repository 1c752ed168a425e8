"""Scanned pages: refused in words, or read where text recognition is installed."""

from __future__ import annotations

import io
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from PIL import Image

from kb.articles import Article
from kb.sources.handbooks.documents import read_pdf

if TYPE_CHECKING:
    import pytest

    from tests.kb.sources.conftest import Source


def scan() -> bytes:
    """A page that is a picture."""
    stream = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(stream, "PDF")
    return stream.getvalue()


def test_a_scan_says_what_to_do(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can read it."""
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    source.put("scan.pdf", scan())
    (problem,) = source.read().problems
    assert "only pictures" in problem
    assert "frontline-desk[ocr]" in problem


def test_a_scan_is_read_by_text_recognition(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lines become the article, by the same rules as of other PDFs."""

    class Engine:
        def __call__(self, picture: bytes) -> tuple[list[Any], list[float]]:
            assert picture
            corners = [[0, 0], [1, 0], [1, 1], [0, 1]]
            lines = ["1 Lost badge", "Go to the front desk.", "The old one is blocked."]
            return [[corners, line, 0.9] for line in lines], [0.1]

    fake = ModuleType("rapidocr_onnxruntime")
    fake.RapidOCR = Engine  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", fake)
    file = source.put("scan.pdf", scan())
    (article,) = read_pdf(file, source.folder, "c")
    assert isinstance(article, Article)
    assert article.title == "1 Lost badge"
    assert "blocked" in article.body
