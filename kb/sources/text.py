"""Reading a file's text whatever its encoding, and refusing what is not text, or not surely so."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import ArticleError
from kb.sources.plausible import is_english, is_other_words, is_plausible

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<meta\s[^<>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,30})"
    rb"|<\?xml\s[^<>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,30})",
    re.IGNORECASE,
)
_BEGINNING = 4_096
_SAMPLE = 200_000
"""Bytes that are looked at to tell the encoding."""

TELLING = 0.09
"""Likelihood from which on the letters tell the language, and so the encoding."""

ASCII = 127
FEWEST = 6
"""Letters beyond ASCII from which on it can."""

CLEARER = 1.15
"""By how much the likeliest reading has to be likelier than the next."""

OF_THE_SAME = 1.01
"""The same for two encodings of the same languages, which differ in a few letters."""

_SELDOM = re.compile(
    r"mac|cp[478]|hp-|ibm|kz|ptcp|cp1125|iso-?8859-?(?:3|4|10|13|14|16)", re.IGNORECASE
)
_USUAL = ("cp1252", "cp1250", "cp1254", "cp1257", "iso8859-15", "iso8859-2")
_ONCE = ("mac_roman", "cp850", "cp852", "cp437")
"""Macs and DOS: tables are still saved so here and there."""

_SAME = (
    {"windows-1250", "iso-8859-2"}, {"windows-1252", "iso-8859-1", "iso8859-15"},
    {"windows-1254", "iso-8859-9"}, {"windows-1253", "iso-8859-7"},
    {"windows-1257", "iso8859-13", "iso8859-4"},
)  # fmt: skip


@dataclass(frozen=True)
class _Reading:
    encoding: str
    likelihood: float
    text: str

    @property
    def is_rare(self) -> bool:
        """Whether new files are hardly ever in it."""
        return _SELDOM.match(self.encoding) is not None


def read_text(file: Path) -> str:
    """The file's text; see `decode`."""
    return decode(file, file.read_bytes())


def decode(file: Path, data: bytes) -> str:
    """Decode bytes read from `file`: as they say themselves, as UTF-8, or as is surely right.

    Raises:
        ArticleError: they are not text, or could be several texts.
    """
    return _decoded(file, data).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(file: Path, data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(file, data, encoding)
    if b"\x00" in data[:8192]:
        wide = _wide(data)
        if wide is None:
            raise ArticleError(file, None, "is a binary file, not text", "remove it or rename it")
        return wide
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data, 0, _BEGINNING)
    if declared is not None:
        said = _read_as(data, (declared[1] or declared[2]).decode("ascii"))
        if said is not None and is_plausible(said):
            return said
    return _guessed(file, data)


def _strictly(file: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(file, None, f"is not valid {encoding}", "save it as UTF-8") from error


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark, as some tables are exported: every second byte is zero."""
    for encoding, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if zeros.count(0) > 0.6 * len(zeros):
            text = _read_as(data, encoding)
            if text is not None and "\x00" not in text:
                return text
    return None


def _read_as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _guessed(file: Path, data: bytes) -> str:
    """The one text that the bytes are likely to be; refused where several are."""
    readings = _readings(data)
    few = sum(byte > ASCII for byte in data[:_SAMPLE]) < FEWEST
    if few or not readings or readings[0].likelihood < TELLING:
        agreed = _agreed(data)
        if agreed is not None:
            return agreed
        raise ArticleError(file, None, "does not tell its encoding", "save it as UTF-8")
    best = readings[0]
    for other in readings[1:]:
        if other.text == best.text or other.is_rare > best.is_rare:
            continue
        if best.likelihood < other.likelihood * _margin(best, other):
            what = f"may be {best.encoding} or {other.encoding}, which read differently"
            raise ArticleError(file, None, what, "save it as UTF-8")
    return best.text


def _agreed(data: bytes) -> str | None:
    """The text that all usual encodings agree on, and in which no rarer one reads other words.

    A few letters tell no language; most encodings of Europe agree on most of these.
    """
    usual = {text for name in _USUAL if (text := _read_as(data, name)) and is_plausible(text)}
    if len(usual) != 1:
        return None
    agreed = usual.pop()
    others = (text for name in _ONCE if (text := _read_as(data, name)) and is_plausible(text))
    if any(is_other_words(data, agreed, other) for other in others) and not is_english(agreed):
        return None
    return agreed


def _margin(best: _Reading, other: _Reading) -> float:
    both = {best.encoding.lower(), other.encoding.lower()}
    return OF_THE_SAME if any(both <= same for same in _SAME) else CLEARER


def _readings(data: bytes) -> list[_Reading]:
    """Each reading that could be words, the likeliest first."""
    import chardet  # noqa: PLC0415 (most files are UTF-8)

    found = []
    for each in chardet.detect_all(_sample(data)):
        encoding = each["encoding"]
        text = _read_as(data, encoding) if encoding else None
        if encoding and text is not None and is_plausible(text):
            found.append(_Reading(encoding, each["confidence"], text))
    return found


def _sample(data: bytes) -> bytes:
    """The lines that say something of the encoding."""
    telling = [line for line in data.split(b"\n") if not line.isascii()]
    return b"\n".join(telling)[:_SAMPLE]
