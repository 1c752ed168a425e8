"""What the commands about classifiers share: which model, which encoder, which holdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from classifier.data.dataset import Message
    from kb.encoding.encoder import Encoder

TRAINING_DATA = Path("training_data")
PATH = click.Path(path_type=Path)

model_option = click.option(
    "--model", "model", type=PATH, help="Model directory to use instead of the configured one."
)


def read_holdout(model_directory: Path, use: str) -> list[Message]:
    """Read the frozen holdout of the training data; its use is written into the model's journal."""
    from classifier.registry.models import Registry
    from classifier.training.train import load_training_data

    _, held, _ = load_training_data(TRAINING_DATA)
    if not held:
        raise click.ClickException(f"{TRAINING_DATA}: no holdout here; give --data FILE.jsonl")
    # Whoever tunes on the holdout leaves a trace: every look at it is written down.
    Registry(model_directory).note("holdout used", None, use=use, rows=len(held))
    return held


def configured_encoder(settings: Any) -> Encoder:
    """Load the configured encoder."""
    from kb.encoding.loading import load_encoder

    return load_encoder(settings.encoder_model)


def model_directory(settings: Any, model: Path | None) -> Path:
    """Give the model that is named, or else the configured one."""
    return model or Path(settings.model)
