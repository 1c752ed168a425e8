"""Shipped messages beside own ones: they fade where own ones gain, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from classifier.data.dataset import Message
from classifier.estimators.calibration import calibrate
from classifier.estimators.kernel import Shape
from classifier.features.embedding import Inputs
from classifier.training import mixing
from classifier.training.mixing import FEWEST_OWN, fit_mixed, is_own

if TYPE_CHECKING:
    from tests.classifier.conftest import HashingEncoder

THINGS = ("printer", "tunnel", "badge", "screen", "mouse", "lamp", "chair", "phone")
SIDES = ("north", "south", "east", "west", "upper", "lower", "old", "new", "spare", "main")


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One shape instead of a choice among them, and three shares."""
    monkeypatch.setattr(mixing, "SHARES", (1.0, 0.1, 0.001))
    monkeypatch.setattr("classifier.estimators.tier.choose_shape", lambda *_args, **_named: Shape())


def said(encoder: HashingEncoder, opening: str, *, turned: bool) -> tuple[Inputs, list[str]]:
    """Eighty messages of two labels; turned, each label is the other."""
    texts = [f"{opening} {side} {thing}" for thing in THINGS for side in SIDES]
    labels = [
        "L1" if (THINGS.index(thing) % 2 == 0) != turned else "L2"
        for thing in THINGS
        for _ in SIDES
    ]
    return Inputs(texts, encoder.encode(texts)), labels


def mixed(encoder: HashingEncoder, *, turned: bool, own: int) -> mixing.Mixed:
    """Fit both kinds, with so many own messages."""
    shipped, theirs = said(encoder, "please the", turned=False)
    ours, labels = said(encoder, "the", turned=turned)
    some = np.linspace(0, len(labels) - 1, own).astype(int)
    texts = [*shipped.texts, *(ours.texts[row] for row in some)]
    inputs = Inputs(texts, np.concatenate([shipped.vectors, ours.vectors[some]]))
    flags = np.arange(len(texts)) >= len(theirs)
    return fit_mixed(inputs, [*theirs, *(labels[row] for row in some)], None, flags)


def test_shipped_messages_fade_where_own_ones_say_otherwise(encoder: HashingEncoder) -> None:
    """And then what own ones say is what is said of messages like them."""
    found = mixed(encoder, turned=True, own=60)
    assert found.share < 1.0
    assert min(found.losses) < found.losses[0]
    asked, labels = said(encoder, "the", turned=True)
    proba = found.estimator.predict_proba(asked)
    right = found.estimator.classes_[proba.argmax(axis=1)] == np.array(labels)
    assert right.mean() > 0.8


def test_nothing_fades_where_both_say_the_same(encoder: HashingEncoder) -> None:
    """Gains by chance change nothing."""
    assert mixed(encoder, turned=False, own=60).share == 1.0


@pytest.mark.parametrize("own", [0, 5, FEWEST_OWN - 1])
def test_a_few_own_messages_change_nothing(encoder: HashingEncoder, own: int) -> None:
    """There is no telling by them, and nothing is tried."""
    found = mixed(encoder, turned=True, own=own)
    assert (found.share, found.losses) == (1.0, ())


def test_own_messages_alone_are_learned_as_they_are(encoder: HashingEncoder) -> None:
    """Where nothing is shipped, nothing fades."""
    inputs, labels = said(encoder, "the", turned=False)
    found = fit_mixed(inputs, labels, None, np.ones(len(labels), bool))
    assert (found.share, found.losses) == (1.0, ())


@pytest.mark.parametrize(
    ("file", "own"),
    [
        ("labels/a.jsonl", True),
        ("labels/deep/b.jsonl", True),
        ("one.jsonl", True),
        ("training_data/messages/a.jsonl", False),
        ("labels-of-others/a.jsonl", False),
        ("other/one.jsonl", False),
    ],
)
def test_what_is_own_is_told_by_its_file(file: str, own: bool) -> None:
    """Folders with all that is in them, and files."""
    message = Message("text", "L1", Path(file), 1)
    assert is_own([message], [Path("labels"), Path("one.jsonl")]).tolist() == [own]


def test_what_counts_for_nothing_does_not_calibrate() -> None:
    """Chances follow the messages that count."""
    scores = np.array([[1.0, -1.0], [-1.0, 1.0]] * 40)
    codes = np.array([0, 1] * 20 + [1, 0] * 20)
    parts = np.array([1.0] * 40 + [1e-6] * 40)
    sure = calibrate(scores, codes, parts).probabilities(scores[:1])[0, 0]
    unsure = calibrate(scores, codes).probabilities(scores[:1])[0, 0]
    assert sure > 0.9
    assert unsure == pytest.approx(0.5, abs=0.01)
