"""Texts to the numbers of word pieces: the two ways in which models cut texts."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.encoding.shouting import unshouted
from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Ids = NDArray[np.int32]

SPACE = "\u2581"
"""What SentencePiece writes for the blank before a word."""

PREFIX = "query:"
"""Of questions and passages alike: `passage:` before these found no more in the whole search."""


class Pieces(Protocol):
    """Cuts texts into the pieces that a model knows by number."""

    before: int
    """So many at the beginning are marks or a prefix, which every text has."""
    after: int

    def ids(self, text: str) -> Ids:
        """A text's pieces, with its marks."""
        ...

    @property
    def words(self) -> Mapping[str, int]:
        """Pieces that are whole words, and their numbers, as they are written inside a text."""
        ...


class WordPieces:
    """As BERT cuts texts."""

    before = after = 1

    def __init__(self, file: Path, longest: int) -> None:
        """Read the tokenizer of a model's folder."""
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.enable_truncation(longest)
        self._tokenizer.no_padding()

    def ids(self, text: str) -> Ids:
        """As the interface says."""
        return np.array(self._tokenizer.encode(text).ids, np.int32)

    @property
    def words(self) -> Mapping[str, int]:
        """As the interface says; parts of words carry a mark of their own."""
        found: Mapping[str, int] = self._tokenizer.get_vocab()
        return found


class SentencePieces:
    """As XLM-RoBERTa cuts texts, in a hundred languages; with the prefix that E5 wants."""

    after = 1

    def __init__(self, file: Path, characters: Mapping[int, str], longest: int) -> None:
        """Read a SentencePiece model; `characters` says as what each is read."""
        from sentencepiece import SentencePieceProcessor

        try:
            self._cutter = SentencePieceProcessor(model_file=str(file))
        except (OSError, RuntimeError) as error:
            raise EncoderError(
                f"{file}: cannot be opened ({error}); delete it and try again"
            ) from error
        self._characters = characters
        self._longest = longest
        self._prefix = [self._cutter.bos_id(), *self._cutter.encode(PREFIX)]
        self._end = self._cutter.eos_id()
        self.before = len(self._prefix)

    def ids(self, text: str) -> Ids:
        """As the interface says."""
        # Composed first: the table knows single characters alone.
        plain = unicodedata.normalize("NFKC", unshouted(text)).translate(self._characters)
        found = self._cutter.encode(plain)[: self._longest - self.before - 1]
        return np.array([*self._prefix, *found, self._end], np.int32)

    @property
    def words(self) -> Mapping[str, int]:
        """As the interface says."""
        pieces = (self._cutter.id_to_piece(number) for number in range(len(self._cutter)))
        return {piece[1:]: number for number, piece in enumerate(pieces) if piece.startswith(SPACE)}
