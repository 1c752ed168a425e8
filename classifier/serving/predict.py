"""Prediction: a trained classifier, loaded once and asked often."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.data.labels import USUAL
from classifier.errors import ModelError
from classifier.estimators.priority import features, how_of
from classifier.features.embedding import encoded
from classifier.registry import artifact
from classifier.registry.followups import unpack_followups
from classifier.registry.packing import Beside, unpack, unpack_beside
from classifier.serving.followups import UNREAD, FollowUpReader
from classifier.serving.weightiest import weightiest_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from classifier.data.followups import FollowUp
    from classifier.estimators.abstain import OutsideModel
    from classifier.estimators.tier import MessageClassifier
    from classifier.features.embedding import Inputs
    from classifier.serving.followups import Reading
    from kb.encoding.encoder import Encoder

NEAREST = 3
SHOWN_CHARACTERS = 120

_CHUNK = 512


@dataclass(frozen=True)
class Prediction:
    """What the classifier thinks of a message, how sure it is, and why."""

    label: str
    probabilities: Mapping[str, float]
    abstain: bool
    words: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    matters: Mapping[str, float] = field(default_factory=dict)
    """The chance of each matter that does not go the usual way; empty where none is known."""
    impacts: Mapping[str, float] = field(default_factory=dict)
    urgencies: Mapping[str, float] = field(default_factory=dict)
    priorities: Mapping[str, float] = field(default_factory=dict)
    """The chance of each impact, urgency and priority; empty where none was learned."""


@dataclass(frozen=True)
class Memory:
    """The labelled messages that were learned, to show the nearest."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]


class Classifier:
    """A trained classifier with its encoder."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that a model directory holds
        self,
        estimator: MessageClassifier,
        outside: OutsideModel | None,
        memory: Memory,
        manifest: Mapping[str, Any],
        encoder: Encoder,
        beside: Beside | None = None,
        followups: FollowUpReader | None = None,
    ) -> None:
        """Join what was learned with the encoder that it was learned from."""
        self._beside = beside or Beside()
        self._followups = followups
        self._estimator = estimator
        self._outside = outside
        self._memory = memory
        self._encoder = encoder
        self._names = estimator.features_.names()
        self.manifest = manifest
        self.version: str = manifest["version"]
        self.thresholds: Mapping[str, float] = manifest["thresholds"]
        self.labels: tuple[str, ...] = tuple(manifest["labels"])
        self.abstain_label: str | None = manifest["abstain_label"]

    @classmethod
    def load(cls, directory: Path, encoder: Encoder) -> Classifier:
        """Load a model directory; ClassifierError says in one line what is wrong with it."""
        stored = artifact.load(directory)
        trained_with = str(stored.manifest.get("encoder"))
        if _weights_of(trained_with) != _weights_of(encoder.name):
            raise ModelError(
                f"{directory}: trained with the embedding model {trained_with}, but "
                f"{encoder.name} is configured; the classifier must be trained again: "
                "run `frontline classifier train`"
            )
        try:
            estimator, outside = unpack(stored)
            memory = Memory(
                tuple(stored.tables["memory_texts"]), tuple(stored.tables["memory_labels"])
            )
            beside = unpack_beside(stored)
            reads = unpack_followups(stored)
            followups = FollowUpReader(reads, encoder) if reads is not None else None
            return cls(estimator, outside, memory, stored.manifest, encoder, beside, followups)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ModelError(f"{directory}: incomplete ({error}); train the model again") from error

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Predict each text, in order."""
        found: list[Prediction] = []
        for start in range(0, len(texts), _CHUNK):
            found += self.predict_inputs(encoded(texts[start : start + _CHUNK], self._encoder))
        return found

    @property
    def vocabulary(self) -> frozenset[str]:
        """The words that were learned."""
        return frozenset(name for name in self._names if name.isalpha())

    def read(self, followup: FollowUp) -> Reading:
        """Say what a message means in its thread; nothing where the model learned none."""
        return self._followups.read(followup) if self._followups else UNREAD

    def predict_inputs(self, inputs: Inputs) -> list[Prediction]:
        """Predict messages that are encoded already."""
        estimator = self._estimator
        words = estimator.features_.transform(inputs.texts)
        cosines = inputs.vectors @ estimator.known_.T
        scores = estimator.scores_from(inputs, words, cosines)
        if self._outside is None:
            proba = estimator.calibration_.probabilities(scores)
            abstains = cosines.max(axis=1) < self.thresholds["nearest_at_least"]
        else:
            proba = self._outside.probabilities(scores, cosines.max(axis=1))
            abstains = proba[:, self._outside.column] >= self.thresholds["abstain_at"]
        found = []
        for row, chances in enumerate(proba):
            terms = slice(words.indptr[row], words.indptr[row + 1])
            reasons = weightiest_words(
                words.indices[terms],
                words.data[terms],
                estimator.word_weights_,
                self._names,
                int(chances.argmax()),
            )
            prediction = self._prediction(chances, reasons, cosines[row])
            found.append(replace(prediction, abstain=True) if abstains[row] else prediction)
        return self._with_beside(found, inputs, proba)

    def _with_beside(
        self, found: list[Prediction], inputs: Inputs, tiers: NDArray[np.float64]
    ) -> list[Prediction]:
        """Add what the estimators beside the tiers say, as far as they were trained."""
        matters, priority = self._beside.matters, self._beside.priority
        if matters is None or not found:
            return found
        chances = matters.predict_proba(inputs)
        names = matters.classes_.tolist()
        found = [
            replace(
                each,
                matters={
                    name: chance
                    for name, chance in zip(names, row.tolist(), strict=True)
                    if name != USUAL
                },
            )
            for each, row in zip(found, chances, strict=True)
        ]
        if priority is None:
            return found
        said = priority.chances(features(how_of(self._estimator, inputs), tiers, chances))
        return [
            replace(
                each,
                impacts=row["impact"],
                urgencies=row["urgency"],
                priorities=row["priority"],
            )
            for each, row in zip(found, said, strict=True)
        ]

    def _prediction(
        self,
        chances: NDArray[np.float64],
        words: tuple[str, ...],
        cosines: NDArray[np.float32],
    ) -> Prediction:
        label = self.labels[int(chances.argmax())]
        near = np.argpartition(-cosines, min(NEAREST, len(cosines) - 1))[:NEAREST]
        return Prediction(
            label=label,
            probabilities=dict(zip(self.labels, chances.tolist(), strict=True)),
            abstain=label == self.abstain_label,
            words=words,
            nearest=tuple(self._shown(row) for row in near[np.argsort(-cosines[near])]),
        )

    def _shown(self, row: int) -> str:
        text = " ".join(self._memory.texts[row].split())
        if len(text) > SHOWN_CHARACTERS:
            text = text[: SHOWN_CHARACTERS - 1].rstrip() + "…"
        return f"{text} ({self._memory.labels[row]})"


def _weights_of(encoder: str) -> str:
    # The same weights run by another backend give the same vectors.
    return encoder.rpartition(":")[2]
