"""Writing the ONNX file once, beside the other things that can be made again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.encoding.onnx.beside import with_table_beside
from kb.encoding.onnx.files import default_cache
from kb.encoding.onnx.graph import OUTPUTS, Ranges, build
from kb.encoding.onnx.sentences import SENTENCES
from kb.encoding.onnx.session import open_session

if TYPE_CHECKING:
    from pathlib import Path

    from kb.encoding.onnx.models import Model
    from kb.encoding.onnx.parts import Parts, Weights
    from kb.encoding.onnx.pieces import Pieces

FORMAT = 2
"""Raised when the graph written from the same weights changes."""

CALIBRATION_TEXTS = 96
CALIBRATION_WORDS = 24
SHORTEST_WORD = 3


def exported(model: Model, *, int8: bool, cache: Path | None = None) -> Path:
    """The ONNX file of this model, written on first use, its word vectors beside it."""
    kind = "int8" if int8 else "float32"
    folder = cache or default_cache()
    file = folder / f"{model.fingerprint[:16]}-{kind}-{FORMAT}.onnx"
    return with_table_beside(file, partial(_made, model, folder, int8=int8))


def _made(model: Model, folder: Path, *, int8: bool) -> bytes:
    parts = model.parts()
    if model.one_direction:
        pieces = model.pieces(folder)
        texts = [pieces.ids(text)[None] for text in SENTENCES]
        session = open_session(build(parts))
        parts = replace(parts, centres=_centres(session, texts, pieces.before))
        return build(parts, smoothing=_ranges(parts, texts) if int8 else None)
    if not int8:
        return build(parts)
    ids = _random_sentences(model.pieces(folder))
    batches = [ids[start : start + 8] for start in range(0, len(ids), 8)]
    return build(parts, smoothing=_ranges(parts, batches))


def _centres(session: Any, texts: list[np.ndarray], before: int) -> Weights:
    """The mean of the texts' vectors, and of their tokens'; marks and prefix do not count."""
    wanted = list(OUTPUTS[:2])
    found = [session.run(wanted, _inputs(ids)) for ids in texts]
    tokens = np.concatenate([tokens[0, before:-1] for _, tokens in found])
    vectors = np.concatenate([vector for vector, _ in found])
    return {wanted[0]: vectors.mean(axis=0), wanted[1]: tokens.mean(axis=0)}


def _ranges(parts: Parts, batches: list[np.ndarray]) -> Ranges:
    """How far each channel swings, over texts that say nothing of anybody's data."""
    session = open_session(build(parts, expose=True))
    names = [output.name for output in session.get_outputs()][len(OUTPUTS) :]
    found: Ranges = {}
    for batch in batches:
        for name, value in zip(names, session.run(names, _inputs(batch)), strict=True):
            largest = np.abs(value).max(axis=(0, 1))
            found[name] = np.maximum(found.get(name, largest), largest)
    return found


def _inputs(ids: np.ndarray) -> dict[str, np.ndarray]:
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def _random_sentences(pieces: Pieces) -> np.ndarray:
    words = sorted(
        number
        for word, number in pieces.words.items()
        if word.isascii() and word.isalpha() and len(word) >= SHORTEST_WORD
    )[:8000]
    chosen = np.random.default_rng(7).choice(words, (CALIBRATION_TEXTS, CALIBRATION_WORDS))
    nothing = pieces.ids("")
    before = np.tile(nothing[: pieces.before], (CALIBRATION_TEXTS, 1))
    after = np.tile(nothing[pieces.before :], (CALIBRATION_TEXTS, 1))
    return np.concatenate([before, chosen, after], axis=1).astype(np.int32)
