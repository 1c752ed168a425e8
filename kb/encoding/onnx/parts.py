"""What a graph is written from: a model's sizes, its weights, and how it pools."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Matrix = NDArray[np.float32]
Weights = dict[str, Matrix]


@dataclass(frozen=True)
class PackedWords:
    """A table of word vectors in four bits, two numbers a byte, as ONNX Runtime gathers from it."""

    numbers: NDArray[np.uint8]
    """(words, dimension / 2); the first of two numbers in the low half, 8 standing for zero."""
    scales: Matrix
    """(words, dimension / block)."""
    block: int


@dataclass(frozen=True)
class Parts:
    """All that a BERT is made of."""

    config: Mapping[str, Any]
    weights: Weights
    pooling: str
    """`mean` or `cls`."""
    words: PackedWords | None = None
    """Word vectors, where they do not stand among the weights."""
    centres: Weights = field(default_factory=dict)
    """By output what all texts have in common, to be taken off: vectors of some models share one
    direction, and nothing that is told from their angles is told as well with it."""


def is_supported(directory: Path) -> bool:
    """Whether this folder holds a BERT that a graph can be written from."""
    try:
        config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    complete = (directory / "model.safetensors").exists() and (
        directory / "tokenizer.json"
    ).exists()
    return complete and config.get("model_type") == "bert" and config.get("hidden_act") == "gelu"


def parts_of(directory: Path) -> Parts:
    """Read the BERT in this sentence-transformers folder."""
    if not is_supported(directory):
        raise EncoderError(f"{directory}: is not a BERT model; use the torch backend for it")
    config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    return Parts(config, _read_weights(directory), pooling(directory))


def pooling(directory: Path) -> str:
    """How token vectors become one: `mean` or `cls`."""
    file = directory / "1_Pooling" / "config.json"
    config = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    mode = config.get("pooling_mode")
    if mode in ("mean", "cls"):
        return str(mode)
    return "cls" if config.get("pooling_mode_cls_token") else "mean"


def _read_weights(directory: Path) -> Weights:
    from safetensors.numpy import load_file

    weights = load_file(directory / "model.safetensors")
    return {
        name.removeprefix("bert."): value.astype(np.float32)
        for name, value in weights.items()
        if value.dtype.kind == "f"
    }
