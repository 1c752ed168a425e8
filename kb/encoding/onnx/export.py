"""Writing the ONNX file once, beside the other things that can be made again."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

from kb.encoding.onnx.graph import OUTPUTS, Ranges, build
from kb.encoding.onnx.session import open_session
from kb.errors import EncoderError

FORMAT = 2
"""Raised when the graph written from the same weights changes."""

CALIBRATION_TEXTS = 96
CALIBRATION_WORDS = 24
SHORTEST_WORD = 3


def exported(directory: Path, fingerprint: str, *, int8: bool, cache: Path | None = None) -> Path:
    """The ONNX file of this model, written on first use."""
    kind = "int8" if int8 else "float32"
    folder = cache or default_cache()
    file = folder / f"{fingerprint[:16]}-{kind}-{FORMAT}.onnx"
    if file.exists():
        return file
    model = build(directory, smoothing=_ranges(directory) if int8 else None)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Another process may be writing the same file: the last whole one wins.
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
            part.write(model)
        Path(part.name).replace(file)
    except OSError as error:
        raise EncoderError(
            f"{file}: cannot be written: {error.strerror}; free some space"
        ) from error
    return file


def default_cache() -> Path:
    """Where exported models are kept: FRONTLINE_CACHE, or the user's cache folder."""
    if configured := os.environ.get("FRONTLINE_CACHE"):
        return Path(configured) / "onnx"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "frontline" / "onnx"


def _ranges(directory: Path) -> Ranges:
    """How far each channel swings, over sentences of random words: needs no data."""
    session = open_session(build(directory, expose=True))
    names = [output.name for output in session.get_outputs()][len(OUTPUTS) :]
    ids = _random_sentences(directory)
    found: Ranges = {}
    for start in range(0, len(ids), 8):
        batch = ids[start : start + 8]
        values = session.run(names, {"input_ids": batch, "attention_mask": np.ones_like(batch)})
        for name, value in zip(names, values, strict=True):
            largest = np.abs(value).max(axis=(0, 1))
            found[name] = np.maximum(found.get(name, largest), largest)
    return found


def _random_sentences(directory: Path) -> np.ndarray:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    words = sorted(
        number
        for word, number in tokenizer.get_vocab().items()
        if word.isascii() and word.isalpha() and len(word) >= SHORTEST_WORD
    )[:8000]
    chosen = np.random.default_rng(7).choice(words, (CALIBRATION_TEXTS, CALIBRATION_WORDS))
    start, end = (tokenizer.token_to_id(mark) or 0 for mark in ("[CLS]", "[SEP]"))
    return np.pad(chosen, ((0, 0), (1, 1)), constant_values=((0, 0), (start, end))).astype(np.int32)
