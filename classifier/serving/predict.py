"""Prediction: a trained classifier, loaded once and asked often."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.data.labels import USUAL
from classifier.errors import ModelError
from classifier.estimators.priority import features
from classifier.features.concepts import UNREAD_ONLY, named
from classifier.features.embedding import encoded
from classifier.features.nearness import packed
from classifier.features.shared import SharedWords
from classifier.registry import artifact
from classifier.registry.followups import unpack_followups
from classifier.registry.packing import Beside, unpack, unpack_beside
from classifier.serving.followups import UNREAD, FollowUpReader
from classifier.serving.weightiest import weightiest, weightiest_words
from kb.encoding.unread import is_unread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from classifier.data.followups import FollowUp
    from classifier.estimators.abstain import OutsideModel
    from classifier.estimators.tier import Compared, MessageClassifier
    from classifier.features.embedding import Inputs
    from classifier.features.nearness import Matrix
    from classifier.serving.followups import Reading
    from kb.encoding.encoder import Encoder

    Rows = NDArray[np.intp]

NEAREST = 3
SHOWN_CHARACTERS = 120

_CHUNK = 512

BETWEEN = 2
"""So far a number of eight bits may be off that was reckoned among other rows."""

REMEMBERED = 256
"""Messages whose prediction is kept: about 2 KB each."""


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
        self._words = frozenset(self._names)
        self._within = rows_within(estimator, self._beside.matters)
        self._predicted = lru_cache(REMEMBERED)(self._alone)
        both = [each for each in (estimator, self._beside.matters) if each is not None]
        self._shared = SharedWords(
            [each.features_ for each in both], [each.word_weights_ for each in both]
        )
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
            beside = unpack_beside(stored, estimator)
            reads = unpack_followups(stored, estimator)
            followups = FollowUpReader(reads, encoder) if reads is not None else None
            return cls(estimator, outside, memory, stored.manifest, encoder, beside, followups)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ModelError(f"{directory}: incomplete ({error}); train the model again") from error

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Predict each text, in order."""
        if len(texts) == 1:
            # A message is asked about several times on its way: whom it needs, what it is about.
            return [self._predicted(texts[0])]
        found: list[Prediction] = []
        for start in range(0, len(texts), _CHUNK):
            found += self.predict_inputs(encoded(texts[start : start + _CHUNK], self._encoder))
        return found

    def _alone(self, text: str) -> Prediction:
        return self.predict_inputs(encoded([text], self._encoder))[0]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words that were learned."""
        return frozenset(name for name in self._names if name.isalpha())

    def read(self, followup: FollowUp) -> Reading:
        """Say what a message means in its thread; nothing where the model learned none."""
        return self._followups.read(followup) if self._followups else UNREAD

    def predict_inputs(self, inputs: Inputs) -> list[Prediction]:
        """Predict messages that are encoded already."""
        if len(inputs) == 1:
            return [self._predict_one(inputs)]
        estimator, beside = self._estimator, self._beside
        how, compared, apart = self._compared(inputs)
        words = estimator.words_of(inputs)
        scores = estimator.scores_with(words @ estimator.word_weights_, compared)
        proba, abstains = self._judged(scores, compared.cosines)
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
            prediction = self._prediction(chances, reasons, compared.cosines[row])
            found.append(replace(prediction, abstain=True) if abstains[row] else prediction)
        if beside.matters is None or apart is None or not found:
            return found
        said = beside.matters.words_of(self._as_learned(inputs)) @ beside.matters.word_weights_
        matters = beside.matters.chances_with(said, apart)
        found = _with_matters(found, beside.matters.classes_.tolist(), matters)
        if beside.priority is None:
            return found
        about = features(inputs.vectors if how is None else how, proba, matters)
        return _with_priorities(found, beside.priority.chances(about))

    def _predict_one(self, inputs: Inputs) -> Prediction:
        """The same of one message, whose words are cut once for all who read them."""
        estimator, beside = self._estimator, self._beside
        how, compared, apart = self._compared(inputs)
        said = self._shared.weigh(inputs.texts[0])
        scores = estimator.scores_with(self._shared.scores(said, 0), compared)
        proba, abstains = self._judged(scores, compared.cosines)
        reasons = weightiest(*self._shared.named(said, 0), int(proba[0].argmax()))
        found = self._prediction(proba[0], reasons, compared.cosines[0])
        if abstains[0]:
            found = replace(found, abstain=True)
        if beside.matters is None or apart is None:
            return found
        named_too = self._as_learned(inputs)
        if named_too.texts[0] != inputs.texts[0]:
            said = self._shared.weigh(named_too.texts[0])
        matters = beside.matters.chances_with(self._shared.scores(said, 1), apart)
        (found,) = _with_matters([found], beside.matters.classes_.tolist(), matters)
        if beside.priority is None:
            return found
        about = features(inputs.vectors if how is None else how, proba, matters)
        return _with_priorities([found], beside.priority.chances(about))[0]

    def _judged(self, scores: Matrix, cosines: Matrix) -> tuple[NDArray[np.float64], Any]:
        """The chances of each label, and whether a message is like nothing known."""
        nearest = cosines.max(axis=1)
        if self._outside is None:
            proba = self._estimator.calibration_.probabilities(scores)
            return proba, nearest < self.thresholds["nearest_at_least"]
        proba = self._outside.probabilities(scores, nearest)
        return proba, proba[:, self._outside.column] >= self.thresholds["abstain_at"]

    def _as_learned(self, inputs: Inputs) -> Inputs:
        """Name concepts as the matters were learned: of none, of all, or of what is not read."""
        about = self.manifest.get("matters")
        how = about.get("concepts") if isinstance(about, dict) else None
        if not how:
            return inputs
        return named(inputs, [how != UNREAD_ONLY or self._is_unread(t) for t in inputs.texts])

    def _is_unread(self, text: str) -> bool:
        return is_unread(text, self._words.__contains__)

    def _compared(self, inputs: Inputs) -> tuple[Matrix | None, Compared, Compared | None]:
        """How messages are said, and how near they are to what tiers and matters learned.

        That is much the same: where it can be, both are compared with in one go.
        """
        own, matters = self._estimator, self._beside.matters
        how = own.how(inputs)
        if matters is None:
            return how, own.compared(inputs, how), None
        if self._within is not None:
            apart = matters.compared(inputs, how)
            return how, apart.take(self._within), apart
        return how, own.compared(inputs, how), matters.compared(inputs, matters.how(inputs))

    def _prediction(
        self,
        chances: NDArray[np.float64],
        words: tuple[str, ...],
        cosines: NDArray[np.float32],
    ) -> Prediction:
        label = self.labels[int(chances.argmax())]
        near = np.argpartition(cosines, max(len(cosines) - NEAREST, 0))[-NEAREST:]
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


def _with_matters(
    found: list[Prediction], names: Sequence[str], chances: NDArray[np.float64]
) -> list[Prediction]:
    """Add the chance of each matter that does not go the usual way."""
    said = [dict(zip(names, row, strict=True)) for row in chances.tolist()]
    for row in said:
        row.pop(USUAL, None)
    return [replace(each, matters=row) for each, row in zip(found, said, strict=True)]


def _with_priorities(
    found: list[Prediction], said: Sequence[Mapping[str, Mapping[str, float]]]
) -> list[Prediction]:
    return [
        replace(each, impacts=row["impact"], urgencies=row["urgency"], priorities=row["priority"])
        for each, row in zip(found, said, strict=True)
    ]


def rows_within(tiers: MessageClassifier, matters: MessageClassifier | None) -> Rows | None:
    """Where each message that the tiers learned is among those that the matters learned.

    None if one is not, or where the two do not read how messages are said by one projection.
    """
    if matters is None or matters.layer_features_ is not tiers.layer_features_:
        return None
    places = {row.tobytes(): at for at, row in enumerate(packed(matters.known_).numbers)}
    found = [places.get(row.tobytes()) for row in packed(tiers.known_).numbers]
    if None in found:
        return None
    rows = np.asarray(found, np.intp)
    if tiers.known_layers_ is None or matters.known_layers_ is None:
        return rows if tiers.known_layers_ is matters.known_layers_ else None
    ours, theirs = packed(tiers.known_layers_).numbers, packed(matters.known_layers_).numbers
    alike = np.abs(np.subtract(ours, theirs[rows], dtype=np.int16)).max(initial=0) <= BETWEEN
    return rows if alike and matters.shape_.layer_weight else None


def _weights_of(encoder: str) -> str:
    # The same weights run by another backend give the same vectors.
    return encoder.rpartition(":")[2]
