"""How alike texts are: what of their vectors is compared, where limits stand for a cosine.

The limits were set on all-MiniLM-L6-v2. Of two encoders side by side its half says how alike two
English texts are, and the other's half whatever is not English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.encoding.joined import BESIDE, HALF

if TYPE_CHECKING:
    from kb.encoding.encoder import Encoder, Vectors


def likeness(one: Vectors, other: Vectors, encoder: Encoder) -> float:
    """Give the cosine of two vectors, (dimension,) each, by what reads both texts."""
    first = _first_half(encoder)
    if first is None:
        return float(one @ other)
    if one[:first].any() and other[:first].any():
        return float(one[:first] @ other[:first]) / HALF**2
    ours, theirs = one[first:], other[first:]
    lengths = float(np.linalg.norm(ours) * np.linalg.norm(theirs))
    return float(ours @ theirs) / lengths if lengths else 0.0


def comparable(vectors: Vectors, encoder: Encoder) -> Vectors:
    """Give vectors, (n, dimension), whose inner products say how alike texts are.

    English is compared with English, and other languages with each other.
    """
    first = _first_half(encoder)
    if first is None or not len(vectors):
        return vectors
    found = np.array(vectors, np.float32)
    english = found[:, :first].any(axis=1)
    found[english, :first] /= HALF
    found[english, first:] = 0
    return found


def _first_half(encoder: Encoder) -> int | None:
    """Where the first of two encoders' vectors ends; None where there is one."""
    both = BESIDE in str(getattr(encoder, "name", ""))
    return encoder.dimension // 2 if both else None
