"""Kernel ridge regression on labels, with exact predictions for groups left out.

The kernel adds the views of a message: the inner product of its words and characters, and
Gaussians of the distances between sentence vectors and between the states of the encoder's
layers. One Cholesky factor then gives the fit, and its inverse gives what every message would
have got, had its whole group been left out of training (Rifkin and Lippert 2007, generalised
from rows to blocks): no folds, no refitting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Codes = NDArray[np.intp]

_BLOCK = 1_000


@dataclass(frozen=True)
class Shape:
    """How the kernel is put together; found by `classifier.estimators.shape`."""

    meaning_weight: float = 2.0
    sharpness: float = 1.0
    ridge: float = 0.5
    layer_weight: float = 0.0
    layer_sharpness: float = 1.0


@dataclass(frozen=True)
class Solution:
    """Weights of each known message for each label, and each one's score when left out."""

    dual: Matrix
    prior: Matrix
    left_out: Matrix


def word_gram(words: Any) -> Matrix:
    """Inner products of all messages' words, in blocks, so that memory stays at n * n."""
    gram = np.empty((words.shape[0], words.shape[0]), np.float32)
    turned = words.T.tocsc()
    for start in range(0, words.shape[0], _BLOCK):
        (words[start : start + _BLOCK] @ turned).toarray(out=gram[start : start + _BLOCK])
    return gram


def gaussian(cosines: Matrix, weight: float, sharpness: float) -> Matrix:
    """Gaussian of the distance between unit vectors of known cosines, weighted."""
    kernel = cosines - 1
    kernel *= 2 * sharpness
    np.exp(kernel, out=kernel)
    kernel *= weight
    return kernel


def add_view(gram: Matrix, vectors: Matrix, weight: float, sharpness: float) -> None:
    """Add a view of unit vectors to a gram matrix of words, in place; none of no weight."""
    if not weight:
        return
    for start in range(0, len(vectors), _BLOCK):
        part = slice(start, start + _BLOCK)
        gram[part] += gaussian(vectors[part] @ vectors.T, weight, sharpness)


def add_views(gram: Matrix, vectors: Matrix, layers: Matrix | None, shape: Shape) -> None:
    """Add what the encoder says, its sentence vectors and its layers, to a gram matrix of words."""
    add_view(gram, vectors, shape.meaning_weight, shape.sharpness)
    if layers is not None:
        add_view(gram, layers, shape.layer_weight, shape.layer_sharpness)


def targets(codes: Codes, count: int) -> Matrix:
    """One column a label: 1 for messages that have it, -1 for the others."""
    wanted = np.full((len(codes), count), -1, np.float32)
    wanted[np.arange(len(codes)), codes] = 1
    return wanted


def solve(gram: Matrix, wanted: Matrix, groups: Codes, ridge: float | Matrix) -> Solution:
    """Solve the ridge regression; `gram` is overwritten.

    Args:
        gram: (n, n) kernel of the known messages.
        wanted: (n, labels) targets.
        groups: (n,) group of each message; a group is left out whole.
        ridge: what is added to the diagonal; for each message its own, the less it is trusted
            the more.
    """
    from scipy.linalg import lapack  # noqa: PLC0415 - only training needs it

    gram[np.diag_indices_from(gram)] += ridge
    prior = wanted.mean(axis=0, dtype=np.float64).astype(np.float32)
    # The matrix is symmetric: its transpose is itself, in the order that LAPACK wants.
    factor, failed = lapack.spotrf(gram.T, lower=1, overwrite_a=1, clean=0)
    if failed:
        raise ValueError("the kernel is not positive definite; are the vectors finite?")
    dual, _ = lapack.spotrs(factor, wanted - prior, lower=1)
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    left_out = np.empty_like(wanted)
    order = np.argsort(groups, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        left_out[rows] = wanted[rows] - _residual(inverse, dual, rows)
    return Solution(np.ascontiguousarray(dual, dtype=np.float32), prior, left_out)


def _residual(inverse: Matrix, dual: Matrix, rows: Codes) -> Matrix:
    if len(rows) == 1:
        return np.asarray(dual[rows] / inverse[rows[0], rows[0]])
    rows = np.sort(rows)
    block = inverse[np.ix_(rows, rows)]
    block = np.tril(block) + np.tril(block, -1).T
    return np.asarray(np.linalg.solve(block, dual[rows]))
