"""How something is said: the states of the encoder's layers, narrowed to what varies most.

The last layer is trained to be blind to what does not change a text's topic. Who needs to act often
hangs on just that ("I tried" against "how do I try"), and lower layers still have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Self

import numpy as np

from classifier.features.nearness import products

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

DIRECTIONS = 384

REMEMBERED = 16
"""Messages that were read last are remembered: several ask how the same one is said."""


class LayerFeatures:
    """Mean token vectors of all layers as unit vectors of at most DIRECTIONS numbers.

    Learned attributes: `centre_` (layers * dimension) and `directions_` (layers * dimension,
    at most DIRECTIONS), the principal components.
    """

    def __init__(self, *, directions: int = DIRECTIONS, random_state: int = 7) -> None:
        """Set how many directions are kept, and the seed of the search for them."""
        self.directions = directions
        self.random_state = random_state
        self._one = lru_cache(REMEMBERED)(self._of_one)

    def fit(self, layers: Matrix, labels: object = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Find the directions in which messages differ most; labels stay unseen."""
        from sklearn.decomposition import PCA  # noqa: PLC0415 - only training needs it

        found = PCA(
            min(self.directions, *layers.shape),
            svd_solver="randomized",
            random_state=self.random_state,
        ).fit(layers)
        self.centre_ = found.mean_.astype(np.float32)
        self.directions_ = np.ascontiguousarray(found.components_.T, np.float32)
        return self

    def transform(self, layers: Matrix) -> Matrix:
        """Turn (n, layers * dimension) states into (n, directions) unit vectors."""
        if len(layers) == 1:
            return self._one(np.asarray(layers, np.float32).tobytes())
        return _units(products(layers - self.centre_, self.directions_.T))

    def _of_one(self, layers: bytes) -> Matrix:
        only = np.frombuffer(layers, np.float32)[np.newaxis]
        found = _units(products(only - self.centre_, self.directions_.T))
        found.flags.writeable = False
        return found

    @classmethod
    def restore(cls, centre: Matrix, directions: Matrix) -> LayerFeatures:
        """Build the features again from what was stored."""
        features = cls(directions=directions.shape[1])
        features.centre_ = centre.astype(np.float32)
        # One direction after the other, as a single message is read against them.
        features.directions_ = np.ascontiguousarray(directions.T).T
        return features


@dataclass(frozen=True)
class FirstDirections:
    """The first directions of others' features: a message is projected once for both."""

    whole: LayerFeatures
    count: int

    def transform(self, layers: Matrix) -> Matrix:
        """Turn (n, layers * dimension) states into (n, count) unit vectors."""
        return _units(self.whole.transform(layers)[:, : self.count])


def _units(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-6), np.float32)
