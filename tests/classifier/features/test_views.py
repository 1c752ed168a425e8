"""Opened vectorizers give what scikit-learn's own give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.features.phrases import VIEWS, PhraseFeatures
from classifier.features.words import SHAPE_NAMES, WordFeatures

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

LEARNED = [
    "How do I reset my password? I can't log in!!",
    "The VPN drops every 20 minutes, the vpn client says 0x80004005",
    "Thanks a lot :tada: — that worked 🎉",
    "wie setze ich mein Passwort zurück?",
    "Straße STRASSE straße Ångström ångström",
    "the printer on floor 3 is jammed again; printer jam, the printer",
    "I can not print: the print job hangs, the queue is full",
] * 2

WORDS = st.sampled_from(
    [
        "vpn",
        "VPN",
        "the printer",
        "ﬁle",
        "ÅNG",
        "ström",
        "I",
        "can't",
        "?!",
        "🎉",
        "\u00a0",
        "İ",
        "ΑΣ",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join))


@pytest.fixture(scope="module")
def words() -> WordFeatures:
    """Words and characters of some messages."""
    return WordFeatures(min_count=1).fit(LEARNED)


@pytest.fixture(scope="module")
def phrases() -> PhraseFeatures:
    """Phrases and signs of the same."""
    return PhraseFeatures(min_count=1).fit(LEARNED)


def _equal(ours: object, theirs: TfidfVectorizer, text: str, share: float = 1.0) -> None:
    assert ours.toarray()[0] == pytest.approx(  # type: ignore[attr-defined]
        theirs.transform([text]).toarray()[0] * share, abs=1e-6
    )


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_words_and_characters_are_weighed_as_scikit_learn_weighs_them(
    words: WordFeatures, text: str
) -> None:
    """Also where a word is remembered from another text, and where case or blanks are odd."""
    row = words.transform([text])
    first = len(words.words_.vocabulary_)
    last = row.shape[1] - len(SHAPE_NAMES)
    _equal(row[:, :first], words.words_, text)
    _equal(row[:, first:last], words.characters_, text)


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_phrases_are_weighed_as_scikit_learn_weighs_them(
    phrases: PhraseFeatures, text: str
) -> None:
    """With accents set aside, and each view at its own weight."""
    row, start = phrases.transform([text]), 0
    for name, view in phrases.views_.items():
        end = start + len(view.vocabulary_)
        cut = VIEWS[name]
        _equal(row[:, start:end], view, cut.read(text), cut.share)
        start = end


@settings(max_examples=40, deadline=None)
@given(text=TEXTS)
def test_the_row_of_one_text_is_its_row_of_a_table(words: WordFeatures, text: str) -> None:
    """Column by column, and in its products."""
    row, matrix = words.terms(text), words.transform(["another", text])[1]
    dense = np.zeros(matrix.shape[1], np.float32)
    dense[row.indices] += row.data
    assert dense == pytest.approx(matrix.toarray()[0])
    weights = np.random.default_rng(1).normal(size=(len(dense), 3)).astype(np.float32)
    assert row @ weights == pytest.approx(matrix @ weights, abs=1e-4)
