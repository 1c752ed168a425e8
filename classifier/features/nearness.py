"""How near messages are to those that are known: inner products with many rows in memory."""

from __future__ import annotations

from typing import Any

import numkong
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_BLOCK = 1_000

FEW = 4
"""Rows that are compared one by one: more are worth a conversion of all that is known."""


def products(asked: NDArray[Any], known: NDArray[Any]) -> Matrix:
    """Inner products of all rows asked with all rows known: (asked, known).

    What is known lies in half precision where it was loaded, since a single message waits for
    memory and for nothing else. The products are summed up in single precision.
    """
    if known.dtype != np.float16:
        return np.asarray(asked @ known.T)
    if 0 < len(asked) <= FEW:
        found = numkong.cdist(known, np.ascontiguousarray(asked, np.float16), "dot")
        return np.asarray(found, np.float32).T
    result = np.empty((len(asked), len(known)), np.float32)
    for start in range(0, len(known), _BLOCK):
        part = slice(start, start + _BLOCK)
        result[:, part] = asked @ known[part].astype(np.float32).T
    return result
