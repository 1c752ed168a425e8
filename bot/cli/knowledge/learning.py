"""`frontline kb learn`: find articles through questions that they are known to answer."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.exporting import scrubbed
from bot.cli.knowledge.opening import db_option, opened, stage_bar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from classifier.data.holdout import Holdout
    from kb.searching.base import KnowledgeBase

MOST_NAMED = 5


@click.command("learn")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--collection", help="Take the articles from this collection only.")
@db_option
@click.pass_obj
def learn_command(
    settings: Any, paths: tuple[Path, ...], collection: str | None, db_path: Path | None
) -> None:
    """Learn which questions an article answers, from PATHS: files or folders of JSON Lines.

    Rows have `text` and `article`; rows without an article are passed over. What a holdout.json
    beside the rows keeps from training is not learned either.
    """
    pairs, without, held = _pairs(paths)
    with opened(settings, db_path) as base, stage_bar() as told:
        report = base.learn(pairs, collection=collection, progress=partial(told, "embedding"))
        base.prepare(partial(told, "indexing"))
    for article, count in Counter(report.unknown).most_common(MOST_NAMED):
        click.echo(f"{article}: no such article; {count} questions not learned", err=True)
    click.echo(
        f"learned {report.added}, known {report.known}, without an article {without}, "
        f"of an unknown article {len(report.unknown)}, held out {held}"
    )


def learn_configured(
    base: KnowledgeBase, paths: Sequence[Path], progress: Callable[[int, int], None]
) -> int:
    """Learn the questions that the configuration names, as far as their articles are there."""
    there = [path for path in paths if path.exists()]
    if not there or base.count() == 0:
        return 0
    pairs, _, _ = _pairs(there)
    return base.learn(pairs, progress=progress).added


def _pairs(paths: Sequence[Path]) -> tuple[list[tuple[str, str]], int, int]:
    """(question, article) pairs; how many rows had no article; how many are held out."""
    from classifier.data.dataset import find_files, read_records, text_of
    from classifier.errors import DataError

    pairs: list[tuple[str, str]] = []
    without = 0
    kept_out: list[str] = []
    try:
        for file in find_files(list(paths)):
            holdout = _holdout(file)
            for line, record in read_records(file):
                text = text_of(record, file, line)
                article = record.get("article")
                if holdout is not None and record.get("scenario") in holdout.scenarios:
                    kept_out.append(_key(text))
                elif article is None or article == "":
                    without += 1
                else:
                    pairs.append((scrubbed(text), str(article)))
    except DataError as error:
        raise click.ClickException(str(error)) from error
    # A text that is held out is not learned, whatever file repeats it.
    hidden = set(kept_out)
    learnable = [pair for pair in pairs if _key(pair[0]) not in hidden]
    return learnable, without, len(kept_out) + len(pairs) - len(learnable)


def _holdout(file: Path) -> Holdout | None:
    """The holdout of the data that a file belongs to: beside it, or one folder above."""
    from classifier.data.holdout import load_holdout

    return load_holdout(file.parent) or load_holdout(file.absolute().parent.parent)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
