"""Embedding many messages with progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from classifier.estimator import Progress
    from kb.encoder import Encoder

_BATCH = 256


def embed(texts: Sequence[str], encoder: Encoder, progress: Progress) -> NDArray[np.float32]:
    """Encode texts, the short ones together, so that little is wasted on padding."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        vectors[rows] = encoder.encode([texts[row] for row in rows])
        progress("embedding", min(start + _BATCH, len(order)), len(order))
    return vectors
