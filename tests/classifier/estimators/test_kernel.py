"""The kernel machine: exact where it claims to be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from classifier.estimators.calibration import calibrate
from classifier.estimators.kernel import Shape, add_views, solve, targets, word_gram
from classifier.judging.metrics import calibration_error, coverage_at, wilson


@pytest.mark.parametrize("group_size", [1, 4])
def test_left_out_scores_are_those_of_training_without_the_group(group_size: int) -> None:
    """The closed form gives what refitting without each group gives."""
    random = np.random.default_rng(3)
    rows = random.normal(size=(24, 6)).astype(np.float32)
    codes = np.arange(24) % 3
    groups = np.arange(24) // group_size
    gram, wanted = rows @ rows.T, targets(codes, 3)
    found = solve(gram.copy(), wanted, groups, 0.5).left_out
    prior = wanted.mean(axis=0)
    for group in np.unique(groups):
        out, kept = np.flatnonzero(groups == group), np.flatnonzero(groups != group)
        inner = gram[np.ix_(kept, kept)] + 0.5 * np.eye(len(kept))
        dual = np.linalg.solve(inner, wanted[kept] - prior)
        assert found[out] == pytest.approx(gram[np.ix_(out, kept)] @ dual + prior, abs=1e-3)


def test_the_kernel_in_blocks_is_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks save memory and change nothing."""
    random = np.random.default_rng(4)
    words = sparse.random(25, 40, 0.2, "csr", np.float32, random)
    vectors = random.normal(size=(25, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    monkeypatch.setattr("classifier.estimators.kernel._BLOCK", 7)
    gram = word_gram(words)
    layers = vectors[:, ::-1] * np.sign(random.normal(size=5)).astype(np.float32)
    add_views(gram, vectors, layers, Shape(2.0, 1.5, layer_weight=3.0, layer_sharpness=0.5))
    apart, far = (((view[:, None] - view[None]) ** 2).sum(axis=2) for view in (vectors, layers))
    expected = (words @ words.T).toarray() + 2.0 * np.exp(-1.5 * apart) + 3.0 * np.exp(-0.5 * far)
    assert gram == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("labels", [2, 4, 30])
def test_calibrated_probabilities_mean_what_they_say(labels: int) -> None:
    """Scores drawn from known chances come back as those chances, nearly."""
    random = np.random.default_rng(5)
    logits = random.normal(size=(4_000, labels)) * 2
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    codes = np.array([random.choice(labels, p=row) for row in chances])
    found = calibrate(logits * 0.1, codes).probabilities(logits * 0.1)
    assert found.sum(axis=1) == pytest.approx(1.0)
    right = found.argmax(axis=1) == codes
    assert calibration_error(found.max(axis=1), right) < 0.03


def test_coverage_is_the_most_that_stays_within_the_budget() -> None:
    """Of ten, the nine surest are right, the last is wrong."""
    confidence = np.linspace(1, 0.1, 10)
    right = np.array([True] * 9 + [False])
    assert coverage_at(confidence, right, 0.05) == pytest.approx(0.9)
    assert coverage_at(confidence, right, 0.1) == pytest.approx(1.0)
    assert coverage_at(confidence, ~right, 0.05) == 0.0


def test_intervals_hold_the_share_and_stay_within_0_and_1() -> None:
    """Also for none of few, and for no case at all."""
    for hits, of in ((0, 3), (3, 3), (45, 50), (0, 0)):
        share = wilson(hits, of)
        assert 0.0 <= share.low <= share.high <= 1.0
        assert of == 0 or share.low - 1e-9 <= hits / of <= share.high + 1e-9
