"""One pass a text, whoever asks for which view of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.encoding.encoder import LayerEncoder, WordyEncoder
from kb.encoding.late import TokenEncoder
from kb.encoding.once import A_FEW, KEPT, OnceEncoder, WholeEncoder, once

if TYPE_CHECKING:
    from kb.encoding.encoder import Encoder
    from kb.encoding.once import Encoded


@pytest.fixture
def passes(real_encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that went through the model."""
    seen: list[str] = []
    assert isinstance(real_encoder, WholeEncoder)
    whole = real_encoder.encode_whole

    def counted(text: str) -> Encoded:
        seen.append(text)
        return whole(text)

    monkeypatch.setattr(real_encoder, "encode_whole", counted)
    return seen


def test_three_views_of_a_text_cost_one_pass(real_encoder: Encoder, passes: list[str]) -> None:
    """Classifier, search and likeness ask one after the other."""
    encoder = once(real_encoder)
    assert isinstance(encoder, LayerEncoder)
    assert isinstance(encoder, TokenEncoder)
    encoder.encode_layers(["my screen is black"])
    encoder.encode_tokens(["my screen is black"])
    encoder.encode(["my screen is black"])
    assert passes == ["my screen is black"]


def test_each_view_is_what_the_encoder_itself_gives(real_encoder: Encoder) -> None:
    """A text's vectors do not depend on who asked for what first."""
    encoder = once(real_encoder)
    assert isinstance(encoder, OnceEncoder)
    assert isinstance(real_encoder, WholeEncoder)
    texts = ["VPN drops every hour", "how do I reset my password", ""]
    np.testing.assert_allclose(encoder.encode(texts), real_encoder.encode(texts), atol=1e-6)
    vectors, layers = encoder.encode_layers(texts)
    own_vectors, own_layers = real_encoder.encode_layers(texts)
    np.testing.assert_allclose(vectors, own_vectors, atol=1e-6)
    np.testing.assert_allclose(layers, own_layers, atol=1e-6)
    for ours, theirs in zip(
        encoder.encode_tokens(texts)[1], real_encoder.encode_tokens(texts)[1], strict=True
    ):
        np.testing.assert_array_equal(ours.ids, theirs.ids)
        np.testing.assert_array_equal(ours.vectors, theirs.vectors)


def test_many_texts_at_once_are_not_remembered(real_encoder: Encoder, passes: list[str]) -> None:
    """A sync of a thousand articles leaves nothing behind in memory."""
    once(real_encoder).encode([f"passage {n}" for n in range(A_FEW + 1)])
    assert passes == []


def test_what_is_remembered_is_bounded(real_encoder: Encoder, passes: list[str]) -> None:
    """The oldest text is forgotten first."""
    encoder = once(real_encoder)
    for n in range(KEPT + 1):
        encoder.encode([f"question {n}"])
    encoder.encode([f"question {KEPT}"])
    assert len(passes) == KEPT + 1
    encoder.encode(["question 0"])
    assert len(passes) == KEPT + 2


def test_the_words_of_the_encoder_are_told_through_it(real_encoder: Encoder) -> None:
    """Without them a word that no message had was mended: "spoke" became "smoke"."""
    encoder = once(real_encoder)
    assert isinstance(encoder, WordyEncoder)
    assert {"spoke", "wear", "freezing"} <= encoder.vocabulary
