"""Phrases, characters and sayings of short messages in any script, down to a lone emoji."""

from __future__ import annotations

from dataclasses import dataclass, replace
from sys import intern
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from classifier.features.concepts import sayings_of
from classifier.features.views import Learned, Terms, View, table, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

TOKEN = r"(?u)\w[\w'\u2019]*|[?!]+|[^\w\s]"  # noqa: S105 - a pattern of words, no secret
"""Words, runs of ? and !, and any other sign alone: an emoji is a word."""


@dataclass(frozen=True)
class Cut:
    """How a view cuts a text: into what, runs of how many, and how much it counts."""

    analyzer: str
    lengths: tuple[int, int]
    share: float
    read: Callable[[str], str] = str
    """What is cut: the text, or what stands for it."""
    pattern: str = TOKEN


VIEWS = {
    "phrases": Cut("word", (1, 3), 1.0),
    "signs": Cut("char_wb", (1, 5), 2.0**0.5),
    "sayings": Cut("word", (1, 2), 0.7**0.5, sayings_of, r"\S+"),
}
"""Characters count double: they carry typos, and every language but English. Sayings carry what is
said from one language to the next."""


class PhraseFeatures:
    """Phrases, characters and sayings as one sparse matrix, accents set aside."""

    def __init__(self, *, min_count: int = 2) -> None:
        """Set how often a piece must occur to be known."""
        self.min_count = min_count

    def fit(self, texts: Sequence[str], labels: object = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Learn the pieces and their weights."""
        self.views_ = {
            name: self._vectorizer(cut).fit([cut.read(text) for text in texts])
            for name, cut in VIEWS.items()
        }
        return self._ready()

    def transform(self, texts: Sequence[str]) -> Any:
        """Turn texts into an (n, features) sparse matrix."""
        return table(texts, self._opened, self._width)

    def terms(self, text: str) -> Terms:
        """Give the row of one text."""
        return terms(text, self._opened, self._width)

    def _ready(self) -> Self:
        self._opened, self._width = [], 0
        for name, view in self.views_.items():
            cut = VIEWS[name]
            opened = View.of(view, self._width, cut.share)
            self._opened.append(_of_what_it_reads(opened, cut))
            self._width += len(view.vocabulary_)
        return self

    def _vectorizer(self, cut: Cut) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only training needs it

        return TfidfVectorizer(
            analyzer=cut.analyzer,
            ngram_range=cut.lengths,
            token_pattern=cut.pattern if cut.analyzer == "word" else None,
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
        """Build the features again from what was stored; older models have fewer views."""
        features = cls()
        features.views_ = {
            name: Learned(
                cut.analyzer,
                cut.lengths,
                list(map(intern, tables[name])),
                np.asarray(arrays[f"{name}_idf"], np.float32),
                cut.pattern,
                strip_accents="unicode",
            )
            for name, cut in VIEWS.items()
            if name in tables
        }
        return features._ready()


def _of_what_it_reads(view: View, cut: Cut) -> View:
    if cut.read is str:
        return view
    return replace(view, known=lambda text: view.known(cut.read(text)))
