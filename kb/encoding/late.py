"""Late interaction: each word of the question looks for its best match in a passage.

The sum of these matches (Khattab and Zaharia 2020, ColBERT) re-orders the few articles that the
faster parts of the search propose. The vectors come from the same model in the same pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numkong
import numpy as np

from kb.encoding.encoder import Encoder, Vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


@dataclass(frozen=True)
class SpannedTokens:
    """The tokens of several texts side by side, each text by its key."""

    vectors: NDArray[np.int8]
    spans: Mapping[int, tuple[int, int]]
    """For each text, in their order, its first row and the one after its last."""

    @classmethod
    def joined(cls, texts: Mapping[int, NDArray[np.int8]]) -> SpannedTokens:
        """From the token vectors of each text."""
        ends = list(accumulate(map(len, texts.values())))
        spans = zip([0, *ends], ends, strict=False)
        some = [vectors for vectors in texts.values() if len(vectors)]
        vectors = np.concatenate(some) if some else np.zeros((0, 1), np.int8)
        return cls(vectors, dict(zip(texts, spans, strict=True)))

    def of(self, keys: Iterable[int]) -> list[NDArray[np.int8]]:
        """The token vectors of some texts, not copied."""
        return [self.vectors[slice(*self.spans[key])] for key in keys]


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
    return matched(query, weights, [each.vectors for each in passages])


def matched(
    query: TokenVectors,
    weights: NDArray[np.float32],
    blocks: Sequence[NDArray[np.int8]],
    lengths: Sequence[int] | None = None,
) -> NDArray[np.float32]:
    """The same for passages whose tokens lie side by side in blocks.

    `lengths` are those of the passages; None where each block is one.
    """
    sizes = np.array([len(each) for each in blocks] if lengths is None else lengths, np.intp)
    scores = np.zeros(len(sizes), np.float32)
    kept = sizes > 0
    if not kept.any() or not len(query.ids):
        return scores
    tokens = np.concatenate([block for block in blocks if len(block)])
    # Whole numbers, without unpacking: the sums are exact, as they were in floating point.
    match = np.asarray(numkong.dots_packed(tokens, numkong.dots_pack(query.vectors)))
    sizes = sizes[kept]
    best = np.maximum.reduceat(match, np.cumsum(sizes) - sizes).astype(np.float32)
    scores[kept] = best @ weights / (SCALE * SCALE * max(float(weights.sum()), 1e-9))
    return scores
