"""A fitted vectorizer, opened up: the same numbers without the checks that take longest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

WORDS_KEPT = 8_192
"""Words whose characters are remembered, about 1 KB each: most were in other messages before."""


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
    def of(cls, vectorizer: TfidfVectorizer, first: int, share: float = 1.0) -> View:
        """Open a vectorizer of words, or of characters within words."""
        weights = np.asarray(vectorizer.idf_, np.float32)
        columns = vectorizer.vocabulary_.get
        if vectorizer.analyzer == "word":
            cut = vectorizer.build_analyzer()
            return cls(lambda text: _counted(map(columns, cut(text))), weights, first, share)
        prepared = vectorizer.build_preprocessor()
        pieces = TfidfVectorizer(
            analyzer=vectorizer.analyzer, ngram_range=vectorizer.ngram_range, lowercase=False
        ).build_analyzer()
        # A word has the same characters wherever it stands.
        of_word = lru_cache(WORDS_KEPT)(
            lambda word: tuple(c for c in map(columns, pieces(word)) if c is not None)
        )
        return cls(
            lambda text: Counter(chain.from_iterable(map(of_word, prepared(text).split()))),
            weights,
            first,
            share,
        )

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
