"""Late interaction: each word of the question looks for its best match in a passage.

The sum of these matches (Khattab and Zaharia 2020, ColBERT) re-orders the few articles that the
faster parts of the search propose. The vectors come from the same model in the same pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numkong
import numpy as np

from kb.encoding.encoder import Encoder, Vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SCALE = 127.0


@dataclass(frozen=True)
class TokenVectors:
    """A text's tokens: their ids, and a unit vector each, as int8."""

    ids: NDArray[np.int32]
    vectors: NDArray[np.int8]

    @classmethod
    def quantised(cls, ids: NDArray[np.int32], vectors: Vectors) -> TokenVectors:
        """From unit vectors in floating point."""
        return cls(ids, np.rint(vectors * SCALE).astype(np.int8))

    def to_bytes(self) -> bytes:
        """The ids, then the vectors; `from_bytes` needs their width again."""
        return self.ids.astype("<i4").tobytes() + self.vectors.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, width: int) -> TokenVectors:
        """Read what `to_bytes` wrote."""
        count = len(data) // (4 + width)
        ids = np.frombuffer(data, "<i4", count).astype(np.int32)
        vectors = np.frombuffer(data, np.int8, count * width, offset=4 * count)
        return cls(ids, vectors.reshape(count, width))


@runtime_checkable
class TokenEncoder(Encoder, Protocol):
    """An encoder that can also give a vector for each token."""

    def encode_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors]]:
        """Vectors as `encode` gives them, and those of each text's tokens."""
        ...


def interaction(
    query: TokenVectors, weights: NDArray[np.float32], passages: Sequence[TokenVectors]
) -> NDArray[np.float32]:
    """For each passage, the weighted mean over the query's tokens of their best match there."""
    scores = np.zeros(len(passages), np.float32)
    kept = [i for i, passage in enumerate(passages) if len(passage.ids)]
    if not kept or not len(query.ids):
        return scores
    lengths = np.array([len(passages[i].ids) for i in kept])
    tokens = np.concatenate([passages[i].vectors for i in kept])
    # Whole numbers, without unpacking: the sums are exact, as they were in floating point.
    match = np.asarray(numkong.dots_packed(tokens, numkong.dots_pack(query.vectors)))
    starts = np.cumsum(lengths) - lengths
    best = np.maximum.reduceat(match, starts).astype(np.float32)
    scores[kept] = best @ weights / (SCALE * SCALE * max(float(weights.sum()), 1e-9))
    return scores
