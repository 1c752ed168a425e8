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
        self._words: list[tuple[int, frozenset[str]]] = []
        self._with: dict[str, list[int]] = {}
        self._known: dict[str, list[int]] = {}
        for line in text.splitlines():
            if not line or line.startswith("#"):
                continue
            name, _, words = line.partition(": ")
            for word in words.split():
                self._take(CLASSES.index(name), word)
        self.announced = lru_cache(8192)(self._announced)

    def _take(self, number: int, word: str) -> None:
        self._known.setdefault(word, []).append(number)
        for piece in _pieces(word):
            self._with.setdefault(piece, []).append(len(self._words))
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
        shared: dict[int, int] = {}
        for piece in pieces:
            for number in self._with.get(piece, ()):
                shared[number] = shared.get(number, 0) + 1
        best = [0.0] * len(CLASSES)
        for number, count in shared.items():
            kind, cue = self._words[number]
            near = 2 * count / (len(pieces) + len(cue))
            if len(cue) >= 9:  # noqa: PLR2004 - five letters: a compound has them, with its own
                near = max(near, 0.85 * count / len(cue))
            best[kind] = max(best[kind], near)
        return tuple(near if near >= LEAST else 0.0 for near in best)


@lru_cache(1)
def cues() -> Cues:
    """Give the cues that come with Frontline."""
    return Cues(FILE.read_text(encoding="utf-8"))
