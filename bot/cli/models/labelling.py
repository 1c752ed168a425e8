"""`frontline classifier label`: one key for each of the messages that teach most."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.models.configured import PATH, configured_encoder, model_directory, model_option

if TYPE_CHECKING:
    from collections.abc import Sequence

KEYS = {"1": "L1", "2": "L2", "3": "L3", "c": "chat"}
HELP = "1 L1   2 L2   3 L3   c chat   Enter as guessed   s skip   u undo   q stop"


@click.command("label")
@click.argument("file", type=PATH)
@click.option(
    "--to",
    type=PATH,
    default=Path("labels/labelled.jsonl"),
    show_default=True,
    help="Where labels are kept.",
)
@click.option("--most", default=100, show_default=True, type=click.IntRange(1, 5_000))
@model_option
@click.pass_obj
def label_command(settings: Any, file: Path, to: Path, most: int, model: Path | None) -> None:
    """Label the messages of FILE that teach most, one key each; go on where you stopped."""
    import numpy as np

    from classifier.data.dataset import read_texts
    from classifier.judging.teaching import most_telling
    from classifier.serving.predict import Classifier

    known = {" ".join(text.casefold().split()) for text in read_texts(to)} if to.exists() else set()
    texts = {" ".join(text.casefold().split()): text for text in read_texts(file) if text.strip()}
    waiting = [text for key, text in texts.items() if key not in known]
    if not waiting:
        raise click.ClickException(f"{file}: every message of it is labelled in {to}")
    encoder = configured_encoder(settings)
    found = Classifier.load(model_directory(settings, model), encoder).predict(waiting)
    proba = np.array([list(each.probabilities.values()) for each in found])
    rows = most_telling(proba, encoder.encode(waiting), most)
    to.parent.mkdir(parents=True, exist_ok=True)
    labelled = _asked([waiting[row] for row in rows], [found[row].label for row in rows], to)
    click.echo(f"{labelled} labelled in {to}; next: `frontline classifier train`")


def _asked(texts: Sequence[str], guesses: Sequence[str], to: Path) -> int:
    """Ask for each; every label is on disk before the next is asked."""
    done: list[int] = []
    place = 0
    click.echo(HELP)
    while place < len(texts):
        click.echo(f"\n{place + 1}/{len(texts)}  {' '.join(texts[place].split())[:500]}")
        click.echo(f"guess: {guesses[place]}", nl=False)
        key = click.getchar().lower()
        click.echo(f"  {key.strip()}")
        if key in {"q", "\x03", "\x04"}:
            break
        if key == "u":
            place = _undone(done, to, place)
            continue
        label = guesses[place] if key in {"\r", "\n"} else KEYS.get(key)
        if label is None and key != "s":
            click.echo(HELP)
            continue
        if label is not None:
            with to.open("a", encoding="utf-8") as stream:
                line = {"text": texts[place], "label": label}
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            done.append(place)
        place += 1
    return len(done)


def _undone(done: list[int], to: Path, place: int) -> int:
    """Take the last label of this sitting back, and ask for its message again."""
    if not done:
        click.echo("nothing to undo")
        return place
    lines = to.read_text(encoding="utf-8").splitlines(keepends=True)
    to.write_text("".join(lines[:-1]), encoding="utf-8")
    return done.pop()
