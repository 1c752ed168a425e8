"""The model behind the Protocol, without torch."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.encoding.encoder import Encoder, LayerEncoder
from kb.encoding.late import SpannedTokens, TokenEncoder, TokenVectors, interaction, matched
from kb.encoding.loading import ENGLISH, load_encoder
from kb.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def english() -> Encoder:
    """The smaller of the two, alone."""
    return load_encoder(ENGLISH)


def test_vectors_have_unit_length_and_do_not_depend_on_their_neighbours(
    real_encoder: Encoder,
) -> None:
    """A text's vector is the same alone and among others."""
    texts = ["reset my password", "the printer on the third floor jams again and again", "vpn"]
    together = real_encoder.encode(texts)
    assert together.shape == (3, real_encoder.dimension)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.array_equal(together[:1], real_encoder.encode(texts[:1]))


def test_the_layers_come_with_the_vector_and_do_not_depend_on_the_back_end(
    english: Encoder,
) -> None:
    """Six layers of 384 numbers; int8 points where floating point does."""
    texts = ["reset my password", "I already reset it twice and it still says locked"]
    assert isinstance(english, LayerEncoder)
    exact = load_encoder(ENGLISH, backend="onnx")
    assert isinstance(exact, LayerEncoder)
    vectors, layers = english.encode_layers(texts)
    assert np.array_equal(vectors, english.encode(texts))
    assert layers.shape == (2, 6 * english.dimension)
    wanted = exact.encode_layers(texts)[1]
    for row in range(2):
        for mine, other in zip(np.split(layers[row], 6), np.split(wanted[row], 6), strict=True):
            assert mine @ other > 0.97 * np.linalg.norm(mine) * np.linalg.norm(other)
    assert english.encode_layers([])[0].shape == (0, english.dimension)


@pytest.mark.rare
def test_torch_shows_the_same_layers() -> None:
    """Sentence-transformers' own run of the model is what the ONNX graph is held against."""
    texts = ["vpn", "the printer on the third floor jams again and again"]
    exact, torch = (load_encoder(ENGLISH, backend=each) for each in ("onnx", "torch"))
    assert isinstance(exact, LayerEncoder)
    assert isinstance(torch, LayerEncoder)
    for one, other in zip(exact.encode_layers(texts), torch.encode_layers(texts), strict=True):
        assert one == pytest.approx(other, abs=1e-3)


def test_no_text_gives_no_vector(real_encoder: Encoder) -> None:
    """The shape is right all the same."""
    assert real_encoder.encode([]).shape == (0, real_encoder.dimension)


def test_the_default_encoder_does_not_import_torch() -> None:
    """The serving process stays small and starts at once."""
    code = (
        "import sys; from kb.encoding.loading import load_encoder; load_encoder().encode(['x']);"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_model_and_an_unknown_backend_are_named(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(EncoderError, match="no such model folder"):
        load_encoder(str(tmp_path / "nowhere"))
    with pytest.raises(EncoderError, match="choose one of"):
        load_encoder(backend="fast")


def test_late_interaction_prefers_the_passage_with_every_word(real_encoder: Encoder) -> None:
    """Each token of the question looks for its best match."""
    assert isinstance(real_encoder, TokenEncoder)
    _, (query, near, far) = real_encoder.encode_tokens(
        ["reset my password", "how to reset the password of your account", "lunch menu of today"]
    )
    scores = interaction(query, np.ones(len(query.ids), np.float32), [far, near])
    assert scores[1] > scores[0]


@pytest.mark.parametrize("lengths", [[1], [5, 0, 3], [40, 1, 1, 200], [0, 7], [12] * 30])
def test_late_interaction_in_whole_numbers_is_that_in_floating_point(lengths: list[int]) -> None:
    """To the last bit that a float has: the products of int8 are exact either way."""
    random = np.random.default_rng(len(lengths))

    def tokens(count: int) -> TokenVectors:
        vectors = random.integers(-127, 128, (count, 32)).astype(np.int8)
        return TokenVectors(np.arange(count, dtype=np.int32), vectors)

    query, passages = tokens(9), [tokens(length) for length in lengths]
    weights = random.random(9).astype(np.float32)
    expected = [
        (each.vectors.astype(np.float32) @ query.vectors.astype(np.float32).T).max(axis=0)
        @ weights
        / (127.0 * 127.0 * weights.sum())
        if len(each.ids)
        else 0.0
        for each in passages
    ]
    assert interaction(query, weights, passages) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("lengths", [[1], [5, 0, 3], [0], [], [2, 2, 9, 1]])
def test_passages_side_by_side_match_as_each_alone(lengths: list[int]) -> None:
    """In one block, or in a block each; none of their words are copied one by one."""
    random = np.random.default_rng(sum(lengths))
    texts = {
        10 + place: random.integers(-127, 128, (length, 16)).astype(np.int8)
        for place, length in enumerate(lengths)
    }
    vectors = random.integers(-127, 128, (4, 16)).astype(np.int8)
    query = TokenVectors(np.arange(4, dtype=np.int32), vectors)
    weights = random.random(4).astype(np.float32)
    whole = SpannedTokens.joined(texts)
    alone = matched(query, weights, list(texts.values()))
    assert matched(query, weights, [whole.vectors], lengths) == pytest.approx(alone)
    assert [each.tolist() for each in whole.of(texts)] == [v.tolist() for v in texts.values()]


def test_late_interaction_of_an_empty_passage_is_zero() -> None:
    """Not an error."""
    empty = TokenVectors(np.zeros(0, np.int32), np.zeros((0, 4), np.int8))
    assert interaction(empty, np.zeros(0, np.float32), [empty]).tolist() == [0.0]
