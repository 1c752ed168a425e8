"""`frontline model`: which classifier serves, which served before, which decides along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.cli.models.configured import (
    PATH,
    configured_encoder,
    data_option,
    judging_messages,
    model_directory,
    model_option,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def model() -> None:
    """List models, and choose which one serves."""


@model.command("list")
@model_option
@click.pass_obj
def list_command(settings: Any, model: Path | None) -> None:
    """List the serving model and the former ones."""
    from classifier.registry.models import Registry

    entries = Registry(model_directory(settings, model)).entries()
    if not entries:
        raise click.ClickException("no model yet; run `frontline classifier train`")
    for entry in entries:
        figures = entry.manifest.get("metrics", {})
        macro = f"macro-F1 {figures['macro_f1']:.3f}" if "macro_f1" in figures else ""
        click.echo(f"{entry.version}  {entry.state}  {macro}  {entry.directory}")


@model.command("promote")
@click.argument("candidate", type=PATH)
@click.option("--force", is_flag=True, help="Promote even if the holdout speaks against it.")
@data_option
@model_option
@click.pass_obj
def promote_command(
    settings: Any, candidate: Path, force: bool, data: tuple[Path, ...], model: Path | None
) -> None:
    """Let CANDIDATE serve, if your own holdout says that it is no worse and cheaper.

    --data are labelled messages to judge by instead, which neither model learned.
    """
    from classifier.judging.evaluate import evaluate
    from classifier.registry.models import Registry, compare
    from classifier.serving.predict import Classifier

    directory = model_directory(settings, model)
    registry, encoder = Registry(directory), configured_encoder(settings)
    challenger = Classifier.load(candidate, encoder)
    if directory.is_dir() and not force:
        messages = judging_messages(settings, directory, f"promote {challenger.version}", data)
        calling = [
            evaluate(one, messages).calling
            for one in (Classifier.load(directory, encoder), challenger)
        ]
        if calling[0] is None or calling[1] is None:
            raise click.ClickException(
                "not models of the desk's labels, so the holdout cannot judge; use --force"
            )
        verdict = compare(calling[0], calling[1])
        for reason in verdict.reasons:
            click.echo(reason)
        if not verdict.accepted:
            raise click.ClickException(f"{candidate}: not promoted; the old model goes on serving")
    click.echo(f"now serving {registry.promote(candidate)}")


@model.command("rollback")
@model_option
@click.pass_obj
def rollback_command(settings: Any, model: Path | None) -> None:
    """Let the model serve again that served before."""
    from classifier.registry.models import Registry

    click.echo(f"now serving {Registry(model_directory(settings, model)).rollback()}")


@model.command("shadow")
@click.argument("candidate", type=PATH, required=False)
@click.option("--off", is_flag=True, help="End it.")
@model_option
@click.pass_obj
def shadow_command(settings: Any, candidate: Path | None, off: bool, model: Path | None) -> None:
    """Let CANDIDATE decide along, unheard: what it says is logged beside the model's."""
    from classifier.registry.models import Registry

    if off == (candidate is not None):
        raise click.UsageError("give either a CANDIDATE or --off")
    registry = Registry(model_directory(settings, model))
    registry.shadow(candidate)
    click.echo("shadow off" if off else f"{candidate} decides along; see {registry.archive}")
