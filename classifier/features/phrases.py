"""Phrases and characters of short messages in any script, down to a lone sign or emoji."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from classifier.features.views import Learned, View, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

TOKEN = r"(?u)\w[\w'\u2019]*|[?!]+|[^\w\s]"  # noqa: S105 - a pattern of words, no secret
"""Words, runs of ? and !, and any other sign alone: an emoji is a word."""

VIEWS = {"phrases": ("word", (1, 3), 1.0), "signs": ("char_wb", (1, 5), 2.0**0.5)}
"""Each view: how it cuts, how long its pieces are, and how much it counts.

Characters count double: they carry typos, and every language but English.
"""


class PhraseFeatures:
    """Phrases and characters as one sparse matrix, accents set aside."""

    def __init__(self, *, min_count: int = 2) -> None:
        """Set how often a piece must occur to be known."""
        self.min_count = min_count

    def fit(self, texts: Sequence[str], labels: object = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Learn the pieces and their weights."""
        self.views_ = {name: self._vectorizer(name).fit(texts) for name in VIEWS}
        return self._ready()

    def transform(self, texts: Sequence[str]) -> Any:
        """Turn texts into an (n, features) sparse matrix."""
        return table(texts, self._opened, self._width)

    def _ready(self) -> Self:
        self._opened, self._width = [], 0
        for name, view in self.views_.items():
            self._opened.append(View.of(view, self._width, VIEWS[name][2]))
            self._width += len(view.vocabulary_)
        return self

    def _vectorizer(self, name: str) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only training needs it

        analyzer, lengths, _ = VIEWS[name]
        return TfidfVectorizer(
            analyzer=analyzer,
            ngram_range=lengths,
            token_pattern=TOKEN if analyzer == "word" else None,
            strip_accents="unicode",
            min_df=self.min_count,
            sublinear_tf=True,
            dtype=np.float32,
        )

    def tables(self) -> dict[str, list[str]]:
        """Give the pieces, for storing."""
        return {name: list(view.get_feature_names_out()) for name, view in self.views_.items()}

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Give their weights, for storing."""
        return {f"{name}_idf": view.idf_ for name, view in self.views_.items()}

    @classmethod
    def restore(
        cls, tables: Mapping[str, list[str]], arrays: Mapping[str, NDArray[np.float32]]
    ) -> PhraseFeatures:
        """Build the features again from what was stored."""
        features = cls()
        features.views_ = {
            name: Learned(
                analyzer,
                lengths,
                list(map(intern, tables[name])),
                np.asarray(arrays[f"{name}_idf"], np.float32),
                TOKEN,
                strip_accents="unicode",
            )
            for name, (analyzer, lengths, _) in VIEWS.items()
        }
        return features._ready()
