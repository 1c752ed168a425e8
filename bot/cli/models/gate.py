"""`frontline classifier gate`: fits how model and search decide together, or says why not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from bot.cli.knowledge.opening import db_option, opened, stage_bar
from bot.cli.models.configured import (
    configured_encoder,
    data_option,
    ids_of_base,
    model_directory,
    model_option,
    own_data,
)
from classifier.data.shipped import shipped_data

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.fitting.gate import OfBase
    from classifier.data.dataset import Message
    from classifier.judging.metrics import Floats

_NAMED = 5


@click.command("gate")
@data_option
@db_option
@model_option
@click.option("--json", "as_json", is_flag=True, help="What is written, as one JSON object.")
@click.pass_obj
def gate_command(
    settings: Any, data: tuple[Path, ...], db_path: Path | None, model: Path | None, as_json: bool
) -> None:
    """Fit how the model and the search decide together, on messages that neither had learned.

    --data are labelled messages with `article`; what the model learned of them is asked as if
    it had not. What is fitted goes into the model's manifest, and a running bot takes it up by
    itself. A gate that would answer nothing, or everything, is not written.
    """
    from bot.desk.deciding import Costs, Policy
    from bot.fitting.gate import (
        Budget,
        as_manifest,
        decide_crossed,
        fit_gate,
        leave_out,
        objection,
        of_base,
    )
    from bot.fitting.judging import measure
    from classifier.registry import artifact
    from classifier.training.train import groups_of, load_training_data

    directory = model_directory(settings, model)
    labelled = load_training_data(data or own_data(settings) or [shipped_data()])[0]
    with opened(settings, db_path) as base, stage_bar() as progress:
        articles = base.store.articles()
        if not articles:
            raise click.ClickException("no articles yet; run `frontline kb sync PATHS`")
        kept = of_base(labelled, {article.id for article in articles})
        _say_lost(kept)
        messages, proba = _asked(directory, kept.messages, settings)
        judged = leave_out(
            messages=messages,
            proba=proba,
            groups=groups_of(messages),
            articles=articles,
            encoder=configured_encoder(settings),
            progress=progress,
            state=None if base.learned else base.search_state(),
        )
    costs, budget = Costs(**settings.costs), Budget(**settings.budget)
    gate = fit_gate(judged, costs, budget)
    policy = replace(Policy.from_thresholds(gate.thresholds), costs=costs)
    figures = measure(judged, decide_crossed(judged, policy), costs)
    if refused := objection(figures, judged):
        raise click.ClickException(f"{refused}. Nothing was written; the gate is as it was")
    written = as_manifest(gate, budget, figures, len(judged))
    artifact.amend(directory, {"gate": written})
    click.echo(json.dumps(written) if as_json else _as_text(directory, written))


def gate_advice(settings: Any, messages: Sequence[Message]) -> str:
    """Say what `gate` can do with what a model was just trained on; empty before a first sync."""
    from bot.fitting.gate import of_base, too_little

    ids = ids_of_base(settings)
    if not ids:
        return ""
    why = too_little(of_base(messages, ids))
    if why:
        return f"the gate stays as it is: {why}"
    return "next: `frontline classifier gate` fits it to the search over your articles"


def _say_lost(kept: OfBase) -> None:
    from bot.fitting.gate import too_little

    if kept.lost:
        count = sum(kept.lost.values())
        most = ", ".join(f"{name} ({many})" for name, many in kept.lost.most_common(_NAMED))
        more = ", …" if len(kept.lost) > _NAMED else ""
        click.echo(
            f"left out {count} of {count + len(kept.messages)} messages: the articles that they "
            f"name are not in this base: {most}{more}",
            err=True,
        )
    if why := too_little(kept):
        raise click.ClickException(f"no gate was fitted: {why}")


def _asked(
    directory: Path, messages: Sequence[Message], settings: Any
) -> tuple[list[Message], Floats]:
    """Ask the model for each message: as if it had not learned it, where it has."""
    import numpy as np

    from classifier.data.labels import LABELS
    from classifier.judging.thresholds import left_out
    from classifier.serving.predict import Classifier

    def unseen(texts: Sequence[str]) -> Floats:
        found = Classifier.load(directory, configured_encoder(settings)).predict(texts)
        return np.array([[each.probabilities[name] for name in LABELS] for each in found])

    return left_out(directory, messages, unseen)


def _as_text(directory: Path, gate: dict[str, Any]) -> str:
    thresholds = ", ".join(f"{name} {value:.3f}" for name, value in gate["thresholds"].items())
    lines = [
        f"gate of {directory} fitted on {gate['messages']} messages: {thresholds}",
        "answer_at   answered of L1 with an article   wrong of answers",
    ]
    lines += [
        f"     {point['answer_at']:.2f}   {point['answered']:28.3f}   {point['wrong']:16.3f}"
        for point in gate["risk_coverage"]
    ]
    lines.append("on messages left out:")
    lines += [f"  {name.replace('_', ' ')}: {value:.3f}" for name, value in gate["figures"].items()]
    return "\n".join(lines)
