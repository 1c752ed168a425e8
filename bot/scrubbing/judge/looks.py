"""How something looks by itself: its characters, how ordinary its letters are, known forms."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.scrubbing.shapes import KNOWN, STOP, WORDS_WITH_MARKS, Shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FILE = Path(__file__).parent / "ordinary.txt"
DIGITS = re.compile(r"\d+")
HEX = re.compile(r"[0-9a-fA-F]+")
IDENTIFIER = re.compile(r"[A-Z]{1,6}[-_]?\d{2,12}|[A-Z]{2,6}(?:-[A-Z0-9]{1,6}){1,4}")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,8}(?::\d+)?", re.IGNORECASE)
DOTTED = re.compile(r"\d+(?:\.\d+)+\w*")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
MAC = re.compile(r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}", re.IGNORECASE)
PATH = re.compile(r"(?:[A-Za-z]:|~|\.{1,2})?[\\/].*|[\w-]+(?:[\\/][\w.-]+)+")
NAME = re.compile(r"[a-z]{1,20}[._-][a-z]{1,20}", re.IGNORECASE)
LONGEST = 60
NAMES = (
    "length", "upper", "lower", "digit", "mark", "other", "kinds", "changes", "shape", "known",
    "wordlike", "stop", "ordinary", "ordinary_share", "seen_share", "letters_run", "digits_run",
    "hex", "identifier", "address", "host", "dotted", "uuid", "mac", "path", "name", "spaces",
    "distinct", "entropy", "capital", "inner_capital", "inner_mark", "mark_end", "digit_end",
    "vowels",
)  # fmt: skip


@lru_cache(1)
def ordinary() -> tuple[frozenset[str], frozenset[str]]:
    """Give the words that people write about their work, and all threes of letters in them."""
    words = frozenset(FILE.read_text(encoding="utf-8").split())
    return words, frozenset(piece for word in words for piece in threes(word))


def threes(word: str) -> list[str]:
    """Give the letters of a word in threes, its ends included."""
    padded = f"^{word}$"
    return [padded[at : at + 3] for at in range(len(padded) - 2)]


def _length(word: str) -> tuple[float, ...]:
    return (min(len(word), LONGEST),)


def _shape(word: str) -> tuple[float, ...]:
    return (shape_of(word) if len(word) <= 200 else Shape.STRONG,)  # noqa: PLR2004


def _as_known(word: str) -> tuple[float, ...]:
    lower = word.lower()
    return (
        KNOWN.fullmatch(word) is not None,
        WORDS_WITH_MARKS.fullmatch(word) is not None,
        lower in STOP,
        lower in ordinary()[0],
    )


def _digits(word: str) -> tuple[float, ...]:
    return (max(map(len, DIGITS.findall(word)), default=0),)


def _forms(word: str) -> tuple[float, ...]:
    return tuple(
        float(form.fullmatch(word) is not None)
        for form in (HEX, IDENTIFIER, ADDRESS, HOST, DOTTED, UUID, MAC, PATH, NAME)
    )


def _spread(word: str) -> tuple[float, ...]:
    size = len(word)
    each = [word.count(character) / size for character in set(word)]
    return len(each) / size, -sum(share * math.log2(share) for share in sorted(each))


def _marks(word: str) -> tuple[float, ...]:
    letters = sum(map(str.isalpha, word))
    vowels = sum(character in "aeiouyäöüéèà" for character in word.lower())
    return (
        word[0].isupper(),
        any(character.isupper() for character in word[1:]),
        any(not character.isalnum() for character in word[1:-1]),
        not word[-1].isalnum(),
        word[-1].isdigit(),
        vowels / letters if letters else 0.0,
    )


GROUPS: tuple[tuple[str, Callable[[str], Sequence[float]]], ...] = (
    ("length", _length),
    ("shape", _shape),
    ("known wordlike stop ordinary", _as_known),
    ("digits_run", _digits),
    ("hex identifier address host dotted uuid mac path name", _forms),
    ("distinct entropy", _spread),
    ("capital inner_capital inner_mark mark_end digit_end vowels", _marks),
)
"""Which of `NAMES` are reckoned together, and how; the rest is told part by part (`parts`)."""
