"""A fitted vectorizer, opened up: scikit-learn's numbers without its checks, and without it.

Serving imports no scikit-learn: it would take longer to load than everything else together.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

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


Counts = tuple["NDArray[np.int32]", "NDArray[np.float32]"]
"""Columns, and how often each occurs."""


@dataclass(frozen=True)
class Terms:
    """The row of one text, named as a sparse matrix names its parts; products go by it alone."""

    indices: NDArray[np.int32]
    data: NDArray[np.float32]

    @property
    def indptr(self) -> tuple[int, int]:
        """Where the row begins and ends."""
        return 0, len(self.indices)

    def __matmul__(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """The product with (features, labels) weights: (1, labels)."""
        return np.asarray(self.data @ weights[self.indices])[np.newaxis]


@dataclass(frozen=True)
class View:
    """How it cuts a text, its terms' columns and weights."""

    known: Callable[[str], Counts]
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

            def by_word(text: str) -> Counts:
                found = phrases_of(words(prepared(text, plain=plain)), lengths)
                return _counted(map(columns, found))

            return cls(by_word, weights, first, share)

        # A word has the same characters wherever it stands.
        @lru_cache(WORDS_KEPT)
        def of_word(word: str) -> NDArray[np.int32]:
            pieces = map(columns, pieces_of(word, lengths))
            return np.array([column for column in pieces if column is not None], np.int32)

        def by_character(text: str) -> Counts:
            found = [of_word(word) for word in prepared(text, plain=plain).split()]
            if not found:
                return np.zeros(0, np.int32), np.zeros(0, np.float32)
            known, counts = np.unique(np.concatenate(found), return_counts=True)
            return known, counts.astype(np.float32)

        return cls(by_character, weights, first, share)


def _counted(columns: Any) -> Counts:
    known: Counter[int] = Counter(columns)
    del known[None]
    return np.array(list(known), np.int32), np.array(list(known.values()), np.float32)


def terms(
    text: str, views: Sequence[View], width: int, last: NDArray[np.float32] | None = None
) -> Terms:
    """One text's row of a table: damped, weighted counts; of each view as long as its `share`.

    `last` are the values of its last columns.
    """
    found = [view.known(text) for view in views]
    # All views in one go: a message has few terms, and each step takes as long for one as for all.
    weighed = 1 + np.log(np.concatenate([counts for _, counts in found]))
    weighed *= np.concatenate([v.weights[own] for v, (own, _) in zip(views, found, strict=True)])
    start = 0
    for view, (own, _) in zip(views, found, strict=True):
        part = weighed[start : start + len(own)]
        part *= np.float32(view.share / (math.sqrt(float(part @ part)) or 1.0))
        start += len(own)
    columns = [own + view.first for view, (own, _) in zip(views, found, strict=True)]
    if last is None:
        return Terms(np.concatenate(columns), weighed)
    columns.append(np.arange(width - len(last), width, dtype=np.int32))
    return Terms(np.concatenate(columns), np.concatenate([weighed, last]))


def table(
    texts: Sequence[str],
    views: Sequence[View],
    width: int,
    last: Sequence[NDArray[np.float32]] = (),
) -> Any:
    """Texts as an (n, width) sparse matrix; `last` are the values of each one's last columns."""
    from scipy import sparse  # noqa: PLC0415 - whoever serves reads one text at a time

    rows = [
        terms(text, views, width, last[place] if last else None) for place, text in enumerate(texts)
    ]
    if not rows:
        return sparse.csr_matrix((0, width), dtype=np.float32)
    parts = (
        np.concatenate([row.data for row in rows]),
        np.concatenate([row.indices for row in rows]),
        np.cumsum([0, *(len(row.indices) for row in rows)], dtype=np.int32),
    )
    return sparse.csr_matrix(parts, shape=(len(texts), width))
