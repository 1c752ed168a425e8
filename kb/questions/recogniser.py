"""Telling from many questions with known answers which article a new question means.

A softmax regression on a kernel that adds the cosine of the embeddings to those of the words and
of their pieces. It sees what nearest neighbours do not: which words tell two articles apart.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kb.questions.grams import GramIndex, index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.encoding.encoder import Vectors

MEANING = 3.0
"""How much the embeddings' cosine counts beside those of words and pieces, which count 1."""

SMOOTHNESS = 0.3
ROUNDS = 40
OPERATIONS = 1e12
"""Multiplications that a fit may take: half a minute on one core; above, fewer rounds."""

MOST_QUESTIONS = 4_000
"""More are thinned out evenly: the fit grows with their square."""

MOST_SUMMED = 4_096
SUMMED_NUMBERS = 2_000_000
"""So many buckets, and numbers, are summed up beforehand: 8 MB at most."""


@dataclass(frozen=True)
class Recogniser:
    """What was fitted; articles are numbered by the caller."""

    articles: NDArray[np.int64]
    """For each class, the article's key; -1 for the class of all articles without questions."""
    centre: Vectors
    meaning: NDArray[np.float32]
    """(dimension, classes): the embeddings' part, summed up."""
    duals: NDArray[np.float32]
    """(questions, classes)."""
    grams: GramIndex

    def probabilities(self, text: str, vector: Vectors) -> NDArray[np.float32]:
        """For each class, how probable it is that the question means it."""
        logits = (vector - self.centre) @ self.meaning
        places, summed = self._common
        for asked, values in self.grams.weighed(text):
            rows = places[asked]
            common = rows >= 0
            logits = logits + values[common] @ summed[rows[common]]
            questions, weights = self.grams.entries(asked[~common], values[~common])
            logits = logits + weights @ self.duals[questions]
        found: NDArray[np.float32] = _softmax(np.asarray(logits, np.float32)[None, :])[0]
        return found

    @cached_property
    def _common(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """What the buckets that most questions have say of each class, summed up beforehand.

        For each bucket its row there, -1 for none; and the rows.
        """
        sizes = np.diff(self.grams.starts)
        most = min(MOST_SUMMED, SUMMED_NUMBERS // max(self.duals.shape[1], 1))
        chosen = np.argsort(-sizes, kind="stable")[:most]
        places = np.full(len(sizes), -1, np.intp)
        places[chosen] = np.arange(len(chosen))
        summed = np.zeros((len(chosen), self.duals.shape[1]), np.float32)
        for row, bucket in enumerate(chosen.tolist()):
            own = slice(self.grams.starts[bucket], self.grams.starts[bucket + 1])
            summed[row] = self.grams.weights[own] @ self.duals[self.grams.rows[own]]
        return places, summed

    def to_bytes(self) -> bytes:
        """All arrays in one archive."""
        arrays = {
            "articles": self.articles,
            "centre": self.centre,
            "meaning": self.meaning,
            "duals": self.duals.astype(np.float16),
            **{f"grams_{f.name}": getattr(self.grams, f.name) for f in fields(GramIndex)},
        }
        stream = io.BytesIO()
        np.savez(stream, allow_pickle=False, **arrays)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Recogniser:
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            parts = {f.name: kept[f"grams_{f.name}"] for f in fields(GramIndex)}
            parts["count"] = int(parts["count"])
            return cls(
                kept["articles"],
                kept["centre"],
                kept["meaning"],
                kept["duals"].astype(np.float32),
                GramIndex(**parts),
            )


def fit(texts: Sequence[str], vectors: Vectors, articles: NDArray[np.int64]) -> Recogniser:
    """Fit to questions, their unit vectors and the key of the article that answers each."""
    kept = np.unique(np.linspace(0, len(texts) - 1, min(len(texts), MOST_QUESTIONS)).astype(int))
    vectors, articles = vectors[kept], articles[kept]
    found = index([texts[row] for row in kept.tolist()])
    classes, labels = np.unique(articles, return_inverse=True)
    centre = vectors.mean(axis=0)
    centred = vectors - centre
    kernel = MEANING * centred @ centred.T + _gram_kernel(found)
    duals = _duals(kernel.astype(np.float32), labels, len(classes))
    return Recogniser(classes, centre, MEANING * centred.T @ duals, duals, found)


def _gram_kernel(found: GramIndex) -> NDArray[np.float32]:
    from scipy.sparse import csc_matrix  # noqa: PLC0415

    shape = (found.count, len(found.buckets))
    table = csc_matrix((found.weights, found.rows, found.starts), shape=shape)
    return np.asarray((table @ table.T).toarray(), np.float32)


def _duals(
    kernel: NDArray[np.float32], labels: NDArray[np.intp], classes: int
) -> NDArray[np.float32]:
    """Newton's method under a fixed bound of the curvature (Böhning 1992), with momentum."""
    from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415

    count = len(labels)
    rounds = max(5, min(ROUNDS, int(OPERATIONS / (4 * count * count * classes + 1))))
    target = np.zeros((count, classes), np.float32)
    target[np.arange(count), labels] = 1
    factor = cho_factor(kernel + 2 * SMOOTHNESS * np.eye(count, dtype=np.float32))
    duals = ahead = np.zeros_like(target)
    logits = logits_ahead = np.zeros_like(target)
    pace = 1.0
    for _ in range(rounds):
        gradient = target - _softmax(logits_ahead) - SMOOTHNESS * ahead
        after = ahead + cho_solve(factor, 2 * gradient)
        logits_after = kernel @ after
        faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        momentum = np.float32((pace - 1) / faster)
        ahead = after + momentum * (after - duals)
        logits_ahead = logits_after + momentum * (logits_after - logits)
        duals, logits, pace = after, logits_after, faster
    return np.asarray(duals, np.float32)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
