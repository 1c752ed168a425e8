"""How something looks by itself: its characters, how ordinary its letters are, known forms."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from bot.scrubbing.shapes import KNOWN, STOP, WORDS_WITH_MARKS, Shape, shape_of

FILE = Path(__file__).parent / "ordinary.txt"
LETTERS = re.compile(r"[^\W\d_]+")
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
    return words, frozenset(piece for word in words for piece in _threes(word))


def _threes(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[at : at + 3] for at in range(len(padded) - 2)]


@lru_cache(4096)
def looks(word: str) -> tuple[float, ...]:
    """Give the figures of `NAMES`."""
    word = word[:200]
    return (*_characters(word), *_words_in(word), *_forms(word), *_marks(word))


def _kind(character: str) -> int:
    """Tell large from small letters, digits, marks and letters of other scripts."""
    if character.isdigit():
        return 2
    if not character.isalpha():
        return 3
    if character > "\u024f":
        return 4
    return 0 if character.isupper() else 1


def _characters(word: str) -> tuple[float, ...]:
    kinds = [_kind(character) for character in word]
    size = len(word)
    counts = [kinds.count(kind) for kind in range(5)]
    changes = sum(1 for one, two in pairwise(kinds) if one != two)
    return (
        min(size, LONGEST),
        *(count / size for count in counts),
        sum(map(bool, counts)),
        min(changes, 20),
    )


def _words_in(word: str) -> tuple[float, ...]:
    words, threes = ordinary()
    lower = word.lower()
    pieces = [piece for piece in LETTERS.findall(lower) if len(piece) > 1]
    letters = sum(map(len, pieces))
    shares = [three in threes for piece in pieces for three in _threes(piece)]
    shape = shape_of(word) if len(word) <= 200 else Shape.STRONG  # noqa: PLR2004
    return (
        shape,
        KNOWN.fullmatch(word) is not None,
        WORDS_WITH_MARKS.fullmatch(word) is not None,
        lower in STOP,
        lower in words,
        sum(len(piece) for piece in pieces if piece in words) / letters if letters else 0.0,
        sum(shares) / len(shares) if shares else 0.0,
        max(map(len, pieces), default=0),
        max(map(len, re.findall(r"\d+", word)), default=0),
    )


def _forms(word: str) -> tuple[float, ...]:
    return tuple(
        float(form.fullmatch(word) is not None)
        for form in (HEX, IDENTIFIER, ADDRESS, HOST, DOTTED, UUID, MAC, PATH, NAME)
    )


def _marks(word: str) -> tuple[float, ...]:
    size = len(word)
    each = [word.count(character) / size for character in set(word)]
    letters = sum(map(str.isalpha, word))
    vowels = sum(character in "aeiouyäöüéèà" for character in word.lower())
    return (
        word.count(" "),
        len(each) / size,
        -sum(share * math.log2(share) for share in each),
        word[0].isupper(),
        any(character.isupper() for character in word[1:]),
        any(not character.isalnum() for character in word[1:-1]),
        not word[-1].isalnum(),
        word[-1].isdigit(),
        vowels / letters if letters else 0.0,
    )
