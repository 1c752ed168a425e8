"""The states of the encoder's layers as a view of the classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from classifier.estimators.tier import MessageClassifier, silent
from classifier.features.embedding import embed, encoded
from classifier.features.layers import LayerFeatures
from classifier.registry import artifact
from classifier.serving.predict import Classifier
from classifier.training.train import train

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.encoding.encoder import Encoder


class LayeredEncoder:
    """Blind in its vectors to whether something was tried; its layers see it."""

    name = "fake:layered"
    dimension = 8

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give every text the same vector."""
        return np.full((len(texts), self.dimension), 8**-0.5, np.float32)

    def encode_layers(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], ...]:
        """Give two layers of two numbers: was it tried, and how long is it."""
        rows = [[float("tried" in text), 0.0, len(text) / 100, 1.0] for text in texts]
        return self.encode(texts), np.array(rows, np.float32).reshape(len(texts), 4)


def test_layers_are_narrowed_to_unit_vectors_that_keep_what_differs() -> None:
    """Two kinds of texts in 40 numbers stay apart in three."""
    random = np.random.default_rng(3)
    states = random.normal(size=(60, 40)).astype(np.float32) * 0.1
    states[:30, 7] += 5
    found = LayerFeatures(directions=3).fit(states).transform(states)
    assert found.shape == (60, 3)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert (found[:30] @ found[30:].T).max() < 0 < (found[:30] @ found[:30].T).min()


def test_what_only_the_layers_see_decides(write: Callable[..., Path], tmp_path: Path) -> None:
    """Words and sentence vectors are alike; the stored model still tells them apart."""
    encoder = LayeredEncoder()
    rows = [
        {"text": f"{'tried' if tried else 'trial'} {number} {'x' * (number % 7)}", "label": label}
        for number in range(40)
        for tried, label in ((True, "L2"), (False, "L1"))
    ]
    train(write(rows), tmp_path / "model", encoder)
    assert "known_layers" in artifact.load(tmp_path / "model").arrays
    found = Classifier.load(tmp_path / "model", encoder).predict(["untried", "untrial"])
    assert [one.label for one in found] == ["L2", "L1"]


def test_an_encoder_without_layers_still_trains(encoder: Encoder) -> None:
    """What the encoder does not show is not asked for."""
    texts = [f"{word} {number}" for number in range(6) for word in ("reset", "broken")]
    inputs = embed(texts, encoder, silent)
    fitted = MessageClassifier().fit(inputs, ["L1", "L2"] * 6)
    assert inputs.layers is None
    assert fitted.layer_features_ is None
    assert fitted.predict(inputs).tolist() == ["L1", "L2"] * 6


def test_texts_come_back_in_their_order_however_they_are_batched() -> None:
    """The short ones are encoded together."""
    texts = ["tried " * (number % 5 + 1) if number % 3 else "a" for number in range(600)]
    together, alone = embed(texts, LayeredEncoder(), silent), encoded(texts, LayeredEncoder())
    assert together.texts == texts
    assert together.layers is not None
    assert alone.layers is not None
    assert together.layers.astype(np.float32) == pytest.approx(alone.layers, abs=1e-2)
