"""The encoder on torch, by sentence-transformers; the only module that imports either."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

    from kb.encoding.encoder import Vectors

TORCH_BATCH = 32


class SentenceTransformerEncoder:
    """The model run by sentence-transformers on torch."""

    def __init__(self, directory: Path, weights_hash: str) -> None:
        """Load the model; this imports torch."""
        self._model = load_torch_model(directory)
        self.dimension: int = self._model.get_embedding_dimension() or 0
        self.name = f"torch:{weights_hash[:16]}"

    @property
    def vocabulary(self) -> frozenset[str]:
        """The pieces that texts are cut into."""
        return frozenset(self._model.tokenizer.get_vocab())

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


def load_torch_model(directory: Path) -> SentenceTransformer:
    """Load the model of a folder, without asking any hub.

    Raises:
        EncoderError: the folder holds no model that can be loaded.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(str(directory), device="cpu", local_files_only=True)
    except (ImportError, OSError, ValueError, KeyError) as error:
        raise EncoderError(f"{directory}: the model cannot be loaded: {error}") from error
