"""Texts are cut as sentencepiece cuts them, without what it keeps in memory for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2

from kb.encoding.onnx.pieces import SPACE, spaced
from kb.encoding.onnx.unigrams import Scored, Unigrams
from kb.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = 0
WORDS = ["ab", "abc", "b", "ba", "c", "ca", "cab", SPACE, f"{SPACE}a", f"{SPACE}ab", "界", "世界"]
SCORES = -np.sqrt(np.array([1, 7, 5, 11, 3, 13, 6, 2, 10, 17, 14, 15], np.float32))
"""Not to be made of one another: of two ways that are equally likely each is right."""

PIECES = dict(zip(WORDS, range(1, len(WORDS) + 1), strict=True))


def scored() -> Scored:
    """Give the pieces above, with a number for what is unknown."""
    return Scored(lambda: PIECES, np.array([0, *SCORES], np.float32), 4, UNKNOWN)


def reference() -> SentencePieceProcessor:
    """Give the library with the same pieces."""
    model = sentencepiece_model_pb2.ModelProto()
    kinds = sentencepiece_model_pb2.ModelProto.SentencePiece
    model.pieces.add(piece="<unk>", type=kinds.UNKNOWN)
    for word, score in zip(WORDS, SCORES, strict=True):
        model.pieces.add(piece=word, score=float(score))
    model.trainer_spec.model_type = sentencepiece_model_pb2.TrainerSpec.UNIGRAM
    model.trainer_spec.unk_id = UNKNOWN
    for mark in ("bos_id", "eos_id", "pad_id"):
        setattr(model.trainer_spec, mark, -1)
    model.normalizer_spec.name = "identity"
    return SentencePieceProcessor(model_proto=model.SerializeToString())


@pytest.fixture(scope="module")
def unigrams(tmp_path_factory: pytest.TempPathFactory) -> Unigrams:
    """Pieces that were written and mapped."""
    return Unigrams(tmp_path_factory.mktemp("pieces") / "some.npz", scored())


@given(st.text("abcx 世界\U0001f600", max_size=30))
def test_a_text_is_cut_as_by_the_library(unigrams: Unigrams, text: str) -> None:
    """Spaces around and beside one another count for nothing, and what no piece has is one."""
    assert unigrams.cut(spaced(text), 99) == reference().encode(text)


def test_no_more_is_cut_than_is_asked_for(unigrams: Unigrams) -> None:
    """However long a text is."""
    assert unigrams.cut("c" * 100_000, 7) == [PIECES["c"]] * 7


def test_what_was_written_is_opened_again(tmp_path: Path) -> None:
    """Without asking for the pieces."""
    file = tmp_path / "some.npz"
    Unigrams(file, scored())

    def never() -> dict[str, int]:
        raise AssertionError

    again = Unigrams(file, Scored(never, scored().scores, 4, UNKNOWN))
    assert again.beginning_with("c") == {word: PIECES[word] for word in ("c", "ca", "cab")}


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"PK\x05\x06" + bytes(18)])
def test_what_is_spoilt_is_named(tmp_path: Path, content: bytes) -> None:
    """It can be made again."""
    (tmp_path / "some.npz").write_bytes(content)
    with pytest.raises(EncoderError, match=r"some.npz: .*delete it and try again"):
        Unigrams(tmp_path / "some.npz", scored())


def test_a_cut_file_is_named(tmp_path: Path) -> None:
    """As where a disk was full."""
    file = tmp_path / "some.npz"
    Unigrams(file, scored())
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(EncoderError, match="delete it and try again"):
        Unigrams(file, scored())


def test_numbers_of_other_pieces_are_noticed(tmp_path: Path) -> None:
    """A number for each piece, or none is right."""
    file = tmp_path / "some.npz"
    Unigrams(file, scored())
    with np.load(file) as kept:
        trie = kept["trie"]
    np.savez(file, trie=trie, numbers=np.arange(3, dtype=np.int32))
    with pytest.raises(EncoderError, match="3"):
        Unigrams(file, scored())
