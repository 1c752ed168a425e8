"""Words of several estimators in one table: each is told what it would have read itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.features.shared import SharedWords
from classifier.features.words import SHAPE_NAMES, WordFeatures
from classifier.serving.weightiest import weightiest, weightiest_words

ONE = ["How do I reset my password?!", "the printer on floor 3 is jammed", "ERROR 500 at login"] * 2
OTHER = ["smoke in the server room", "the printer smells of smoke", "Passwort vergessen 🎉"] * 2
WORDS = st.sampled_from(
    ["printer", "the printer", "smoke", "PASSWORD", "floor 3", "🎉", "?!", "zzz"]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=10).map(" ".join))

FEATURES = [WordFeatures(min_count=1).fit(ONE), WordFeatures(min_count=1).fit(OTHER)]
RANDOM = np.random.default_rng(3)
WEIGHTS = [
    RANDOM.normal(size=(len(each.names()), labels)).astype(np.float32)
    for each, labels in zip(FEATURES, (4, 3), strict=True)
]
SHARED = SharedWords(FEATURES, WEIGHTS)


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_each_is_told_what_its_own_words_say(text: str) -> None:
    """Also of words that only the other knows, and of texts without any."""
    weighed = SHARED.weigh(text)
    for own, (features, weights) in enumerate(zip(FEATURES, WEIGHTS, strict=True)):
        alone = features.terms(text) @ weights
        assert SHARED.scores(weighed, own) == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("text", [*ONE[:3], *OTHER[:3], "", "printer printer smoke", "zzz"])
def test_the_words_that_weighed_most_are_the_same(text: str) -> None:
    """By name, in the same order, pieces of words left out."""
    weighed = SHARED.weigh(text)
    for own, (features, weights) in enumerate(zip(FEATURES, WEIGHTS, strict=True)):
        row = features.terms(text)
        names = features.names()
        for label in range(weights.shape[1]):
            expected = weightiest_words(row.indices, row.data, weights, names, label)
            assert weightiest(*SHARED.named(weighed, own), label) == expected


def test_a_text_is_looked_up_once_for_all() -> None:
    """What both know stands in one row."""
    assert len(SHARED.names) < sum(len(each.names()) for each in FEATURES) - len(SHAPE_NAMES)
