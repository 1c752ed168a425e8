"""What the commands about classifiers share: which model, encoder, messages, and holdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier.data.shipped import shipped_data, with_messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.data.dataset import Message
    from kb.encoding.encoder import Encoder

PATH = click.Path(path_type=Path)

model_option = click.option(
    "--model", "model", type=PATH, help="Model directory to use instead of the configured one."
)
data_option = click.option(
    "--data",
    multiple=True,
    type=PATH,
    help="JSON Lines file or folder; repeatable. Default: what `[classifier] data` names.",
)


def learned_from(settings: Any) -> tuple[Path, ...]:
    """Give what is learned where no --data is given: the shipped messages, and one's own."""
    return (shipped_data(), *own_data(settings))


def own_data(settings: Any) -> tuple[Path, ...]:
    """Give the organisation's own labelled messages, where the configuration names any."""
    file = getattr(settings, "file", None)
    return with_messages(file.classifier.data) if file is not None else ()


def ids_of_base(settings: Any) -> frozenset[str]:
    """Give the ids of the articles in the configured database; none where there is none yet."""
    from kb.glance import article_ids

    db = getattr(settings, "db", None)
    return article_ids(db) if db is not None else frozenset()


def judging_messages(
    settings: Any, directory: Path, use: str, data: Sequence[Path] = ()
) -> list[Message]:
    """Read the messages that judge models: those given, else the organisation's own holdout.

    The sample's holdout judges only a desk that has the sample's articles.
    """
    from classifier.data.dataset import read_messages
    from classifier.registry.models import Registry

    if data:
        messages = read_messages(data)
        if not messages:
            raise click.ClickException(f"{data[0]}: no message in it")
        return messages
    held = _own_holdout(own_data(settings)) or _sample_holdout(settings)
    # Whoever tunes on the holdout leaves a trace: every look at it is written down.
    Registry(directory).note("holdout used", None, use=use, rows=len(held))
    return held


def _own_holdout(data: Sequence[Path]) -> list[Message]:
    from classifier.training.train import load_training_data

    if not data:
        return []
    held = load_training_data(data)[1]
    if not held:
        folder = next((path for path in data if path.is_dir()), data[0])
        raise click.ClickException(
            f"{folder}: no holdout of your own to judge by. `frontline classifier freeze-holdout "
            f"--data {folder}` sets one message in five aside; train again after it. Or give "
            "--data FILE with labelled messages that no training saw"
        )
    return held


def _sample_holdout(settings: Any) -> list[Message]:
    from classifier.training.train import load_training_data
    from kb.glance import is_sample

    ids = ids_of_base(settings)
    if ids and not is_sample(ids):
        raise click.ClickException(
            "the shipped holdout is the sample desk's and says nothing of yours. Give --data FILE "
            "with labelled messages of your own that no training saw, or name a folder of them as "
            "`data` under [classifier] and set some aside with `frontline classifier "
            "freeze-holdout`"
        )
    shipped = shipped_data()
    held = load_training_data(shipped)[1] if shipped.is_dir() else []
    if not held:
        raise click.ClickException(f"{shipped}: no holdout here; give --data FILE.jsonl")
    return held


def configured_encoder(settings: Any) -> Encoder:
    """Load the configured encoder."""
    from kb.encoding.loading import load_encoder

    return load_encoder(settings.encoder_model)


def model_directory(settings: Any, model: Path | None) -> Path:
    """Give the model that is named, or else the configured one."""
    return model or Path(settings.model)
