"""A small desk of messages, and an encoder that needs no model."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

OPENINGS = ("hi", "hello team", "quick one", "morning", "sorry to bother", "hey folks")
SAID = {
    "L1": ("how do i reset my password", "where can i book travel", "how to add a printer"),
    "L2": ("already tried the reset and it still fails", "my dock died twice, steps did not help"),
    "L3": ("the whole office is down since nine", "everyone lost data after the release"),
    "chat": ("thanks a lot, have a nice weekend", "good coffee today, see you at lunch"),
}


class HashingEncoder:
    """Bags of hashed words as unit vectors: alike where words are shared."""

    name = "fake:hashing"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode each text by itself."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split() or [""]:
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="session")
def encoder() -> HashingEncoder:
    """An encoder that is quick and always gives the same."""
    return HashingEncoder()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as JSON Lines; a string is written as it stands."""

    def written(rows: Iterable[Any], name: str = "data.jsonl") -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    return written


@pytest.fixture(scope="session")
def desk_rows() -> list[dict[str, str]]:
    """About a hundred messages of the four labels, by three authors, in scenarios."""
    return [
        {
            "text": f"{opening} {said} {number}",
            "label": label,
            "scenario": f"{label}-{place}-{number}",
            "author": ("ann", "bob", "cem")[number % 3],
            "area": "identity" if place == 0 else "network",
        }
        for label, texts in SAID.items()
        for place, said in enumerate(texts)
        for number, opening in enumerate(OPENINGS * 2)
    ]
