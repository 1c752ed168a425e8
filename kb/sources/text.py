"""Reading a file's text whatever its encoding, and refusing what is not text."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from kb.errors import ArticleError

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(file: Path) -> str:
    """The file's text; UTF-8, UTF-16 with a mark, or else Windows-1252 as a last resort."""
    return decode(file, file.read_bytes())


def decode(file: Path, data: bytes) -> str:
    """Decode bytes read from `file`; raise ArticleError if they are not text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(file, data, encoding)
    if b"\x00" in data[:8192]:
        raise ArticleError(file, None, "is a binary file, not text", "remove it or rename it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(file: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise ArticleError(file, None, f"is not valid {encoding}", "save it as UTF-8") from error
