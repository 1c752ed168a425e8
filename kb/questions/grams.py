"""Texts as sparse vectors of words, pairs of words and pieces of words, by rarity."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

BUCKETS = 1 << 20
PIECES = (3, 4, 5)
"""Characters of a piece: a misspelt word still shares most of its pieces."""

WORDS_KEPT = 8_192
"""Words whose pieces are remembered, about 1 KB each: most of a message's were there before."""

LONGEST = 2_000
"""Characters of a text that are looked at."""

_WORD = re.compile(r"\w+")
_NONE = np.zeros(0, np.int32)

Counts = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Buckets, rising, and how often each occurs."""


def grams(text: str) -> tuple[Counts, Counts]:
    """How often each word or pair of words occurs, and each piece of a word, by hash."""
    words = _WORD.findall(text[:LONGEST].lower())
    whole = [_bucket(name) for name in [*words, *map(" ".join, pairwise(words))]]
    pieces = [_pieces(word) for word in words]
    return _counted(np.array(whole, np.int32)), _counted(np.concatenate([_NONE, *pieces]))


def _counted(buckets: NDArray[np.int32]) -> Counts:
    found, times = np.unique(buckets, return_counts=True)
    return found, times.astype(np.float32)


@lru_cache(maxsize=WORDS_KEPT)
def _pieces(word: str) -> NDArray[np.int32]:
    marked = f" {word} "
    found = (
        _bucket(marked[start : start + size] + "~")
        for size in PIECES
        for start in range(max(1, len(marked) - size + 1))
    )
    return np.fromiter(found, np.int32)


def _bucket(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "replace")) % BUCKETS


@dataclass(frozen=True)
class GramIndex:
    """Sparse rows, turned round: for each bucket, in which rows it occurs and how much it weighs.

    Words and pieces are two spaces of unit length each; a row's product with another is the sum
    of its two cosines.
    """

    buckets: NDArray[np.int32]
    """Rising."""
    rarity: NDArray[np.float32]
    starts: NDArray[np.int64]
    """For each bucket its first entry; one more at the end."""
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    count: int

    def products(self, text: str) -> NDArray[np.float32]:
        """The product of a text with every row."""
        total = np.zeros(self.count, np.float32)
        for places, values in self.weighed(text):
            rows, weights = self.entries(places, values)
            total += np.bincount(rows, weights, self.count).astype(np.float32)
        return total

    def entries(
        self, places: NDArray[np.intp], values: NDArray[np.float32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Of some buckets by place, weighed: the rows that have them, and how much they say."""
        begin = self.starts[places]
        lengths = self.starts[places + 1] - begin
        # The runs of all buckets in one go: each entry's place in its own run, moved to where
        # that run begins.
        shifts = np.repeat(begin - np.cumsum(lengths) + lengths, lengths)
        found = np.arange(len(shifts)) + shifts
        return self.rows[found], self.weights[found] * np.repeat(values, lengths)

    def weighed(self, text: str) -> list[tuple[NDArray[np.intp], NDArray[np.float32]]]:
        """A text's known words by place, and how much each weighs; then those of its pieces."""
        return [self._weighed(*counts) for counts in grams(text)]

    def _weighed(
        self, asked: NDArray[np.int32], times: NDArray[np.float32]
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        if not len(self.buckets):
            return np.zeros(0, np.intp), np.zeros(0, np.float32)
        places = np.minimum(np.searchsorted(self.buckets, asked), len(self.buckets) - 1)
        known = self.buckets[places] == asked
        places, times = places[known], times[known]
        values = (1 + np.log(times)) * self.rarity[places]
        return places, values / np.float32(max(float(np.linalg.norm(values)), 1e-9))


def index(texts: Sequence[str]) -> GramIndex:
    """Index texts by their grams."""
    return _index([grams(text) for text in texts])


def _index(counted: Sequence[tuple[Counts, Counts]]) -> GramIndex:
    rows = len(counted)
    found = [_NONE, *(buckets for both in counted for buckets, _ in both)]
    buckets, often = np.unique(np.concatenate(found), return_counts=True)
    rarity = np.log((1 + rows) / (1 + often)) + 1
    columns, owners, weights = [], [], []
    for row, both in enumerate(counted):
        for asked, times in both:
            own = np.searchsorted(buckets, asked)
            values = (1 + np.log(times)) * rarity[own]
            columns.append(own)
            weights.append(values / max(float(np.linalg.norm(values)), 1e-9))
            owners.append(np.full(len(own), row, np.int32))
    column = np.concatenate([np.zeros(0, np.int64), *columns])
    order = np.argsort(column, kind="stable")
    starts = np.searchsorted(column[order], np.arange(len(buckets) + 1))
    return GramIndex(
        buckets,
        rarity.astype(np.float32),
        starts.astype(np.int64),
        np.concatenate([np.zeros(0, np.int32), *owners])[order],
        np.concatenate([np.zeros(0, np.float32), *weights])[order].astype(np.float32),
        rows,
    )
