"""The texts of an article that are embedded, one by one and as columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Progress = Callable[[int, int], None]
"""Hears how many are done, of how many."""


def unheard(_done: int, _total: int) -> None:
    """Where nobody wants to hear it."""


KINDS = ("title", "question", "passage", "learned")

ASKED_KINDS = ("question", "learned")
"""Units that are questions as people ask them: written with the article, or learned."""


@dataclass(frozen=True)
class Unit:
    """A text of an article that is embedded: its title, a question or a passage."""

    kind: str
    heading: str
    text: str
    embedded: str
    """The text with the context that goes into the encoder."""

    @property
    def hash(self) -> str:
        """The content hash that its vector is stored under."""
        return hashlib.sha256(self.embedded.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Units:
    """Units as columns in the same order: by article, and then as they were written."""

    pks: NDArray[np.int64]
    articles: NDArray[np.int64]
    kinds: NDArray[np.int8]
    """Their places in KINDS."""
