"""How alike texts are, where two encoders stand side by side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kb.encoding.joined import BESIDE, HALF
from kb.encoding.likeness import comparable, likeness

BOTH: Any = SimpleNamespace(name=f"one{BESIDE}other", dimension=4)
ONE: Any = SimpleNamespace(name="one", dimension=2)

UP, RIGHT = np.array([0.0, 1.0], np.float32), np.array([1.0, 0.0], np.float32)
NONE = np.zeros(2, np.float32)


def english(first: Any, second: Any) -> Any:
    """Build what the two make of an English text."""
    return np.concatenate([first, second]) * np.float32(HALF)


def foreign(second: Any) -> Any:
    """Build what they make of another text: the second alone reads it."""
    return np.concatenate([NONE, second])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (english(UP, UP), english(UP, RIGHT), 1.0),
        (english(UP, UP), english(RIGHT, UP), 0.0),
        (english(UP, UP), foreign(UP), 1.0),
        (foreign(UP), english(UP, RIGHT), 0.0),
        (foreign(UP), foreign(UP), 1.0),
        (foreign(NONE), english(UP, UP), 0.0),
    ],
)
def test_english_is_compared_by_what_reads_it_best(one: Any, other: Any, alike: float) -> None:
    """Whatever the other makes of it; what is not English by the one that reads it."""
    assert likeness(one, other, BOTH) == pytest.approx(alike)


def test_one_encoder_gives_its_cosine() -> None:
    """As before."""
    assert likeness(UP, UP, ONE) == 1.0
    rows = np.stack([UP, RIGHT])
    assert comparable(rows, ONE) is rows


def test_rows_are_compared_within_english_and_within_the_others() -> None:
    """Inner products are cosines, and nothing English is like anything that is not."""
    rows = np.stack([english(UP, RIGHT), english(UP, UP), foreign(UP), foreign(RIGHT)])
    alike = comparable(rows, BOTH) @ comparable(rows, BOTH).T
    assert alike == pytest.approx(
        np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], float)
    )
    assert len(comparable(rows[:0], BOTH)) == 0
