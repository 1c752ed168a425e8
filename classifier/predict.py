"""Prediction: a trained classifier, loaded once and asked often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier import artifact
from classifier.abstain import neighbours
from classifier.errors import ModelError
from classifier.estimator import Fold, Inputs, Linear, MessageClassifier
from classifier.features import WordFeatures
from classifier.reasons import weightiest_words

if TYPE_CHECKING:
    from kb.encoder import Encoder

NEAREST = 3
SHOWN_CHARACTERS = 120


@dataclass(frozen=True)
class Prediction:
    """What the classifier thinks of a message, how sure it is, and why."""

    label: str
    probabilities: Mapping[str, float]
    abstain: bool
    words: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Memory:
    """Labelled messages kept to compare with."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    vectors: NDArray[np.float32] = field(repr=False)


class Classifier:
    """A trained classifier with its encoder."""

    def __init__(
        self,
        estimator: MessageClassifier,
        memory: Memory,
        manifest: Mapping[str, Any],
        encoder: Encoder,
    ) -> None:
        """Join what was learned with the encoder that it was learned from."""
        self._estimator = estimator
        self._memory = memory
        self._encoder = encoder
        self.manifest = manifest
        self.version: str = manifest["version"]
        self.thresholds: Mapping[str, float] = manifest["thresholds"]
        self.labels: tuple[str, ...] = tuple(manifest["labels"])
        self.abstain_label: str | None = manifest["abstain_label"]
        self._names = estimator.fold_.features.names()

    @classmethod
    def load(cls, directory: Path, encoder: Encoder) -> Classifier:
        """Load a model directory; ClassifierError says in one line what is wrong with it."""
        stored = artifact.load(directory)
        trained_with = stored.manifest.get("encoder")
        if trained_with != encoder.name:
            raise ModelError(
                f"{directory}: trained with the embedding model {trained_with}, but "
                f"{encoder.name} is configured; train the model again"
            )
        try:
            memory = Memory(
                tuple(stored.tables["memory_texts"]),
                tuple(stored.tables["memory_labels"]),
                stored.arrays["memory_vectors"].astype(np.float32),
            )
            return cls(restore(stored), memory, stored.manifest, encoder)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{directory}: incomplete ({error}); train the model again") from error

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Predict each text, in order."""
        if not texts:
            return []
        return self.predict_vectors(texts, self._encoder.encode(texts))

    def predict_vectors(
        self, texts: Sequence[str], vectors: NDArray[np.float32]
    ) -> list[Prediction]:
        """Predict texts whose sentence vectors are known already."""
        inputs = Inputs(texts, vectors)
        proba = self._estimator.predict_proba(inputs)
        near = neighbours(self._memory.vectors, vectors, NEAREST)
        matrix = self._estimator.fold_.features.transform(texts)
        return [
            self._prediction(proba[row], matrix[row], near.rows[row], near.similarity[row])
            for row in range(len(texts))
        ]

    def _prediction(
        self,
        proba: NDArray[np.float64],
        words: Any,
        near: NDArray[np.intp],
        similarity: NDArray[np.float64],
    ) -> Prediction:
        best = int(proba.argmax())
        abstain = self._abstains(proba, float(similarity[0]))
        label = self.labels[best]
        if self.abstain_label is not None and (abstain or label == self.abstain_label):
            label, abstain = self.abstain_label, True
        return Prediction(
            label=label,
            probabilities={
                name: float(p) for name, p in zip(self.labels, proba, strict=True)
            },
            abstain=abstain,
            words=weightiest_words(words, self._estimator.fold_.words, self._names, best),
            nearest=tuple(self._shown(row) for row in near),
        )

    def _abstains(self, proba: NDArray[np.float64], similarity: float) -> bool:
        if self.abstain_label is not None:
            chance = proba[self.labels.index(self.abstain_label)]
            return bool(chance >= self.thresholds["abstain_at"])
        return similarity < self.thresholds["nearest_at_least"]

    def _shown(self, row: int) -> str:
        text = " ".join(self._memory.texts[row].split())
        if len(text) > SHOWN_CHARACTERS:
            text = text[: SHOWN_CHARACTERS - 1].rstrip() + "…"
        return f"{text} ({self._memory.labels[row]})"


def pack(estimator: MessageClassifier) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Take a fitted estimator apart into plain arrays and tables."""
    fold = estimator.fold_
    arrays = {
        "shares": estimator.shares_,
        "meaning_weights": fold.meaning.weights,
        "meaning_start": fold.meaning.start,
        "words_weights": fold.words.weights.astype(np.float16),
        "words_start": fold.words.start,
        **fold.features.arrays(),
    }
    tables = {"labels": estimator.classes_.tolist(), **fold.features.tables()}
    return arrays, tables


def restore(stored: artifact.Stored) -> MessageClassifier:
    """Build an estimator again from a model directory's arrays and tables."""
    arrays, tables = stored.arrays, stored.tables
    estimator = MessageClassifier()
    estimator.classes_ = np.asarray(tables["labels"])
    estimator.shares_ = arrays["shares"]
    estimator.fold_ = Fold(
        WordFeatures.restore(tables, arrays, shape_weight=WordFeatures().shape_weight),
        Linear(arrays["meaning_weights"], arrays["meaning_start"]),
        Linear(arrays["words_weights"].astype(np.float32), arrays["words_start"]),
    )
    if estimator.fold_.meaning.weights.shape[0] != len(estimator.classes_):
        raise ValueError("labels and weights do not match")
    return estimator
