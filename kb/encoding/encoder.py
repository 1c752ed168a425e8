"""The embedding model as the rest of the code sees it: a four-line Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence


Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors, an (n, dimension) array."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors: ...  # noqa: D102 (four lines)


@runtime_checkable
class LayerEncoder(Encoder, Protocol):
    """An encoder that also shows what its layers make of a text.

    Lower layers tell how something is said, which the last one blurs for the sake of what it is
    about (Jawahar et al. 2019).
    """

    def encode_layers(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Vectors as `encode` gives them, and (n, layers * dimension) mean token vectors."""
        ...


@runtime_checkable
class WordyEncoder(Encoder, Protocol):
    """An encoder that tells which pieces it cuts texts into: whole words among them."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """All pieces; those that are letters alone are words, in small letters."""
        ...
