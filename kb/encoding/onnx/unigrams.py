"""The likeliest pieces of a text, by how likely each piece is (Kudo 2018, the unigram model).

As the library sentencepiece cuts, which keeps 55 MB for a quarter of a million pieces and builds
them anew at each start: here they are a trie of two megabytes, which is made once.
"""

# ruff: noqa: PLC0415 (the trie's library loads when it is first needed)

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from kb.encoding.onnx.files import written
from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

UNKNOWN_COSTS = 10.0
"""In nats: so much less likely than any piece is a character that none has."""


@dataclass(frozen=True)
class Scored:
    """Pieces with how likely they are."""

    read: Callable[[], Mapping[str, int]]
    """The number of each, asked for where the trie is made."""
    scores: NDArray[np.float32]
    """By their numbers, in nats."""
    longest: int
    """No piece has more letters."""
    unknown: int
    """The number of what is none."""


class Unigrams:
    """Pieces in a trie."""

    def __init__(self, file: Path, pieces: Scored) -> None:
        """Read the trie from `file`, which is made where there is none.

        EncoderError where it cannot be read.
        """
        self._trie, numbers = _read(written(file, lambda: _made(pieces.read())))
        scores = pieces.scores[numbers]
        # What a view of the memory gives is a plain number: asking an array for one takes longer.
        self._numbers, self._scores = numbers.data, scores.data
        self._unlikely = float(scores.min()) - UNKNOWN_COSTS
        self._unknown, self._longest = pieces.unknown, pieces.longest

    def beginning_with(self, mark: str) -> dict[str, int]:
        """Give all pieces that begin so, and their numbers."""
        return {piece: self._numbers[key] for piece, key in self._trie.items(mark)}

    def cut(self, text: str, most: int) -> list[int]:
        """Give the numbers of the likeliest pieces, at most so many; unknown ones in a row are one.

        By Viterbi's algorithm: the likeliest way to each place begins with the likeliest to one
        before it.
        """
        text = text[: (most + 1) * self._longest]
        heights, steps = [0.0] + [-np.inf] * len(text), [(0, self._unknown)] * (len(text) + 1)
        prefixes, scores = self._trie.iter_prefixes_with_ids, self._scores
        for start in range(len(text)):
            here, alone = heights[start], False
            for piece, key in prefixes(text[start : start + self._longest]):
                end = start + len(piece)
                alone = alone or end == start + 1
                if here + scores[key] > heights[end]:
                    heights[end], steps[end] = here + scores[key], (start, self._numbers[key])
            if not alone and here + self._unlikely > heights[start + 1]:
                heights[start + 1] = here + self._unlikely
                steps[start + 1] = start, self._unknown
        return self._way(steps)[:most]

    def _way(self, steps: list[tuple[int, int]]) -> list[int]:
        """Go back along the likeliest way."""
        end, found = len(steps) - 1, list[int]()
        while end:
            end, number = steps[end]
            if not (number == self._unknown and found and found[-1] == number):
                found.append(number)
        return found[::-1]


def _made(pieces: Mapping[str, int]) -> bytes:
    """Write a trie, and the number of the piece of each of its keys, into one file."""
    from marisa_trie import Trie

    trie = Trie(pieces)
    numbers = np.zeros(len(pieces), np.int32)
    for piece, key in trie.items():
        numbers[key] = pieces[piece]
    stream = io.BytesIO()
    np.savez(stream, trie=np.frombuffer(trie.tobytes(), np.uint8), numbers=numbers)
    return stream.getvalue()


def _read(file: Path) -> tuple[Any, NDArray[np.int32]]:
    from marisa_trie import Trie

    try:
        with np.load(file, allow_pickle=False) as kept:
            trie, numbers = Trie().frombytes(kept["trie"].tobytes()), kept["numbers"]
        if numbers.shape != (len(trie),):
            raise ValueError(f"{numbers.shape} numbers for {len(trie)} pieces")  # noqa: TRY301 - one end
    except (OSError, RuntimeError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise EncoderError(
            f"{file}: cannot be opened ({error}); delete it and try again"
        ) from error
    return trie, numbers
