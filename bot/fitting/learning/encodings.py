"""What the encoder makes of texts, kept from run to run: only new ones are encoded."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from classifier.features.embedding import Inputs, embed
from kb.encoding.encoder import LayerEncoder
from kb.tuning.heldout import RememberingEncoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder, Vectors
    from kb.encoding.late import TokenEncoder

    Row = tuple[NDArray[np.float32], NDArray[np.float16]]


class Encodings:
    """Vectors and layers of texts, by the hash of each; what is not on record is let go of."""

    def __init__(self, file: Path, encoder: Encoder) -> None:
        """Read what is kept of this encoder; what cannot be read is encoded again."""
        self._file = file
        self._encoder = encoder
        self._layered = isinstance(encoder, LayerEncoder)
        self._kept: dict[str, Row] = self._read()
        self._used: dict[str, Row] = {}

    def of(self, texts: Sequence[str], told: Progress) -> Inputs:
        """Give texts as the classifier takes them."""
        names = [_name(text) for text in texts]
        new = {
            name: text
            for name, text in zip(names, texts, strict=True)
            if name not in self._used and name not in self._kept
        }
        fresh = embed(list(new.values()), self._encoder, told) if new else None
        for place, name in enumerate(new):
            assert fresh is not None  # noqa: S101 - for mypy
            layers = fresh.layers[place] if fresh.layers is not None else np.zeros(0)
            self._used[name] = fresh.vectors[place], layers.astype(np.float16)
        for name in names:
            if name not in self._used:
                self._used[name] = self._kept[name]
        if not names:
            return embed([], self._encoder, told)
        rows = [self._used[name] for name in names]
        layers = np.stack([row[1] for row in rows]) if self._layered else None
        return Inputs(list(texts), np.stack([row[0] for row in rows]), layers)

    def keep(self, texts: Iterable[str]) -> None:
        """Write down what is known of these texts, in one step, and nothing of any other."""
        known = {**self._kept, **self._used}
        rows = {name: known[name] for name in map(_name, texts) if name in known}
        if not rows:
            self._file.unlink(missing_ok=True)
            return
        beside = self._file.with_name(f".{self._file.name}.part")
        with beside.open("wb") as stream:
            np.savez(
                stream,
                encoder=np.array(self._encoder.name),
                names=np.array(list(rows)),
                vectors=np.stack([row[0] for row in rows.values()]),
                layers=np.stack([row[1] for row in rows.values()]),
            )
        beside.replace(self._file)

    def _read(self) -> dict[str, Row]:
        try:
            with np.load(self._file, allow_pickle=False) as kept:
                if str(kept["encoder"]) != self._encoder.name:
                    return {}
                names, vectors, layers = kept["names"].tolist(), kept["vectors"], kept["layers"]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return {}
        return {
            name: (vector, layer)
            for name, vector, layer in zip(names, vectors, layers, strict=True)
        }


class KeptEncoder(RememberingEncoder):
    """An encoder that reads layers off what is kept, and each text once for the search."""

    def __init__(self, encoder: TokenEncoder, encodings: Encodings) -> None:
        """Stand before an encoder."""
        super().__init__(encoder)
        self._encodings = encodings

    def encode_layers(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Vectors as `encode` gives them, and mean token vectors of all layers, side by side."""
        found = self._encodings.of(texts, _unheard)
        assert found.layers is not None  # noqa: S101 - for mypy: only made for such an encoder
        return found.vectors, found.layers.astype(np.float32)


def _unheard(what: str, done: int, total: int) -> None:
    """Where nobody wants to hear it."""


def _name(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
