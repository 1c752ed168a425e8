"""The estimator: words and meaning in one kernel, with calibrated probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from classifier.estimators.calibration import Calibration, calibrate
from classifier.estimators.kernel import (
    Codes,
    Matrix,
    Shape,
    add_views,
    gaussian,
    solve,
    targets,
    word_gram,
)
from classifier.estimators.shape import SAMPLE, choose_shape, sample_rows
from classifier.features.layers import LayerFeatures
from classifier.features.nearness import products, rounded
from classifier.features.words import WordFeatures
from classifier.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.features.embedding import Inputs
    from classifier.features.nearness import Known

Floats = NDArray[np.float64]

MOST_KNOWN = 20_500
"""Above this many messages a sample is learned: time grows with the cube, memory the square."""


@dataclass(frozen=True)
class Compared:
    """How near messages are to those that are known, (n, known): by meaning, by how it is said."""

    cosines: Matrix
    layers: Matrix | None
    """None where the encoder shows no layers, or they do not count."""

    def take(self, known: NDArray[np.intp]) -> Compared:
        """Choose some of those that are known."""
        layers = None if self.layers is None else self.layers.take(known, axis=1)
        return Compared(self.cosines.take(known, axis=1), layers)


class MessageClassifier:
    """Labels messages, with probabilities calibrated on messages of groups left out.

    Learned attributes: `classes_`, `features_`, `layer_features_` and `known_layers_` (None
    without layers), `shape_`, `word_weights_` (features, labels), `known_` (unit vectors, both
    as eight bits leave them),
    `dual_` (known, labels), `prior_`, `calibration_`, `rows_` (which inputs were learned) and
    `left_out_` (their scores when left out).
    """

    def __init__(
        self,
        *,
        shape: Shape | None = None,
        layer_features: LayerFeatures | None = None,
        min_count: int = 2,
        random_state: int = 7,
    ) -> None:
        """Set the kernel, how layers are read, the rarest word kept, and the seed.

        Kernel and layers are chosen from the data where they are None.
        """
        self.shape = shape
        self.layer_features = layer_features
        self.min_count = min_count
        self.random_state = random_state

    def fit(
        self,
        inputs: Inputs,
        labels: Sequence[str],
        groups: Sequence[str] | None = None,
        progress: Progress | None = None,
        *,
        trust: Matrix | None = None,
    ) -> Self:
        """Learn from labelled messages; calibrate as if each group had not been seen.

        `trust`, above 0 and up to 1, is how far each label is believed; None believes all.
        """
        told = progress or silent
        self.classes_, codes = np.unique(np.asarray(labels), return_inverse=True)
        names = np.arange(len(inputs)) if groups is None else np.asarray(groups)
        group_codes = np.unique(names, return_inverse=True)[1]
        self.rows_ = sample_rows(codes, MOST_KNOWN, self.random_state)
        inputs, codes, group_codes = (
            inputs.take(self.rows_),
            codes[self.rows_],
            group_codes[self.rows_],
        )
        count = len(self.classes_)
        self.features_ = WordFeatures(min_count=self.min_count).fit(inputs.texts)
        words = self.features_.transform(inputs.texts)
        self.known_: Known = (vectors := rounded(inputs.vectors))
        self.layer_features_ = None
        if inputs.layers is not None:
            self.layer_features_ = self.layer_features or LayerFeatures().fit(
                inputs.layers.astype(np.float32)
            )
        how = self.how(inputs)
        self.known_layers_: Known | None = (layers := None if how is None else rounded(how))
        self.shape_ = self.shape or self._choose_shape(
            (words, vectors, layers), codes, group_codes, told
        )
        told("training", 0, 3)
        gram = word_gram(words)
        add_views(gram, vectors, layers, self.shape_)
        told("training", 1, 3)
        ridge = self.shape_.ridge if trust is None else self.shape_.ridge / trust[self.rows_]
        solution = solve(gram, targets(codes, count), group_codes, ridge)
        told("training", 2, 3)
        self.dual_, self.prior_, self.left_out_ = solution.dual, solution.prior, solution.left_out
        self.word_weights_ = np.asarray(words.T @ self.dual_, np.float32)
        self.calibration_: Calibration = calibrate(self.left_out_, codes)
        told("training", 3, 3)
        return self

    def scores(self, inputs: Inputs) -> Matrix:
        """Score messages for each label: near 1 for the right one, -1 for the others."""
        compared = self.compared(inputs, self.how(inputs))
        return self.scores_with(self.words_of(inputs) @ self.word_weights_, compared)

    def compared(self, inputs: Inputs, how: Matrix | None) -> Compared:
        """Compare messages with all that is known; `how` is how they are said."""
        layers = None
        if self.shape_.layer_weight and how is not None and self.known_layers_ is not None:
            layers = products(how, self.known_layers_)
        return Compared(products(inputs.vectors, self.known_), layers)

    def words_of(self, inputs: Inputs) -> Any:
        """Give what messages say by their words: a matrix, or the one row of a single message."""
        if len(inputs) == 1:
            return self.features_.terms(inputs.texts[0])
        return self.features_.transform(inputs.texts)

    def scores_with(self, said: Matrix, compared: Compared) -> Matrix:
        """Score messages by what their words say, (n, labels), and by what they are near to."""
        shape = self.shape_
        scores = said + self.prior_
        if shape.meaning_weight:
            near = gaussian(compared.cosines, shape.meaning_weight, shape.sharpness)
            scores += near @ self.dual_
        if compared.layers is not None:
            near = gaussian(compared.layers, shape.layer_weight, shape.layer_sharpness)
            scores += near @ self.dual_
        return np.asarray(scores)

    def predict_proba(self, inputs: Inputs) -> Floats:
        """Give the probability of each label, in the order of `classes_`."""
        return self.calibration_.probabilities(self.scores(inputs))

    def chances_with(self, said: Matrix, compared: Compared) -> Floats:
        """The same, by what words say, (n, labels), and by what messages are near to."""
        return self.calibration_.probabilities(self.scores_with(said, compared))

    def predict(self, inputs: Inputs) -> NDArray[Any]:
        """Give the likeliest label of each message."""
        return np.asarray(self.classes_[self.predict_proba(inputs).argmax(axis=1)])

    @property
    def left_out_proba_(self) -> Floats:
        """What each learned message got when its group was left out."""
        return self.calibration_.probabilities(self.left_out_)

    def how(self, inputs: Inputs) -> Matrix | None:
        """Give how messages are said, as unit vectors; None where the encoder does not show it."""
        if self.layer_features_ is None or inputs.layers is None:
            return None
        return self.layer_features_.transform(inputs.layers)

    def _choose_shape(
        self,
        known: tuple[Any, Matrix, Matrix | None],
        codes: Codes,
        groups: Codes,
        told: Progress,
    ) -> Shape:
        """By a sample of what is known: words, meaning, layers."""
        words, vectors, layers = known
        rows = sample_rows(codes, SAMPLE, self.random_state)
        return choose_shape(
            word_gram(words[rows]),
            vectors[rows],
            None if layers is None else layers[rows],
            codes[rows],
            groups[rows],
            len(self.classes_),
            lambda done, total: told("tuning", done, total),
        )
