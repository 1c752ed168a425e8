"""What a follow-up means: a kernel over words, characters, meaning, shape and situation.

Two messages are alike as far as they say the same and as far as they say it in the same
situation: "no" under an answer and "no" under a question mean different things. The kernel of
what is said is multiplied with one of where it is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from classifier.data.followups import STAGES, STATES
from classifier.estimators.calibration import Calibration, calibrate
from classifier.estimators.kernel import gaussian, solve, targets
from classifier.features.columns import Columns
from classifier.features.layers import FirstDirections, LayerFeatures
from classifier.features.nearness import products, rounded, unpacked
from classifier.features.phrases import PhraseFeatures
from classifier.features.views import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.features.nearness import Known as Learned
    from classifier.features.situations import Situated

Matrix = NDArray[np.float32]

DIRECTIONS = 256
RIDGE = 0.8
ANYWHERE, SAME_STAGE, SAME_STATE = 0.4, 0.3, 0.3
"""How much of a likeness counts in any situation, in one of the same stage, in the same."""

OTHERS_WORDS = 0.6
"""How much of a likeness counts between a requester's words and a colleague's."""

SHAPE_WEIGHT, SITUATION_WEIGHT = 0.3, 0.5
_VERY_SHORT = 2
_STAGE = np.asarray(STAGES)


def shape_of(text: str) -> list[float]:
    """Measure length and punctuation."""
    return [
        float(np.log1p(len(text))) / 3,
        float(len(text.split()) <= _VERY_SHORT),
        float("?" in text),
        float("!" in text),
        float(text.rstrip().endswith("?")),
        float(any(sign.isdigit() for sign in text)),
    ]


def in_states(scores: NDArray[Any], states: NDArray[np.intp]) -> Matrix:
    """Give (n, labels) scores, then once more in the columns of each one's state, and its mark.

    A calibration that sees them so is one for each state, held near what all have in common.
    """
    count, labels = scores.shape
    own = np.zeros((count, len(STATES), labels + 1), np.float32)
    own[np.arange(count), states, :labels] = scores
    own[np.arange(count), states, labels] = 1.0
    return np.hstack([scores, own.reshape(count, -1)]).astype(np.float32)


@dataclass(frozen=True)
class Known:
    """What is remembered of the learned follow-ups, to compare others with."""

    words: Any
    """A sparse matrix; `Columns` where they were loaded, and `Terms` of a single one."""
    vectors: Learned
    layers: Learned | None
    shapes: Matrix
    states: NDArray[np.intp]
    others: NDArray[np.bool_]
    worded: dict[tuple[int, bool], NDArray[np.float16]] = field(default_factory=dict, repr=False)
    """What each term says in a situation, for those that occurred."""
    _wheres: dict[tuple[int, bool], tuple[Matrix, Matrix]] = field(default_factory=dict, repr=False)

    @cached_property
    def stages(self) -> NDArray[np.intp]:
        """The stage of each state, by number."""
        return np.asarray(_STAGE[self.states])

    @cached_property
    def squares(self) -> Matrix:
        """The squared length of each one's shape."""
        return np.asarray((self.shapes**2).sum(axis=1), np.float32)

    def where(self, state: int, other: bool) -> tuple[Matrix, Matrix]:  # noqa: FBT001 - a value
        """How much likeness to each counts in a situation, and how much it is alike by that alone.

        There are few situations: each is compared once.
        """
        found = self._wheres.get((state, other))
        if found is None:
            same, stage = self.states == state, self.stages == _STAGE[state]
            counts = ANYWHERE + SAME_STAGE * stage + SAME_STATE * same
            counts *= OTHERS_WORDS + (1 - OTHERS_WORDS) * (self.others == other)
            more = SITUATION_WEIGHT * same
            found = counts.astype(np.float32), more.astype(np.float32)
            self._wheres[state, other] = found
        return found

    @cached_property
    def columns(self) -> Columns:
        """The words by what they are, as they are looked up."""
        if isinstance(self.words, Columns):
            return self.words
        words = self.words
        return Columns.turned(words.data, words.indices, words.indptr, words.shape[1])

    def said(self, words: Any) -> Matrix:
        """Inner products with the words of several others."""
        return np.asarray((words @ self._by_word).toarray(), np.float32)

    @cached_property
    def _by_word(self) -> Any:
        return self.columns.matrix()


class FollowUpClassifier:
    """Says what a follow-up means, with chances calibrated on authors left out.

    Learned attributes: `classes_`, `features_`, `layer_features_` (None without layers),
    `known_`, `dual_` (known, labels), `prior_`, `calibration_`, `left_out_` (scores of the
    measured rows when their author was left out, `in_states`).
    """

    def fit(
        self,
        inputs: Situated,
        labels: Sequence[str],
        groups: Sequence[str],
        measured: NDArray[np.bool_],
        layer_features: LayerFeatures | None = None,
    ) -> Self:
        """Learn; calibrate on the `measured` rows as if their group had not been seen.

        `layer_features` are those of the tiers, whose first directions serve here too; None finds
        directions of its own.
        """
        self.classes_, codes = np.unique(np.asarray(labels), return_inverse=True)
        self.features_ = PhraseFeatures().fit(inputs.texts)
        self.layer_features_: LayerFeatures | FirstDirections | None = None
        if inputs.layers is not None:
            self.layer_features_ = (
                FirstDirections(layer_features, DIRECTIONS)
                if layer_features is not None
                else LayerFeatures(directions=DIRECTIONS).fit(inputs.layers)
            )
        known = self._known(inputs)
        layers = None if known.layers is None else rounded(unpacked(known.layers))
        self.known_ = replace(known, vectors=rounded(inputs.vectors), layers=layers)
        gram = self._kernel(self.known_)
        group_codes = np.unique(np.asarray(groups), return_inverse=True)[1]
        solution = solve(gram, targets(codes, len(self.classes_)), group_codes, RIDGE)
        self.dual_, self.prior_ = solution.dual, solution.prior
        self.left_out_ = in_states(solution.left_out, self.known_.states)[measured]
        self.calibration_: Calibration = calibrate(
            self.left_out_, codes[measured], labels=len(self.classes_)
        )
        return self

    def predict_proba(self, inputs: Situated) -> NDArray[np.float64]:
        """Give the chance of each meaning, in the order of `classes_`."""
        asked = self._known(inputs)
        one = isinstance(asked.words, Terms)
        scores = (
            self._scores_of_one(asked) if one else self._kernel(asked) @ self.dual_ + self.prior_
        )
        return self.calibration_.probabilities(in_states(scores, asked.states))

    def predict(self, inputs: Situated) -> NDArray[Any]:
        """Give the likeliest meaning of each."""
        return np.asarray(self.classes_[self.predict_proba(inputs).argmax(axis=1)])

    def _known(self, inputs: Situated) -> Known:
        layers = None
        if self.layer_features_ is not None and inputs.layers is not None:
            layers = self.layer_features_.transform(inputs.layers)
        shapes = np.asarray([shape_of(text) for text in inputs.texts], np.float32)
        one = len(inputs) == 1
        return Known(
            self.features_.terms(inputs.texts[0])
            if one
            else self.features_.transform(inputs.texts),
            inputs.vectors,
            layers,
            np.hstack([shapes.reshape(len(inputs), -1), inputs.near]).astype(np.float32),
            np.asarray([STATES.index(state) for state in inputs.states], np.intp),
            np.asarray(inputs.others, bool),
        )

    def _scores_of_one(self, asked: Known) -> Matrix:
        """The same as by the kernel, where all that words say in a situation is summed up once."""
        situation = int(asked.states[0]), bool(asked.others[0])
        counts, more = self.known_.where(*situation)
        alike = self._alike(asked)
        alike *= counts
        alike += more
        scores = alike @ self.dual_ + self.prior_
        return np.asarray(scores + asked.words @ self._worded(situation), np.float32)

    def _worded(self, situation: tuple[int, bool]) -> NDArray[np.float16]:
        """What each term says of each meaning, (terms, labels), in a situation."""
        known = self.known_
        found = known.worded.get(situation)
        if found is None:
            counts, _ = known.where(*situation)
            found = known.worded[situation] = known.columns.summed(self.dual_ * counts[:, None])
        return found

    def _kernel(self, asked: Known) -> Matrix:
        known = self.known_
        said = self._alike(asked)
        said += known.said(asked.words)
        where = [
            known.where(*each)
            for each in zip(asked.states.tolist(), asked.others.tolist(), strict=True)
        ]
        said *= np.stack([counts for counts, _ in where])
        said += np.stack([more for _, more in where])
        return np.asarray(said, np.float32)

    def _alike(self, asked: Known) -> Matrix:
        """How much is alike beside the words: (asked, known)."""
        known = self.known_
        said = gaussian(products(unpacked(asked.vectors), known.vectors), 1.0, 1.0)
        if asked.layers is not None and known.layers is not None:
            said += gaussian(products(unpacked(asked.layers), known.layers), 1.0, 1.0)
        said += SHAPE_WEIGHT * _near(asked, known)
        return said


def _near(asked: Known, known: Known) -> Matrix:
    squares = asked.squares[:, None] + known.squares[None, :]
    return np.asarray(np.exp(2 * (asked.shapes @ known.shapes.T) - squares), np.float32)
