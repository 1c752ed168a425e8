"""Spelling: words that nobody knows are read as the known word that they are a slip of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"(?<![\w.@/:'\u2019-])[A-Za-z]{3,18}(?![\w.@/'\u2019-]*\w)")
"""Plain words; codes, addresses, host names and paths are left as they are."""

SHORT, LONG = 4, 8
"""Of a short word only swapped letters are mended, of a long one two slips."""

REMEMBERED = 20_000

ENDINGS = ("s", "es", "d", "ed", "er", "ers", "ing", "ly", "nt", "able", "less")
BEGINNINGS = ("re", "un", "non", "pre", "mis")
"""A known word with one of these is a word too: "shes", "wasnt", "deleting", "reopening"."""


class Spelling:
    """Mends words against those that are known."""

    def __init__(self, words: Iterable[str], others: Iterable[str] = ()) -> None:
        """Take the words to mend towards, and others that are no slips either; in small letters."""
        plain = {word for word in words if word.isascii() and word.isalpha()}
        self._known = frozenset(plain) | frozenset(
            word
            for word in others
            if word.isalpha() and len(word) > 2  # noqa: PLR2004 - as below
        )
        self._targets = frozenset(plain)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(plain):
            if len(word) > 2:  # noqa: PLR2004 - a word of two letters is anybody's slip
                self._by_length.setdefault(len(word), []).append(word)
        self._mend = lru_cache(REMEMBERED)(self._nearest)

    def knows(self, word: str) -> bool:
        """Tell whether messages that were learned have the word as it stands."""
        return word.lower() in self._targets

    def mended(self, text: str) -> str:
        """Give a text with its slips mended, the rest untouched."""
        return WORD.sub(lambda found: self._word(found.group()), text) if self._targets else text

    def _word(self, word: str) -> str:
        lowered = word.lower()
        # A name is no slip: capitals stay as they were written.
        if lowered in self._known or word[1:] != lowered[1:]:
            return word
        return self._mend(lowered) or word

    def _is_derived(self, word: str) -> bool:
        """Whether a word is a known one with an ending or a beginning."""
        for ending in ENDINGS:
            stem = word.removesuffix(ending)
            if stem == word or len(stem) < 2:  # noqa: PLR2004 - "hes", "its"
                continue
            if stem in self._known or f"{stem}e" in self._known:
                return True
            if stem[-1] == stem[-2] and stem[:-1] in self._known:
                return True
        return any(
            word.startswith(each) and word.removeprefix(each) in self._known for each in BEGINNINGS
        )

    def _nearest(self, word: str) -> str | None:
        if self._is_derived(word):
            return None
        allowed = 2 if len(word) >= LONG else 1
        near = [
            each
            for length in range(len(word) - allowed, len(word) + allowed + 1)
            for each in self._by_length.get(length, ())
            if len(word) > SHORT or sorted(each) == sorted(word) or len(each) == len(word) + 1
        ]
        found = process.extract(
            word, near, scorer=OSA.distance, score_cutoff=allowed, limit=6, processor=None
        )
        if not found:
            return None
        closest = min(distance for _, distance, _ in found)
        best = [each for each, distance, _ in found if distance == closest]
        # Hardly anybody slips on the first letter, but for two that are swapped.
        best = [each for each in best if each[0] == word[0] or sorted(each) == sorted(word)]
        if not best:
            return None
        return best[0] if len(best) == 1 or sorted(best[0]) == sorted(word) else None
