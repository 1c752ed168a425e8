"""Tuning: which kernel suits a data set, by messages left out of a sample of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from classifier.estimators.calibration import calibrate
from classifier.estimators.kernel import Codes, Matrix, Shape, add_views, solve, targets

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = 2_000

CHOICES = (
    Shape(1.0, 1.0, 0.3),
    Shape(2.0, 1.0, 0.3),
    Shape(2.0, 2.0, 0.5),
    Shape(4.0, 1.0, 0.2),
    Shape(4.0, 2.0, 0.2),
    Shape(4.0, 2.0, 0.5),
    Shape(8.0, 1.0, 0.2),
    Shape(8.0, 2.0, 0.2),
    Shape(8.0, 2.0, 0.5),
)
"""Settings worth trying; on wider grids the best ones lay within these."""


CHOICES_WITH_LAYERS = (
    Shape(0.0, 1.0, 0.3, 2.0, 1.0),
    Shape(0.0, 1.0, 0.3, 4.0, 0.5),
    Shape(0.0, 1.0, 0.3, 4.0, 1.0),
    Shape(0.0, 1.0, 0.5, 4.0, 1.0),
    Shape(0.0, 1.0, 0.2, 4.0, 2.0),
    Shape(2.0, 1.0, 0.3, 3.0, 1.0),
    Shape(4.0, 2.0, 0.2, 4.0, 1.0),
    Shape(4.0, 2.0, 0.5, 8.0, 1.0),
    Shape(8.0, 2.0, 0.5, 0.0, 1.0),
    Shape(8.0, 2.0, 0.5, 4.0, 2.0),
)
"""The same where the encoder shows its layers: they alone, beside the meaning, or not at all."""


def sample_rows(codes: Codes, size: int, seed: int) -> Codes:
    """Choose rows so that each label keeps its share, and at least two of it."""
    if len(codes) <= size:
        return np.arange(len(codes))
    shuffled = np.random.default_rng(seed).permutation(len(codes))
    share = size / len(codes)
    chosen = []
    for label in np.unique(codes):
        rows = shuffled[codes[shuffled] == label]
        chosen.append(rows[: max(2, round(len(rows) * share))])
    return np.sort(np.concatenate(chosen))


def choose_shape(  # noqa: PLR0913, PLR0917 - one thing each, all of them arrays
    word_gram: Matrix,
    vectors: Matrix,
    layers: Matrix | None,
    codes: Codes,
    groups: Codes,
    count: int,
    told: Callable[[int, int], None],
) -> Shape:
    """Find the kernel with the least log-loss on messages whose group was left out."""
    choices = CHOICES if layers is None else CHOICES_WITH_LAYERS
    best, least = choices[0], np.inf
    for number, shape in enumerate(choices, start=1):
        gram = word_gram.copy()
        add_views(gram, vectors, layers, shape)
        left_out = solve(gram, targets(codes, count), groups, shape.ridge).left_out
        chances = calibrate(left_out, codes).probabilities(left_out)
        loss = -np.log(np.clip(chances[np.arange(len(codes)), codes], 1e-9, 1)).mean()
        if loss < least:
            best, least = shape, float(loss)
        told(number, len(choices))
    return best
