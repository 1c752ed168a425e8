"""One cut of a message for all who read its words: their vocabularies joined in one table.

Estimators that learned much the same messages know much the same words. A message is cut, looked
up and weighed for all of them at once, and what its words say is gathered from memory once.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from classifier.features.views import WORDS_KEPT, phrases_of, pieces_of, prepared
from classifier.features.words import SHAPE_NAMES, WORD_PATTERN, shape_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from classifier.features.words import WordFeatures

    Matrix = NDArray[np.float32]

_WORDS = re.compile(WORD_PATTERN).findall


@dataclass(frozen=True)
class Weighed:
    """A message's terms: their rows in the table, how much of each, for each estimator."""

    rows: NDArray[np.intp]
    """Words and phrases first, then pieces of words, then shapes."""
    values: Matrix
    """(terms, estimators)."""
    said: Matrix
    """(terms, all labels of all estimators) what each term says."""
    words: int
    """How many of the terms are words or phrases."""


class SharedWords:
    """The words of several estimators in one table."""

    def __init__(self, features: Sequence[WordFeatures], weights: Sequence[Matrix]) -> None:
        """Join vocabularies, and the (features, labels) weights of each."""
        self._shapes = np.array([each.shape_weight for each in features], np.float32)
        theirs = [[each.words_.get_feature_names_out() for each in features]]
        theirs.append([each.characters_.get_feature_names_out() for each in features])
        words, pieces = (dict.fromkeys(chain(*each)) for each in theirs)
        self.names = [*words, *([""] * len(pieces)), *SHAPE_NAMES]
        """What each row is called; pieces of words have no name."""
        self._first = len(words)
        self._words = {term: row for row, term in enumerate(words)}
        columns = {term: row for row, term in enumerate(pieces, start=len(words))}
        self._last = len(words) + len(pieces)
        self._idf = np.zeros((self._last, len(features)), np.float32)
        ends = np.cumsum([0, *(each.shape[1] for each in weights)]).tolist()
        self.labels = [slice(*each) for each in pairwise(ends)]
        """Which columns of what is said are each estimator's."""
        self._said = np.zeros((len(self.names), ends[-1]), np.float32)
        shapes = np.arange(self._last, len(self.names))
        for own, (each, said) in enumerate(zip(features, weights, strict=True)):
            known = [self._words[term] for term in theirs[0][own]]
            known += [columns[term] for term in theirs[1][own]]
            self._idf[known, own] = np.concatenate([each.words_.idf_, each.characters_.idf_])
            self._said[np.concatenate([known, shapes]), self.labels[own]] = said
        lengths = features[0].characters_.ngram_range
        self._lengths = features[0].words_.ngram_range

        # A word has the same pieces wherever it stands.
        @lru_cache(WORDS_KEPT)
        def of_word(word: str) -> NDArray[np.intp]:
            found = map(columns.get, pieces_of(word, lengths))
            return np.array([row for row in found if row is not None], np.intp)

        self._pieces = of_word

    def weigh(self, text: str) -> Weighed:
        """Cut a message, and weigh its terms for every estimator."""
        plain = prepared(text, plain=False)
        told = Counter(map(self._words.get, phrases_of(_WORDS(plain), self._lengths)))
        del told[None]
        words = len(told)
        pieces = [self._pieces(word) for word in plain.split()]
        found, times = np.unique(np.concatenate(pieces), return_counts=True) if pieces else ((), ())
        counts = np.array([*told.values(), *times], np.float32)
        rows = np.array([*told, *found, *range(self._last, len(self.names))], np.intp)
        values = (1 + np.log(counts))[:, np.newaxis] * self._idf[rows[: len(counts)]]
        for part in (slice(words), slice(words, None)):
            lengths = np.sqrt((values[part] ** 2).sum(axis=0))
            values[part] /= np.where(lengths > 0, lengths, 1)
        shapes = np.outer(np.array(shape_of(text), np.float32), self._shapes)
        return Weighed(rows, np.concatenate([values, shapes]), self._said[rows], words)

    def scores(self, weighed: Weighed, own: int) -> Matrix:
        """Give what the words of a message say to one of the estimators: (1, labels)."""
        return np.asarray(weighed.values[:, own] @ weighed.said[:, self.labels[own]])[np.newaxis]

    def named(self, weighed: Weighed, own: int) -> tuple[list[str], Matrix, Matrix]:
        """Give the terms that have names, how much there is of each, and what each says to one."""
        rows, shapes = weighed.rows, len(SHAPE_NAMES)
        named = np.r_[: weighed.words, len(rows) - shapes : len(rows)]
        names = [self.names[row] for row in rows[named].tolist()]
        return names, weighed.values[named, own], weighed.said[named, self.labels[own]]
