"""Texts as sparse vectors of words, pairs of words and pieces of words, by rarity."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BUCKETS = 1 << 20
PIECES = (3, 4, 5)
"""Characters of a piece: a misspelt word still shares most of its pieces."""

WORDS_KEPT = 8_192
"""Words whose pieces are remembered, about 1 KB each: most of a message's were there before."""

LONGEST = 2_000
"""Characters of a text that are looked at."""

_WORD = re.compile(r"\w+")


def grams(text: str) -> tuple[Counter[int], Counter[int]]:
    """How often each word or pair of words occurs, and each piece of a word, by hash."""
    words = _WORD.findall(text[:LONGEST].lower())
    whole = Counter(_bucket(name) for name in [*words, *map(" ".join, pairwise(words))])
    return whole, Counter(chain.from_iterable(map(_pieces, words)))


@lru_cache(maxsize=WORDS_KEPT)
def _pieces(word: str) -> tuple[int, ...]:
    marked = f" {word} "
    return tuple(
        _bucket(marked[start : start + size] + "~")
        for size in PIECES
        for start in range(max(1, len(marked) - size + 1))
    )


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
        for counts in grams(text):
            places, values = self._weighed(counts)
            if not len(places):
                continue
            begin, end = self.starts[places], self.starts[places + 1]
            lengths = end - begin
            # The runs begin..end of all buckets in one go: each entry's place in its own run,
            # moved to where that run begins.
            shifts = np.repeat(begin - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
            entries = np.arange(len(shifts)) + shifts
            weights = self.weights[entries] * np.repeat(values, lengths)
            total += np.bincount(self.rows[entries], weights, self.count).astype(np.float32)
        return total

    def _weighed(self, counts: Counter[int]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        asked = np.fromiter(counts.keys(), np.int32, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        places = np.searchsorted(self.buckets, asked)
        places = np.minimum(places, max(len(self.buckets) - 1, 0))
        known = self.buckets[places] == asked if len(self.buckets) else np.zeros(0, np.bool_)
        places, times = places[known], times[known]
        values = (1 + np.log(times)) * self.rarity[places]
        return places, values / max(float(np.linalg.norm(values)), 1e-9)


def index(texts: Sequence[str]) -> GramIndex:
    """Index texts by their grams."""
    return _index([grams(text) for text in texts])


def _index(counted: Sequence[tuple[Counter[int], Counter[int]]]) -> GramIndex:
    rows = len(counted)
    often: Counter[int] = Counter()
    for both in counted:
        for counts in both:
            often.update(counts.keys())
    buckets = np.array(sorted(often), np.int32)
    places = {bucket: place for place, bucket in enumerate(buckets.tolist())}
    rarity = np.log((1 + rows) / (1 + np.array([often[b] for b in buckets.tolist()]))) + 1
    columns, owners, weights = [], [], []
    for row, both in enumerate(counted):
        for counts in both:
            own = np.fromiter((places[bucket] for bucket in counts), np.int64, len(counts))
            times = np.fromiter(counts.values(), np.float32, len(counts))
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
