"""The encoder on ONNX Runtime: one text at a time, as many side by side as there are cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import numpy as np

from kb.encoding.late import TokenVectors
from kb.encoding.once import Encoded
from kb.encoding.onnx.graph import OUTPUTS
from kb.encoding.onnx.session import open_session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.encoding.encoder import Vectors
    from kb.encoding.onnx.pieces import Pieces

_VECTOR, _TOKENS, _LAYERS = OUTPUTS


class OnnxEncoder:
    """Runs the exported model.

    A text's vector never depends on the texts beside it: int8 ranges are taken over a whole run,
    so texts are run one by one. Without padding that is also the fastest on few cores.
    """

    def __init__(self, file: Path, pieces: Pieces) -> None:
        """Open the exported file; `pieces` cuts texts as its model does."""
        self._session = open_session(file)
        self._pieces = pieces
        self._workers = os.cpu_count() or 1
        # More at once would only wait for the cores, each with its megabytes in hand.
        self._turns = BoundedSemaphore(self._workers)
        self.name = file.stem
        self.dimension = int(self._run("dimension", [_VECTOR])[0].shape[1])

    @property
    def vocabulary(self) -> frozenset[str]:
        """The pieces that texts are cut into."""
        return frozenset(self._pieces.words)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts to an (n, dimension) array of unit vectors."""
        rows = self._each(texts, [_VECTOR])
        if not rows:
            return np.zeros((0, self.dimension), np.float32)
        return np.concatenate([vector for vector, *_ in rows])

    def encode_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors]]:
        """Encode texts, and each of their tokens for late interaction."""
        rows = self._each(texts, [_VECTOR, _TOKENS])
        if not rows:
            return np.zeros((0, self.dimension), np.float32), []
        vectors = np.concatenate([vector for vector, *_ in rows])
        return vectors, [self._tokens(many, ids) for _, many, ids in rows]

    def encode_layers(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Encode texts, and give each one's mean token vectors in every layer, side by side."""
        rows = self._each(texts, [_VECTOR, _LAYERS])
        if not rows:
            return np.zeros((0, self.dimension), np.float32), np.zeros((0, 0), np.float32)
        vectors, layers, _ = zip(*rows, strict=True)
        return np.concatenate(vectors), np.concatenate(layers)

    def encode_whole(self, text: str) -> Encoded:
        """Give sentence, token and layer vectors of one text, from one pass."""
        vector, tokens, layers, ids = self._run(text, [_VECTOR, _TOKENS, _LAYERS])
        return Encoded(vector[0], self._tokens(tokens, ids), layers[0])

    def _tokens(self, vectors: np.ndarray, ids: np.ndarray) -> TokenVectors:
        """Without the marks that every text has."""
        own = slice(self._pieces.before, -self._pieces.after)
        return TokenVectors.quantised(ids[own], vectors[0, own])

    def _each(self, texts: Sequence[str], outputs: list[str]) -> list[tuple[np.ndarray, ...]]:
        if len(texts) < 2 * self._workers:
            return [self._run(text, outputs) for text in texts]
        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(lambda text: self._run(text, outputs), texts))

    def _run(self, text: str, outputs: list[str]) -> tuple[np.ndarray, ...]:
        ids = self._pieces.ids(text)[None]
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        with self._turns:
            found = self._session.run(outputs, inputs)
        return (*found, ids[0])
