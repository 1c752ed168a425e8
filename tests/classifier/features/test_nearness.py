"""Products with what is known: eight bits and half precision, one message or many."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.features.nearness import FEW, Packed, products, rounded


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


@pytest.mark.parametrize("asked", [0, 1, 2, FEW, FEW + 1, 40])
@pytest.mark.parametrize("known", [1, 7, 2_345])
def test_products_in_eight_bits_are_those_of_what_is_rounded(asked: int, known: int) -> None:
    """What is learned from rounded rows is what is served, for one message as for many."""
    ours, theirs = _units(asked, 1), _units(known, 2)
    found = products(ours, Packed.of(theirs))
    assert found.shape == (asked, known)
    assert found.dtype == np.float32
    assert found == pytest.approx(rounded(ours) @ rounded(theirs).T, abs=1e-6)
    assert found == pytest.approx(ours @ theirs.T, abs=2e-2)


def test_a_message_is_compared_alike_alone_and_among_others() -> None:
    """The two ways through memory agree."""
    ours, theirs = _units(FEW + 8, 3), Packed.of(_units(1_500, 4))
    together = products(ours, theirs)
    for row in range(len(ours)):
        assert (products(ours[row : row + 1], theirs)[0] == together[row]).all()
    assert (products(ours[::3], theirs) == together[::3]).all()


def test_a_row_is_packed_alike_wherever_it_stands() -> None:
    """By that tiers and matters find out that they know the same message."""
    rows = _units(40, 5)
    assert (Packed.of(rows[3:5]).numbers == Packed.of(rows).numbers[3:5]).all()
    again = Packed.of(rounded(rows))
    assert (again.numbers == Packed.of(rows).numbers).all()
    nothing = Packed.of(np.zeros((2, 48), np.float32))
    assert not nothing.floats().any()


def test_what_is_stored_is_read() -> None:
    """Under a name of its own."""
    held = Packed.of(_units(9, 6))
    assert (Packed.stored("known", held.arrays("known")).floats() == held.floats()).all()
    assert (held.take(np.array([4, 2])).floats() == held.floats()[[4, 2]]).all()
