"""One pass a text: classifier, search and likeness read it off the same value."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from kb.encoding.encoder import Encoder, WordyEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.encoding.encoder import Vectors
    from kb.encoding.late import TokenVectors

KEPT = 64
"""Texts whose pass is remembered, at most 100 KB each: one is read again within milliseconds."""

A_FEW = 8
"""More texts at once are no conversation: they go to the encoder and are not remembered."""


@dataclass(frozen=True)
class Encoded:
    """All that one pass gives of a text."""

    vector: NDArray[np.float32]
    """(dimension,), of unit length."""
    tokens: TokenVectors
    layers: NDArray[np.float32]
    """(layers * dimension,) mean token vectors."""


@runtime_checkable
class WholeEncoder(Encoder, Protocol):
    """An encoder that gives sentence, token and layer vectors in one pass, and each alone."""

    def encode_whole(self, text: str) -> Encoded:
        """All that one pass gives of a text."""
        ...

    def encode_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors]]:
        """Vectors as `encode` gives them, and those of each text's tokens."""
        ...

    def encode_layers(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Vectors as `encode` gives them, and (n, layers * dimension) mean token vectors."""
        ...


class OnceEncoder:
    """Remembers the last texts, so that whoever asks next for another view pays nothing."""

    def __init__(self, encoder: WholeEncoder) -> None:
        """Stand before an encoder; usable from several threads."""
        self._encoder = encoder
        self._kept: OrderedDict[str, Encoded] = OrderedDict()
        self._lock = Lock()
        self.name = encoder.name
        self.dimension = encoder.dimension

    @property
    def vocabulary(self) -> frozenset[str]:
        """All pieces of the encoder behind; none where it does not tell."""
        return self._encoder.vocabulary if isinstance(self._encoder, WordyEncoder) else frozenset()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts to an (n, dimension) array of unit vectors."""
        if not 0 < len(texts) <= A_FEW:
            return self._encoder.encode(texts)
        return np.stack([self._whole(text).vector for text in texts])

    def encode_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors]]:
        """Encode texts, and each of their tokens for late interaction."""
        if not 0 < len(texts) <= A_FEW:
            return self._encoder.encode_tokens(texts)
        found = [self._whole(text) for text in texts]
        return np.stack([one.vector for one in found]), [one.tokens for one in found]

    def encode_layers(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Encode texts, and give each one's mean token vectors in every layer, side by side."""
        if not 0 < len(texts) <= A_FEW:
            return self._encoder.encode_layers(texts)
        found = [self._whole(text) for text in texts]
        return np.stack([one.vector for one in found]), np.stack([one.layers for one in found])

    def _whole(self, text: str) -> Encoded:
        with self._lock:
            known = self._kept.get(text)
            if known is not None:
                self._kept.move_to_end(text)
                return known
        found = self._encoder.encode_whole(text)
        with self._lock:
            self._kept[text] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


def once(encoder: Encoder) -> Encoder:
    """Give an encoder that makes one pass a text; the same one where it cannot."""
    return OnceEncoder(encoder) if isinstance(encoder, WholeEncoder) else encoder
