"""Scanned pages: their words by text recognition, where the extra `ocr` is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 200


def recognised(reader: PdfReader) -> list[str]:
    """Give the words of each page's pictures; nothing where the extra is not installed."""
    from kb.encoding.onnx.session import runtime  # noqa: PLC0415 - loads what is seldom needed

    runtime()
    try:
        from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-not-found]  # noqa: PLC0415
    except ImportError:
        return []
    engine = RapidOCR()
    return [
        "\n".join(_lines(engine, picture.data) for picture in page.images)
        for page in reader.pages[:MOST_PAGES]
    ]


def _lines(engine: Any, picture: bytes) -> str:
    """The lines of a picture, each as (corners, words, likelihood) or None where there are none."""
    found, _ = engine(picture)
    return "\n".join(str(words) for _, words, _ in found or ())
