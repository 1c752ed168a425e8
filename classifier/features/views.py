"""A fitted vectorizer, opened up: scikit-learn's numbers without its checks, and without it.

Serving imports no scikit-learn: it would take longer to load than everything else together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

WORDS_KEPT = 8_192
"""Words whose characters are remembered, about 1 KB each: most were in other messages before."""


@dataclass(frozen=True)
class Learned:
    """What a vectorizer learned, by the names that scikit-learn gives it."""

    analyzer: str
    ngram_range: tuple[int, int]
    terms: Sequence[str]
    idf_: NDArray[np.float32]
    token_pattern: str = ""
    strip_accents: str | None = None

    @cached_property
    def vocabulary_(self) -> dict[str, int]:
        """The column of each term."""
        return {term: column for column, term in enumerate(self.terms)}

    def get_feature_names_out(self) -> Sequence[str]:
        """The terms, in the order of their columns."""
        return self.terms


def prepared(text: str, *, plain: bool) -> str:
    """A text in small letters; where it is to be `plain`, with accents set aside."""
    text = text.lower()
    if not plain or text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if not unicodedata.combining(each))


def phrases_of(words: Sequence[str], lengths: tuple[int, int]) -> list[str]:
    """Every run of so many words."""
    shortest, longest = lengths
    return [
        " ".join(words[start : start + size])
        for size in range(shortest, min(longest, len(words)) + 1)
        for start in range(len(words) - size + 1)
    ]


def pieces_of(word: str, lengths: tuple[int, int]) -> list[str]:
    """Every run of so many characters of a word between blanks; a short word once, whole."""
    marked, found = f" {word} ", []
    for size in range(lengths[0], lengths[1] + 1):
        found += [marked[start : start + size] for start in range(max(1, len(marked) - size + 1))]
        if size >= len(marked):
            break
    return found


@dataclass(frozen=True)
class View:
    """How it cuts a text, its terms' columns and weights."""

    known: Callable[[str], Counter[int]]
    """How often each of a text's known terms occurs, by column."""
    weights: NDArray[np.float32]
    first: int
    """Its own first column among those of several views."""
    share: float = 1.0
    """How much the view counts."""

    @classmethod
    def of(cls, fitted: Any, first: int, share: float = 1.0) -> View:
        """Open a vectorizer of words, or of characters within words."""
        columns, lengths = fitted.vocabulary_.get, fitted.ngram_range
        weights = np.asarray(fitted.idf_, np.float32)
        plain = fitted.strip_accents is not None
        if fitted.analyzer == "word":
            words = re.compile(fitted.token_pattern).findall

            def by_word(text: str) -> Counter[int]:
                found = phrases_of(words(prepared(text, plain=plain)), lengths)
                return _counted(map(columns, found))

            return cls(by_word, weights, first, share)
        # A word has the same characters wherever it stands.
        of_word = lru_cache(WORDS_KEPT)(
            lambda word: tuple(c for c in map(columns, pieces_of(word, lengths)) if c is not None)
        )

        def by_character(text: str) -> Counter[int]:
            found = map(of_word, prepared(text, plain=plain).split())
            return Counter(chain.from_iterable(found))

        return cls(by_character, weights, first, share)

    def weigh(self, text: str) -> tuple[list[int], NDArray[np.float32]]:
        """Find the columns of a text's terms, and damped, weighted counts of length `share`."""
        known = self.known(text)
        found = list(known)
        counts = np.fromiter(known.values(), np.float32, len(found))
        weighed = (1 + np.log(counts)) * self.weights[found]
        length = float(np.linalg.norm(weighed))
        return [self.first + column for column in found], weighed * (self.share / (length or 1.0))


def _counted(columns: Any) -> Counter[int]:
    known: Counter[int] = Counter(columns)
    del known[None]
    return known


def table(
    texts: Sequence[str],
    views: Sequence[View],
    width: int,
    last: Sequence[NDArray[np.float32]] = (),
) -> Any:
    """Texts as an (n, width) sparse matrix; `last` are the values of each one's last columns."""
    columns: list[int] = []
    values: list[NDArray[np.float32]] = []
    ends = [0]
    for place, text in enumerate(texts):
        for view in views:
            found, weighed = view.weigh(text)
            columns += found
            values.append(weighed)
        if last:
            columns += range(width - len(last[place]), width)
            values.append(last[place])
        ends.append(len(columns))
    data = np.concatenate(values) if values else np.empty(0, np.float32)
    parts = (data.astype(np.float32), np.asarray(columns, np.int32), np.asarray(ends, np.int32))
    return sparse.csr_matrix(parts, shape=(len(texts), width))
