"""Whether a text reads as somebody wrote it, or as one that was decoded wrongly."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALPHABETS = {"CYRILLIC", "GREEK", "ARABIC", "HEBREW", "THAI", "ARMENIAN", "GEORGIAN"}
_NO_TEXT = {"Cc", "Co", "Cn"}

_WITHIN_WORDS = "\u2019\u02bc\u00b7\u2010\u2011\u2013\u2014\u00a0\u202f"
"""Signs that may stand between two letters: apostrophes, hyphens, dashes, spaces."""

_ASIA = "\u2e80"
"""From here on signs stand between letters as they like."""

_NEVER_AFTER_A_LETTER = "\u201e\u201a\u2039\u00bf\u00a1\u2030\u0192"
"""Quotes that open, and signs that belong before words or after numbers."""

_SIGNS_OF_WINDOWS = range(0x80, 0xA0)
_QUOTED = re.compile(r"(?:^|[\s(])\u201c[^\u201c\u201d]+\u201d(?=$|[\s.,;:!?)])", re.MULTILINE)
"""What nobody writes by chance: a word or two between quotes."""

_LETTER = r"[^\W\d_]"
_ENGLISH = frozenset(
    re.findall(
        r"\w+", "the and of to for with you your this that not from have has can it are we my if"
    )
)
"""Common words that are hardly words of another language."""

_MOSTLY, _AT_LEAST = 0.2, 3
"""So many of a text's words are these, if it is English."""


def is_plausible(text: str) -> bool:
    """Whether no control character, nor a sign or another script in a word, shows a wrong one."""
    kinds = {char: unicodedata.category(char) for char in set(text) if not char.isascii()}
    if any(kind in _NO_TEXT for kind in kinds.values()):
        return False
    letters = {char: _script(char) for char, kind in kinds.items() if kind[0] == "L"}
    foreign = "".join(char for char, script in letters.items() if script in _ALPHABETS)
    if foreign and re.search(rf"[a-zA-Z][{foreign}]|[{foreign}][a-zA-Z]", text):
        return False
    if _has_case_inside(text, kinds):
        return False
    signs = [c for c, kind in kinds.items() if c < _ASIA and (kind[0] in "SNPC" or kind == "Lm")]
    return not _misplaced(text, signs, kinds)


def is_other_words(data: bytes, text: str, other: str) -> bool:
    """Whether a second reading makes words of what are signs, or rare letters, in the first.

    Both have a character for each byte. A capital alone is no word, a small letter may be one.
    """
    if _QUOTED.search(text):
        return False
    for at, (byte, one, two) in enumerate(zip(data, text, other, strict=True)):
        if one == two or not two.isalpha() or (one.isalpha() and byte not in _SIGNS_OF_WINDOWS):
            continue
        around = other[max(at - 1, 0) : at] + other[at + 1 : at + 2]
        if two.islower() or any(char.isalpha() for char in around):
            return True
    return False


def is_english(text: str) -> bool:
    """Whether so many words are English that no other language's letters are to be expected."""
    words = re.findall(r"[a-z']+", text.lower())
    known = sum(word in _ENGLISH for word in words)
    return known >= _AT_LEAST and known >= _MOSTLY * len(words)


def _misplaced(text: str, signs: list[str], kinds: dict[str, str]) -> bool:
    """Whether a sign stands where none does: within a word, or at the wrong side of one."""
    inside = _set(char for char in signs if char not in _WITHIN_WORDS)
    after = _set(
        char
        for char in signs
        if char in _NEVER_AFTER_A_LETTER
        or kinds[char] in {"Sk", "Lm"}
        or (kinds[char] == "Sc" and char != "\u20ac")
        or "\u2500" <= char <= "\u259f"
    )
    patterns = []
    if inside:
        patterns.append(rf"{_LETTER}[{inside}]{_LETTER}")
    if after:
        patterns.append(rf"{_LETTER}[{after}]")
    return any(re.search(pattern, text) for pattern in patterns)


def _has_case_inside(text: str, kinds: dict[str, str]) -> bool:
    """Whether a capital that is no ASCII letter follows a small one within a word."""
    capitals = "".join(char for char, kind in kinds.items() if kind == "Lu")
    small = "a-z" + "".join(char for char, kind in kinds.items() if kind == "Ll")
    return bool(capitals) and re.search(rf"[{small}][{capitals}](?![A-Z])", text) is not None


def _set(chars: Iterable[str]) -> str:
    return "".join(re.escape(char) for char in chars)


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]
