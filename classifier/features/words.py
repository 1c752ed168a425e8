"""What a message is made of besides its meaning: words, characters and shape."""

from __future__ import annotations

import re
from functools import cached_property
from sys import intern
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from classifier.features.views import Learned, View, table, terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from classifier.features.views import Terms

WORD_PATTERN = r"(?u)\b\w[\w'\u2019-]*\b|[?!]+|:[a-z_]+:"
"""Words with their inner apostrophes and hyphens, runs of ? and !, and Slack emoji."""

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("question mark", re.compile(r"\?")),
    ("exclamation mark", re.compile(r"!")),
    ("digits", re.compile(r"\d+")),
    ("error code", re.compile(r"\b(?:0x[0-9a-fA-F]+|[A-Z]{2,}[-_]?\d{2,}|[45]\d\d)\b")),
    (
        "pasted log",
        # Of a run of blanks, only where it begins: `^\s+at ` looks from each of its lines.
        re.compile(
            r"```|Traceback|Exception|(?<!\s)(?:\A\s++|[^\S\n]*+\n\s++)at(?= )"
            r"|\b(?:ERROR|WARN|FATAL)\b"
        ),
    ),
    ("clock time", re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2}\s?[ap]m\b", re.IGNORECASE)),
    ("link", re.compile(r"https?://|<https?:")),
    ("mention", re.compile(r"<[@#!][^<>]+>|@\w+")),
    ("emoji", re.compile(r":[a-z_]+:|[\U0001F300-\U0001FAFF]")),
    ("capitals", re.compile(r"\b[A-Z]{3,}\b")),
    ("line break", re.compile(r"\n")),
)

SHAPE_NAMES = (*(name for name, _ in _SHAPES), "length in words", "very short")

_VERY_SHORT = 3


def shape_of(text: str) -> list[float]:
    """Measure the shape of one message; counts are damped, so that a log cannot dominate."""
    counts = [float(np.log1p(len(pattern.findall(text)))) for _, pattern in _SHAPES]
    words = len(text.split())
    return [*counts, float(np.log1p(words)) / 3, float(words <= _VERY_SHORT)]


class WordFeatures:
    """Words, pairs of words, characters within words, and shape, as one sparse matrix."""

    def __init__(
        self, *, min_count: int = 2, shape_weight: float = 0.1, max_features: int = 60_000
    ) -> None:
        """Set the rarest word kept, how much shape counts, and the largest vocabulary."""
        self.min_count = min_count
        self.shape_weight = shape_weight
        self.max_features = max_features

    def fit(self, texts: Sequence[str], labels: object = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Learn the vocabulary and the weight of each word."""
        self.words_ = self._vectorizer("word", (1, 2)).fit(texts)
        self.characters_ = self._vectorizer("char_wb", (2, 5)).fit(texts)
        return self

    def transform(self, texts: Sequence[str]) -> Any:
        """Turn texts into an (n, features) sparse matrix.

        The same numbers as the vectorizers' own `transform`, without the checks that take
        longer than the work when one message is asked for.
        """
        return table(texts, self._views, self._width, [self.shape_of(text) for text in texts])

    def terms(self, text: str) -> Terms:
        """Give the row of one text alone."""
        return terms(text, self._views, self._width, self.shape_of(text))

    def shape_of(self, text: str) -> NDArray[np.float32]:
        """Give the last columns of a text: its shape, as far as it counts."""
        return np.asarray(shape_of(text), np.float32) * np.float32(self.shape_weight)

    @cached_property
    def _views(self) -> tuple[View, View]:
        """Opened when they are first needed: a single message is read by a table that is shared."""
        first = len(self.words_.get_feature_names_out())
        return View.of(self.words_, 0), View.of(self.characters_, first)

    @property
    def _width(self) -> int:
        known = self.words_, self.characters_
        return sum(len(each.get_feature_names_out()) for each in known) + len(SHAPE_NAMES)

    def _vectorizer(self, analyzer: str, ngrams: tuple[int, int]) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only training needs it

        return TfidfVectorizer(
            analyzer=analyzer,
            ngram_range=ngrams,
            token_pattern=WORD_PATTERN if analyzer == "word" else None,
            min_df=self.min_count,
            max_features=self.max_features,
            sublinear_tf=True,
            dtype=np.float32,
        )

    def names(self) -> list[str]:
        """Name each column as a person would read it; characters have no name."""
        return [
            *self.words_.get_feature_names_out(),
            *([""] * len(self.characters_.get_feature_names_out())),
            *SHAPE_NAMES,
        ]

    def tables(self) -> dict[str, list[str]]:
        """Give the vocabularies, for storing."""
        return {
            "words": list(self.words_.get_feature_names_out()),
            "characters": list(self.characters_.get_feature_names_out()),
        }

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Give the learned weights of the vocabularies, for storing."""
        return {"words_idf": self.words_.idf_, "characters_idf": self.characters_.idf_}

    @classmethod
    def restore(
        cls,
        tables: Mapping[str, list[str]],
        arrays: Mapping[str, NDArray[np.float32]],
    ) -> WordFeatures:
        """Build the features again from what was stored."""
        features = cls()
        # What several vocabularies share is in memory once.
        words, characters = (list(map(intern, tables[name])) for name in ("words", "characters"))
        features.words_ = Learned("word", (1, 2), words, arrays["words_idf"], WORD_PATTERN)
        features.characters_ = Learned("char_wb", (2, 5), characters, arrays["characters_idf"])
        return features
