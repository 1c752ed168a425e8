"""`frontline classifier`: train classifiers, ask them, and measure them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from bot.cli.knowledge.opening import stage_bar
from bot.cli.models.configured import (
    PATH,
    configured_encoder,
    data_option,
    judging_messages,
    learned_from,
    model_directory,
    model_option,
    own_data,
)
from bot.cli.models.gate import gate_advice, gate_command
from bot.cli.models.labelling import label_command
from classifier.data.shipped import TRAINING_DATA, shipped_data

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.judging.evaluate import Evaluation
    from classifier.judging.thresholds import Costs

_SHOWN = 20


@click.group()
def classifier() -> None:
    """Train the classifier, ask it, and measure it."""


classifier.add_command(gate_command)
classifier.add_command(label_command)


@classifier.command("train")
@data_option
@click.option("--abstain-label", help="Label of messages that belong to none of the others.")
@model_option
@click.pass_obj
def train_command(
    settings: Any, data: tuple[Path, ...], abstain_label: str | None, model: Path | None
) -> None:
    """Train on labelled messages and write a model directory; the holdout stays out."""
    from classifier.data.labels import LABELS
    from classifier.training.train import load_training_data, train

    sources = data or learned_from(settings)
    with stage_bar() as progress:
        report = train(
            sources,
            model_directory(settings, model),
            configured_encoder(settings),
            abstain_label=abstain_label,
            labels=None if data else LABELS,
            costs=_costs(settings),
            own=() if data else own_data(settings),
            progress=progress,
        )
    shown = ", ".join(
        f"{name.replace('_', ' ')} {value:.3f}" for name, value in report.metrics.items()
    )
    click.echo(
        f"trained {report.directory} (version {report.version}) on {report.messages} messages, "
        f"{len(report.labels)} labels, {report.held_out} held out, in {report.seconds:.0f} s"
    )
    if report.learned < report.messages:
        click.echo(f"learned a sample of {report.learned} messages; more take too long")
    click.echo(f"on messages left out: {shown}")
    absent = [label for label in LABELS if label not in report.labels]
    if absent and set(report.labels) <= set(LABELS):
        click.echo(
            f"no message is labelled {' or '.join(absent)}: this model cannot tell it, and is none "
            "for the desk. Label some, or add the shipped messages: --data training_data",
            err=True,
        )
    click.echo(f"confidence is measured with {report.apart} left out together")
    if report.losses:
        click.echo(_about_shares(report.share))
    if set(report.labels) == set(LABELS):
        advice = gate_advice(settings, load_training_data(sources)[0])
        if advice:
            click.echo(advice)


def _about_shares(share: float) -> str:
    if share == 1.0:
        return "shipped messages count like your own: yours would not gain otherwise"
    return f"beside one of your own messages a shipped one counts for {share:g}: yours gain by it"


@classifier.command("predict")
@click.option("--data", required=True, type=PATH, help="JSON Lines with text.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@model_option
@click.pass_obj
def predict_command(settings: Any, data: Path, as_json: bool, model: Path | None) -> None:
    """Predict each line of a file, in order."""
    from classifier.data.dataset import read_texts
    from classifier.serving.predict import Classifier

    texts = read_texts(data)
    loaded = Classifier.load(model_directory(settings, model), configured_encoder(settings))
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
            click.echo(f"{found.label}\t{sure:.2f}\t{' '.join(text.split())[:80]}")


@classifier.command("evaluate")
@data_option
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@click.option("--report", type=PATH, help="Folder for report.html and report.json.")
@click.option("--baseline", type=PATH, help="Baseline file; exit 1 where a figure fell.")
@click.option("--update", is_flag=True, help="Write this evaluation's figures as the baseline.")
@model_option
@click.pass_obj
def evaluate_command(
    settings: Any,
    data: tuple[Path, ...],
    as_json: bool,
    report: Path | None,
    baseline: Path | None,
    update: bool,
    model: Path | None,
) -> None:
    """Measure a model on labelled messages; on your own holdout, if no --data is given.

    The sample's holdout measures only a desk that has the sample's articles.
    """
    from classifier.judging.evaluate import evaluate
    from classifier.serving.predict import Classifier

    directory = model_directory(settings, model)
    messages = judging_messages(settings, directory, "evaluate", data)
    found = evaluate(Classifier.load(directory, configured_encoder(settings)), messages)
    if report is not None:
        _write_report(found, report)
    click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else _as_text(found))
    if baseline is not None:
        name = "+".join(path.stem for path in data) or "holdout"
        _against_baseline(found, baseline, name, update=update)


@classifier.command("audit")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
@click.pass_obj
def audit_command(settings: Any, data: tuple[Path, ...], as_json: bool) -> None:
    """Look for wrong labels, near-duplicates, shortcuts and thin spots in labelled data."""
    from classifier.features.embedding import embed
    from classifier.judging.audit import audit
    from classifier.training.train import groups_of, load_training_data

    messages, held, _ = load_training_data(data or own_data(settings) or [shipped_data()])
    texts = [message.text for message in [*messages, *held]]
    with stage_bar() as progress:
        inputs = embed(texts, configured_encoder(settings), progress)
        found = audit(messages, held, inputs, groups_of(messages), progress)
    lines = {
        "labels in doubt": [
            f"{d.message.place}: {d.message.label} {d.chance_of_label:.2f}, rather {d.suggested} "
            f"{d.chance_of_suggested:.2f}: {' '.join(d.message.text.split())[:100]}"
            for d in found.doubts
        ],
        "near-duplicates": [
            f"{p.why}: {p.first.place} and {p.second.place} ({p.similarity:.2f})"
            for p in found.pairs
        ],
        "shortcuts": [f"{s.word!r}: {s.share:.0%} {s.label} of {s.count}" for s in found.shortcuts],
        "thin spots": list(found.thin),
    }
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for what, items in lines.items():
        click.echo(f"{what}: {len(items)}")
        for item in items[:_SHOWN]:
            click.echo(f"  {item}")


@classifier.command("freeze-holdout")
@click.option("--data", type=PATH, default=TRAINING_DATA, show_default=True)
@click.option("--whole-author", multiple=True, help="Also hold out all of this author; repeatable.")
def freeze_command(data: Path, whole_author: tuple[str, ...]) -> None:
    """Hold out one scenario in five for good; models trained before must be trained again.

    What is held out already stays so.
    """
    from classifier.data.dataset import read_messages
    from classifier.data.holdout import FILE_NAME, freeze

    holdout = freeze(read_messages(data), data, whole_authors=whole_author)
    click.echo(f"{data / FILE_NAME}: {holdout.rows} messages of {len(holdout.scenarios)} scenarios")


def _write_report(found: Evaluation, folder: Path) -> None:
    from classifier.judging.report import render

    folder.mkdir(parents=True, exist_ok=True)
    title = "How far the classifier can be trusted"
    (folder / "report.html").write_text(render(found.as_json(), title), encoding="utf-8")
    text = json.dumps(found.as_json(), ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(text, encoding="utf-8")
    click.echo(f"wrote {folder / 'report.html'} and report.json", err=True)


def _as_text(found: Evaluation) -> str:
    lines = [f"model {found.version}, {found.rows} messages"]
    lines += [f"  {name.replace('_', ' ')}: {value:.4f}" for name, value in found.figures.items()]
    if found.calling is not None:
        for name in ("must_escalate_recall", "answered", "paged_chat"):
            share = found.calling[name]
            lines.append(
                f"  {name.replace('_', ' ')}: {share['value']:.4f} "
                f"({share['low']:.3f} to {share['high']:.3f})"
            )
        lines.append(f"  expected cost: {found.calling['expected_cost']:.4f}")
    for label, row in list(found.per_label.items())[:_SHOWN]:
        lines.append(
            f"  {label}: precision {row['precision']['value']:.3f}, "
            f"recall {row['recall']['value']:.3f} of {row['recall']['of']}"
        )
    return "\n".join(lines)


def _against_baseline(found: Evaluation, file: Path, name: str, *, update: bool) -> None:
    from classifier.judging import baseline

    figures = baseline.figures_of(found.as_json())
    if update:
        baseline.update(file, name, figures)
        click.echo(f"wrote {file}", err=True)
        return
    worse = baseline.regressions(figures, baseline.read(file, name))
    if worse:
        raise click.ClickException("; ".join(worse))


def _costs(settings: Any) -> Costs:
    """What the classifier alone can get wrong; articles and questions back are the gate's."""
    from dataclasses import fields

    from classifier.judging.thresholds import Costs

    configured = getattr(settings, "costs", {})
    known = {each.name for each in fields(Costs)}
    return Costs(**{name: cost for name, cost in configured.items() if name in known})
