"""Texts to the numbers of word pieces: the two ways in which models cut texts."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.encoding.shouting import unshouted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kb.encoding.onnx.packed import PackedModel
    from kb.encoding.onnx.unigrams import Unigrams

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

    def __init__(self, pieces: Unigrams, model: PackedModel) -> None:
        """Cut by these pieces; the model says as what characters are read, and its marks."""
        self._pieces, self._characters, self._longest = pieces, model.characters, model.longest
        self._end = model.marks.end
        self._prefix = [model.marks.start, *pieces.cut(spaced(PREFIX), self._longest)]
        self.before = len(self._prefix)

    def ids(self, text: str) -> Ids:
        """As the interface says."""
        # Composed first: the table knows single characters alone.
        plain = unicodedata.normalize("NFKC", unshouted(text)).translate(self._characters)
        found = self._pieces.cut(spaced(plain), self._longest - self.before - 1)
        return np.array([*self._prefix, *found, self._end], np.int32)

    @property
    def words(self) -> Mapping[str, int]:
        """As the interface says."""
        found = self._pieces.beginning_with(SPACE)
        return {piece[1:]: found[piece] for piece in sorted(found, key=found.__getitem__)}


def spaced(text: str) -> str:
    """Write a space before each word as pieces have it, one alone."""
    return "".join(SPACE + word for word in text.split(" ") if word)
