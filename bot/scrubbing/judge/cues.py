"""What a word announces: the cue that its letters are nearest to, typing errors included."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

CLASSES = (
    "password", "code", "key", "user", "net", "put", "is", "about", "other", "access", "refused",
    "thing", "then", "told", "press", "source", "which", "secretly", "number", "to", "device",
)  # fmt: skip
"""What a word may announce; `other` only looks like a cue: passport, keyboard; `thing` is what
a number of its own belongs to: tickets, rooms; `secretly` are the questions that only one knows."""

Announced = tuple[float, ...]
"""For each class how near the word is to one of its cues, 0 to 1."""

NOTHING: Announced = (0.0,) * len(CLASSES)
FILE = Path(__file__).parent / "cues.txt"
LONGEST = 40
LEAST = 0.45
"""What is less near is near to nothing."""
FIVE_LETTERS = 9
"""So many pieces a cue of five letters has."""
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
EDGES = "\"'`´‘’“”«»„()[]{}<>,;.!?*_#|:。，、："


def _pieces(word: str) -> frozenset[str]:
    """Give the letters of a word in twos and threes, its ends included."""
    padded = f"^{word}$"
    return frozenset(
        padded[at : at + size] for size in (2, 3) for at in range(len(padded) - size + 1)
    )


class Cues:
    """The cues, and which of them have a piece of letters."""

    def __init__(self, text: str) -> None:
        """Take up the classes with their words."""
        # Loaded with the first text: logs are scrubbed too, by commands that need no arrays.
        import numpy as np  # noqa: PLC0415

        self._words: list[tuple[int, frozenset[str]]] = []
        having: dict[str, list[int]] = {}
        self._known: dict[str, list[int]] = {}
        for line in text.splitlines():
            if not line or line.startswith("#"):
                continue
            name, _, words = line.partition(": ")
            for word in words.split():
                self._take(CLASSES.index(name), word, having)
        self._with = {piece: np.array(numbers, np.intp) for piece, numbers in having.items()}
        self._kinds = np.array([kind for kind, _ in self._words], np.intp)
        self._sizes = np.array([len(cue) for _, cue in self._words], np.intp)
        self.announced = lru_cache(8192)(self._announced)

    def _take(self, number: int, word: str, having: dict[str, list[int]]) -> None:
        self._known.setdefault(word, []).append(number)
        for piece in _pieces(word):
            having.setdefault(piece, []).append(len(self._words))
        self._words.append((number, _pieces(word)))

    def _announced(self, word: str) -> Announced:
        """Say what a word announces; a word that is a cue announces just that."""
        word = word.lower()
        known = self._known.get(word) or self._known.get(word := word.strip(EDGES))
        if known:
            return tuple(float(number in known) for number in range(len(CLASSES)))
        if not 1 < len(word) <= LONGEST:
            return NOTHING
        if UNSPACED.match(word):
            return self._contained(word)
        return self._nearest(_pieces(word))

    def _contained(self, word: str) -> Announced:
        """Say which cues stand within what is written without spaces."""
        found = {
            number
            for size in (1, 2, 3, 4, 5)
            for at in range(len(word) - size + 1)
            for number in self._known.get(word[at : at + size], ())
        }
        return tuple(float(number in found) for number in range(len(CLASSES)))

    def _nearest(self, pieces: frozenset[str]) -> Announced:
        import numpy as np  # noqa: PLC0415 - as above

        found = [numbers for piece in pieces if (numbers := self._with.get(piece)) is not None]
        if not found:
            return NOTHING
        counts = np.bincount(np.concatenate(found), minlength=len(self._sizes))
        shared = np.flatnonzero(counts)
        counts, sizes = counts[shared], self._sizes[shared]
        near = 2 * counts / (len(pieces) + sizes)
        # Five letters: a compound has them, with its own.
        near = np.maximum(near, np.where(sizes >= FIVE_LETTERS, 0.85 * counts / sizes, 0.0))
        best = np.zeros(len(CLASSES))
        np.maximum.at(best, self._kinds[shared], near)
        best[best < LEAST] = 0.0
        return tuple(best.tolist())


@lru_cache(1)
def cues() -> Cues:
    """Give the cues that come with Frontline."""
    return Cues(FILE.read_text(encoding="utf-8"))
