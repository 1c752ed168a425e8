"""The estimator: words and meaning in one kernel, with calibrated probabilities."""

from __future__ import annotations

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
from classifier.features.nearness import products
from classifier.features.words import WordFeatures
from classifier.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.features.embedding import Inputs

Floats = NDArray[np.float64]

MOST_KNOWN = 16_000
"""Above this many messages a sample is learned: time grows with the cube, memory the square."""


class MessageClassifier:
    """Labels messages, with probabilities calibrated on messages of groups left out.

    Learned attributes: `classes_`, `features_`, `layer_features_` and `known_layers_` (None
    without layers), `shape_`, `word_weights_` (features, labels), `known_` (unit vectors),
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
        self.known_ = inputs.vectors
        self.layer_features_ = None
        if inputs.layers is not None:
            self.layer_features_ = self.layer_features or LayerFeatures().fit(
                inputs.layers.astype(np.float32)
            )
        self.known_layers_ = self._layers(inputs)
        self.shape_ = self.shape or self._choose_shape(words, codes, group_codes, told)
        told("training", 0, 3)
        gram = word_gram(words)
        add_views(gram, self.known_, self.known_layers_, self.shape_)
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
        words = self.words_of(inputs)
        return self.scores_from(words, self.how(inputs), products(inputs.vectors, self.known_))

    def words_of(self, inputs: Inputs) -> Any:
        """Give what messages say by their words: a matrix, or the one row of a single message."""
        if len(inputs) == 1:
            return self.features_.terms(inputs.texts[0])
        return self.features_.transform(inputs.texts)

    def scores_from(self, words: Any, layers: Matrix | None, cosines: Matrix) -> Matrix:
        """Score messages of known words, of how they are said, and of known cosines."""
        return self.scores_with(words @ self.word_weights_, layers, cosines)

    def scores_with(self, said: Matrix, layers: Matrix | None, cosines: Matrix) -> Matrix:
        """The same, where it is known what the words say: (n, labels)."""
        shape = self.shape_
        scores = said + self.prior_
        if shape.meaning_weight:
            scores += gaussian(cosines, shape.meaning_weight, shape.sharpness) @ self.dual_
        if shape.layer_weight and layers is not None and self.known_layers_ is not None:
            near = products(layers, self.known_layers_)
            scores += gaussian(near, shape.layer_weight, shape.layer_sharpness) @ self.dual_
        return np.asarray(scores)

    def predict_proba(self, inputs: Inputs) -> Floats:
        """Give the probability of each label, in the order of `classes_`."""
        return self.calibration_.probabilities(self.scores(inputs))

    def chances(self, inputs: Inputs, cosines: Matrix) -> Floats:
        """The same, where the cosines to the known messages are at hand."""
        return self.chances_with(
            self.words_of(inputs) @ self.word_weights_, self.how(inputs), cosines
        )

    def chances_with(self, said: Matrix, layers: Matrix | None, cosines: Matrix) -> Floats:
        """The same, where it is known too what the words say: (n, labels)."""
        return self.calibration_.probabilities(self.scores_with(said, layers, cosines))

    def predict(self, inputs: Inputs) -> NDArray[Any]:
        """Give the likeliest label of each message."""
        return np.asarray(self.classes_[self.predict_proba(inputs).argmax(axis=1)])

    @property
    def left_out_proba_(self) -> Floats:
        """What each learned message got when its group was left out."""
        return self.calibration_.probabilities(self.left_out_)

    def how(self, inputs: Inputs) -> Matrix | None:
        """Give how messages are said, as unit vectors; None where the encoder does not show it."""
        return self._layers(inputs)

    def _layers(self, inputs: Inputs) -> Matrix | None:
        if self.layer_features_ is None or inputs.layers is None:
            return None
        return self.layer_features_.transform(inputs.layers)

    def _choose_shape(self, words: Any, codes: Codes, groups: Codes, told: Progress) -> Shape:
        rows = sample_rows(codes, SAMPLE, self.random_state)
        return choose_shape(
            word_gram(words[rows]),
            self.known_[rows],
            None if self.known_layers_ is None else self.known_layers_[rows],
            codes[rows],
            groups[rows],
            len(self.classes_),
            lambda done, total: told("tuning", done, total),
        )
