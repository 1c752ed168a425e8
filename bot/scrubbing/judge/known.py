"""How known a word is among the languages: of three filters that were written from a vocabulary."""

from __future__ import annotations

import json
from base64 import b64decode
from functools import lru_cache
from pathlib import Path
from zlib import adler32, crc32

FILE = Path(__file__).parent / "known.json"
PROBES = 6
"""So many bits stand for a word: one word of fifty is taken for known that is not."""
EDGES = "\"'`´‘’“”«»„()[]{}<>,;.!?*_#|:-…"


def probes(word: str, size: int) -> list[int]:
    """Give the bits that stand for a word in a filter of so many."""
    written = word.encode()
    first, second = crc32(written), crc32(written, adler32(written)) | 1
    return [(first + each * second) % size for each in range(PROBES)]


COMMONEST = 3
"""How known the words of the first filter are."""


class Known:
    """Filters of words, the commonest first."""

    def __init__(self, filters: list[bytes]) -> None:
        """Take up the filters."""
        self._filters = filters
        self.level = lru_cache(8192)(self._level)

    def _level(self, word: str) -> int:
        """Give 0 for what no filter has, more for what is commoner; letters alone count."""
        plain = word.strip(EDGES).lower()
        if not plain or not plain.replace("'", "").replace("’", "").isalpha():
            return 0
        if len(plain) == 1:
            return len(self._filters)
        parts = [part for part in plain.replace("’", "'").split("'") if len(part) > 1]
        return min((self._of(part) for part in parts), default=0)

    def _of(self, word: str) -> int:
        for number, bits in enumerate(self._filters):
            if all(bits[at >> 3] >> (at & 7) & 1 for at in probes(word, len(bits) * 8)):
                return len(self._filters) - number
        return 0


@lru_cache(1)
def known() -> Known:
    """Give the filters that come with Frontline."""
    return Known([b64decode(each) for each in json.loads(FILE.read_text(encoding="utf-8"))])
