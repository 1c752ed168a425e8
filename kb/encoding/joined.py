"""Two encoders as one: what each is good at counts, at the cost of both passes.

The first is the better one at English and reads nothing else; the second reads every language. So
of a text in another language only what the second makes of it counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.encoding.languages import is_foreign
from kb.encoding.late import TokenVectors
from kb.encoding.once import Encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.encoding.encoder import Vectors
    from kb.encoding.once import WholeEncoder

BESIDE = "+"
"""Between the names of the two."""

HALF = float(np.sqrt(0.5))
"""So that a cosine of two joined vectors is the mean of both encoders' cosines."""

LAYERS_LIKE_THE_FIRST = 1.3
"""How much wider the layers of multilingual-e5-small must be to vary as all-MiniLM-L6-v2's do."""


class JoinedEncoder:
    """Vectors and layers of two encoders side by side; the tokens are those of the first."""

    def __init__(
        self,
        first: WholeEncoder,
        second: WholeEncoder,
        foreign: Callable[[str], bool] = is_foreign,
    ) -> None:
        """Join two encoders; `foreign` tells which texts the first cannot read."""
        self._first, self._second, self._foreign = first, second, foreign
        self.name = f"{first.name}{BESIDE}{second.name}"
        self.dimension = first.dimension + second.dimension

    @property
    def vocabulary(self) -> frozenset[str]:
        """The pieces that the first cuts texts into, which it is asked for as words of English."""
        return frozenset(getattr(self._first, "vocabulary", ()))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts to an (n, dimension) array of unit vectors."""
        return self._joined(texts, self._first.encode(texts), self._second.encode(texts))

    def encode_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors]]:
        """Encode texts, and each of their tokens for late interaction: none of foreign ones."""
        vectors, tokens = self._first.encode_tokens(texts)
        return self._joined(texts, vectors, self._second.encode(texts)), [
            self._readable(text, one) for text, one in zip(texts, tokens, strict=True)
        ]

    def encode_layers(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Encode texts, and give each one's mean token vectors in every layer, side by side."""
        vectors, layers = self._first.encode_layers(texts)
        others, other_layers = self._second.encode_layers(texts)
        return self._joined(texts, vectors, others), _side_by_side(layers, other_layers)

    def encode_whole(self, text: str) -> Encoded:
        """All that one pass of each gives of a text."""
        first, second = self._first.encode_whole(text), self._second.encode_whole(text)
        return Encoded(
            self._joined([text], first.vector[None], second.vector[None])[0],
            self._readable(text, first.tokens),
            _side_by_side(first.layers[None], second.layers[None])[0],
        )

    def _joined(self, texts: Sequence[str], first: Vectors, second: Vectors) -> Vectors:
        both = np.concatenate([first, second], axis=1) * HALF
        for row, text in enumerate(texts):
            if self._foreign(text):
                both[row, : first.shape[1]] = 0
                both[row, first.shape[1] :] = second[row]
        return np.asarray(both, np.float32)

    def _readable(self, text: str, tokens: TokenVectors) -> TokenVectors:
        return TokenVectors(tokens.ids[:0], tokens.vectors[:0]) if self._foreign(text) else tokens


def _side_by_side(first: Vectors, second: Vectors) -> Vectors:
    wider = second * np.float32(LAYERS_LIKE_THE_FIRST)
    return np.asarray(np.concatenate([first, wider], axis=1), np.float32)
