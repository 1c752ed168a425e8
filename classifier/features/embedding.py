"""Embedding many messages with progress: what the encoder makes of them, beside their words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder, LayerEncoder

_BATCH = 256


@dataclass(frozen=True)
class Inputs:
    """Messages as the estimator takes them: texts, sentence vectors, states of the layers."""

    texts: Sequence[str]
    vectors: NDArray[np.float32]
    """(n, dimension), of unit length."""
    layers: NDArray[np.floating[Any]] | None = None
    """(n, layers * dimension) mean token vectors, in half precision where there are many;
    None where the encoder does not show them."""

    def __len__(self) -> int:
        """Count the messages."""
        return len(self.texts)

    def take(self, rows: NDArray[np.intp]) -> Inputs:
        """Choose some of the messages."""
        layers = None if self.layers is None else self.layers[rows]
        return Inputs([self.texts[row] for row in rows], self.vectors[rows], layers)


def _shows_layers(encoder: Encoder) -> TypeGuard[LayerEncoder]:
    # By the one method that counts: looking through the whole protocol takes as long as a search.
    return hasattr(encoder, "encode_layers")


def encoded(texts: Sequence[str], encoder: Encoder) -> Inputs:
    """Encode texts at once."""
    if _shows_layers(encoder):
        return Inputs(texts, *encoder.encode_layers(texts))
    return Inputs(texts, encoder.encode(texts))


def embed(texts: Sequence[str], encoder: Encoder, progress: Progress) -> Inputs:
    """Encode texts, the short ones together, so that little is wasted on padding."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    parts = []
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        parts.append(_halved(encoded([texts[row] for row in rows], encoder)))
        progress("embedding", min(start + _BATCH, len(order)), len(order))
    if not parts:
        return encoded(texts, encoder)
    vectors = np.concatenate([part.vectors for part in parts])
    layers = [part.layers for part in parts if part.layers is not None]
    sorted_by_length = Inputs(texts, vectors, np.concatenate(layers) if layers else None)
    return replace(sorted_by_length.take(np.argsort(order)), texts=texts)


def _halved(inputs: Inputs) -> Inputs:
    # 100,000 messages take half a gigabyte like this, and no decision changes by it.
    if inputs.layers is None:
        return inputs
    return replace(inputs, layers=inputs.layers.astype(np.float16))
