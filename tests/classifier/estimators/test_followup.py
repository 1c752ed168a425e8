"""What a follow-up means: likeness of what is said, by where it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from classifier.data.followups import STAGES, STATES, FollowUp
from classifier.estimators import followup
from classifier.estimators.followup import FollowUpClassifier
from classifier.features.situations import situated

if TYPE_CHECKING:
    from collections.abc import Sequence

SAID = [
    ("that worked, thanks", "solved"),
    ("works now, thank you", "solved"),
    ("no, still the same error", "failed"),
    ("it still does not work", "failed"),
    ("and how do i do it on my phone?", "another"),
    ("what about the other printer?", "another"),
]


class Encoder:
    """A text is its letters, counted; remembers what it was asked for."""

    name, dimension = "letters", 26

    def __init__(self) -> None:
        """Nothing was asked for."""
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Any:
        """As any encoder."""
        self.asked += texts
        rows = [[1e-3 + text.count(chr(97 + at)) for at in range(26)] for text in texts]
        found = np.array(rows, np.float32).reshape(len(texts), 26)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def _rows() -> list[tuple[FollowUp, str]]:
    return [
        (
            FollowUp(
                text,
                STATES[number % len(STATES)],
                "my printer is offline" if number % 2 else "",
                "restart it" if number % 3 else "",
                "other" if number % 5 == 0 else "requester",
            ),
            label,
        )
        for number, (text, label) in enumerate(SAID * 6)
    ]


@pytest.fixture
def fitted() -> FollowUpClassifier:
    """What was learned of a few."""
    rows, labels = zip(*_rows(), strict=True)
    groups = [str(number // len(SAID)) for number in range(len(rows))]
    inputs = situated(rows, Encoder())
    return FollowUpClassifier().fit(inputs, labels, groups, np.ones(len(rows), bool))


def test_nothing_is_encoded_where_nothing_was_said_before() -> None:
    """It is alike to nothing then."""
    encoder = Encoder()
    alone = situated([FollowUp("thanks", STATES[0], "", "", "requester")], encoder)
    assert encoder.asked == ["thanks"]
    assert alone.near.tolist() == [[0, 0]]
    both = situated(
        [FollowUp("thanks", STATES[0], "", "thanks", "requester"), _rows()[1][0]], Encoder()
    )
    assert both.near[0].tolist() == [0, pytest.approx(1)]
    assert 0 < both.near[1][0] < 1


def test_likeness_counts_by_where_both_are_said(fitted: FollowUpClassifier) -> None:
    """Whoever asks alone gets what the formula says of all situations at once."""
    known = fitted.known_
    for state, other in ((0, False), (len(STATES) - 1, True)):
        same = known.states == state
        stage = np.asarray(STAGES)[known.states] == STAGES[state]
        counts = followup.ANYWHERE + followup.SAME_STAGE * stage + followup.SAME_STATE * same
        alike = np.where(known.others == other, 1, followup.OTHERS_WORDS)
        found, more = known.where(state, other)
        assert found == pytest.approx(counts * alike)
        assert more == pytest.approx(followup.SITUATION_WEIGHT * same)
        assert known.where(state, other)[0] is found


def test_one_alone_gets_what_it_gets_among_others(fitted: FollowUpClassifier) -> None:
    """No row depends on the rows beside it."""
    rows = [row for row, _ in _rows()]
    together = fitted.predict_proba(situated(rows, Encoder()))
    alone = [fitted.predict_proba(situated([row], Encoder()))[0] for row in rows]
    assert together == pytest.approx(np.array(alone), abs=1e-5)
    likeliest = fitted.classes_[together.argmax(axis=1)]
    assert (likeliest == [label for _, label in _rows()]).mean() > 0.9
