"""The states of the encoder's layers as a view of the classifier."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from classifier.estimators.tier import MessageClassifier, silent
from classifier.features import layers
from classifier.features.embedding import embed, encoded
from classifier.features.layers import FirstDirections, LayerFeatures
from classifier.features.nearness import Packed, products
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


def test_a_model_of_the_format_before_serves_on(write: Callable[..., Path], tmp_path: Path) -> None:
    """What it knows was in half precision; nobody has to train for an update."""
    encoder, model = LayeredEncoder(), tmp_path / "model"
    rows = [
        {"text": f"{'tried' if tried else 'trial'} {number} {'x' * (number % 7)}", "label": label}
        for number in range(40)
        for tried, label in ((True, "L2"), (False, "L1"))
    ]
    train(write(rows), model, encoder)
    asked = ["untried", "untrial", "tried xx 3"]
    now = Classifier.load(model, encoder).predict(asked)
    stored = artifact.load(model)
    arrays = {name: each for name, each in stored.arrays.items() if not name.endswith("_scales")}
    for name in ("known", "known_layers"):
        arrays[name] = Packed.stored(name, stored.arrays).floats().astype(np.float16)
    artifact.save(model, stored.manifest, arrays, stored.tables)
    manifest = model / artifact.MANIFEST
    older = {**json.loads(manifest.read_text()), "format": artifact.HALVED}
    manifest.write_text(json.dumps(older))
    before = Classifier.load(model, encoder).predict(asked)
    for one, other in zip(now, before, strict=True):
        assert one.label == other.label
        assert dict(one.probabilities) == pytest.approx(dict(other.probabilities), abs=1e-3)


def test_the_first_directions_are_those_of_features_of_their_own() -> None:
    """Follow-ups read the tiers' projection, narrowed; one alone gets what it gets among others."""
    states = np.random.default_rng(5).normal(size=(60, 40)).astype(np.float32)
    states *= 0.6 ** np.arange(40, dtype=np.float32)
    whole, narrow = (LayerFeatures(directions=count).fit(states) for count in (9, 3))
    first = FirstDirections(whole, 3)
    together = first.transform(states)
    assert together @ together.T == pytest.approx(
        narrow.transform(states) @ narrow.transform(states).T, abs=1e-2
    )
    for row in (0, 7, 0):
        assert first.transform(states[row : row + 1])[0] == pytest.approx(together[row], abs=1e-5)


def test_a_message_that_several_ask_about_is_projected_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tiers, matters and follow-ups read the same message, one after the other."""
    states = np.random.default_rng(6).normal(size=(60, 40)).astype(np.float32)
    whole, counted = LayerFeatures(directions=9).fit(states), []
    monkeypatch.setattr(layers, "products", lambda *given: counted.append(1) or products(*given))
    for _ in range(3):
        whole.transform(states[:1].copy())
        FirstDirections(whole, 3).transform(states[:1].copy())
    assert len(counted) == 1


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
