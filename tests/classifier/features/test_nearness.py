"""Products with what is known: half precision, one message or many."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.features.nearness import FEW, products


def _units(rows: int, seed: int, width: int = 48) -> np.ndarray:
    made = np.random.default_rng(seed).normal(size=(rows, width)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.mark.parametrize("asked", [0, 1, 2, FEW, FEW + 1, 40])
@pytest.mark.parametrize("known", [1, 7, 2_345])
def test_products_in_half_precision_are_those_in_single(asked: int, known: int) -> None:
    """As near as half precision can be: far below what tells two messages apart."""
    ours, theirs = _units(asked, 1), _units(known, 2)
    found = products(ours, theirs.astype(np.float16))
    assert found.shape == (asked, known)
    assert found.dtype == np.float32
    assert found == pytest.approx(ours @ theirs.T, abs=5e-4)
    assert (products(ours, theirs) == ours @ theirs.T).all()


def test_a_message_is_compared_alike_alone_and_among_others() -> None:
    """The two ways through memory agree."""
    ours, theirs = _units(FEW + 8, 3), _units(1_500, 4).astype(np.float16)
    together = products(ours, theirs)
    for row in range(len(ours)):
        assert products(ours[row : row + 1], theirs)[0] == pytest.approx(together[row], abs=3e-4)
    assert products(ours[::3], theirs) == pytest.approx(together[::3], abs=3e-4)
