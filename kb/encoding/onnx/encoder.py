"""The encoder on ONNX Runtime: one text at a time, as many side by side as there are cores."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
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

_VECTOR, _TOKENS, _LAYERS = OUTPUTS

DEFAULT_LENGTH = 256
LONGEST = 8_192


class OnnxEncoder:
    """Runs the exported model.

    A text's vector never depends on the texts beside it: int8 ranges are taken over a whole run,
    so texts are run one by one. Without padding that is also the fastest on few cores.
    """

    def __init__(self, directory: Path, file: Path) -> None:
        """Open the exported file and the tokenizer of the folder it came from."""
        from tokenizers import Tokenizer

        self._session = open_session(file)
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.enable_truncation(_longest(directory))
        self._tokenizer.no_padding()
        self._workers = os.cpu_count() or 1
        self.name = file.stem
        self.dimension = int(self._run("dimension", [_VECTOR])[0].shape[1])

    @property
    def vocabulary(self) -> frozenset[str]:
        """The pieces that texts are cut into."""
        return frozenset(self._tokenizer.get_vocab())

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
        # The first and last token are marks that every text has.
        tokens = [TokenVectors.quantised(ids[1:-1], many[0, 1:-1]) for _, many, ids in rows]
        return vectors, tokens

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
        return Encoded(vector[0], TokenVectors.quantised(ids[1:-1], tokens[0, 1:-1]), layers[0])

    def _each(self, texts: Sequence[str], outputs: list[str]) -> list[tuple[np.ndarray, ...]]:
        if len(texts) < 2 * self._workers:
            return [self._run(text, outputs) for text in texts]
        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(lambda text: self._run(text, outputs), texts))

    def _run(self, text: str, outputs: list[str]) -> tuple[np.ndarray, ...]:
        ids = np.array([self._tokenizer.encode(text).ids], np.int32)
        found = self._session.run(outputs, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return (*found, ids[0])


def _longest(directory: Path) -> int:
    """How many tokens are read of a text; version 6 writes it with the tokenizer."""
    places = (
        ("sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
    )
    for name, key in places:
        file = directory / name
        config = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        # A tokenizer without a limit says so by a number beyond all bounds.
        if isinstance(found := config.get(key), int) and 0 < found <= LONGEST:
            return found
    return DEFAULT_LENGTH
