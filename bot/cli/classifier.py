"""`frontline classifier`: train, predict with and evaluate classifiers."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier.errors import ClassifierError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.encoder import Encoder

_TRAINING_DATA = Path("training_data")
_MODEL = Path("var/model")

_PATH = click.Path(path_type=Path)

model_option = click.option(
    "--model", "model", type=_PATH, help="Model directory to use instead of the configured one."
)


@click.group()
def classifier() -> None:
    """Train the classifier, ask it, and measure it."""


@classifier.command("train")
@click.option("--data", multiple=True, type=_PATH, help="JSON Lines file or folder; repeatable.")
@click.option("--abstain-label", help="Label of messages that belong to none of the others.")
@model_option
@click.pass_obj
def train_command(
    settings: Any, data: tuple[Path, ...], abstain_label: str | None, model: Path | None
) -> None:
    """Train on labelled messages and write a model directory."""
    with plain_errors(), progress_bars() as progress:
        from classifier.labels import LABELS
        from classifier.train import train

        report = train(
            data or [_TRAINING_DATA],
            _model_directory(settings, model),
            _encoder(settings),
            abstain_label=abstain_label,
            labels=None if data else LABELS,
            progress=progress,
        )
    shown = ", ".join(f"{name} {value:.3f}" for name, value in report.metrics.items())
    click.echo(
        f"trained {report.directory} (version {report.version}) on {report.messages} messages, "
        f"{len(report.labels)} labels, {report.held_out} held out, in {report.seconds:.0f} s"
    )
    click.echo(f"by cross-validation: {shown}")


@classifier.command("predict")
@click.option("--data", required=True, type=_PATH, help="JSON Lines with text.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@model_option
@click.pass_obj
def predict_command(settings: Any, data: Path, as_json: bool, model: Path | None) -> None:
    """Predict each line of a file, in order."""
    with plain_errors():
        from classifier.dataset import read_records, text_of
        from classifier.predict import Classifier

        loaded = Classifier.load(_model_directory(settings, model), _encoder(settings))
        texts = [text_of(record, data, line) for line, record in read_records(data)]
        for text, found in zip(texts, loaded.predict(texts), strict=True):
            if as_json:
                record = {
                    "label": found.label,
                    "probabilities": found.probabilities,
                    "abstain": found.abstain,
                    "words": found.words,
                    "nearest": found.nearest,
                }
                click.echo(json.dumps(record, ensure_ascii=False))
            else:
                sure = max(found.probabilities.values())
                excerpt = " ".join(text.split())[:80]
                click.echo(f"{found.label}\t{sure:.2f}\t{excerpt}")


def _encoder(settings: Any) -> Encoder:
    from kb.encoder import load_encoder

    return load_encoder(getattr(settings, "encoder_model", None))


def _model_directory(settings: Any, model: Path | None) -> Path:
    return model or getattr(settings, "model", None) or _MODEL


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn expected failures into one line and exit status 1."""
    from kb.errors import KnowledgeBaseError

    try:
        yield
    except (ClassifierError, KnowledgeBaseError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def progress_bars() -> Iterator[Any]:
    """Show progress on stderr, one bar for each stage."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr)) as bars:
        stages: dict[str, Any] = {}

        def told(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=total)
            bars.update(stages[stage], completed=done, total=total)

        yield told
