"""`frontline kb tune`: fit the search, or its encoder, to the questions of the base."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bot.cli.knowledge.opening import db_option, opened, stage_bar
from bot.cli.knowledge.records import read_asked, read_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.searching.base import KnowledgeBase
    from kb.tuning.encoder.tuning import EncoderTuning

Confirmed = tuple[str, str, str | None]
"""A query, the article that answered it, and its collection."""

MOST_NAMED = 5
TOO_FEW = (
    "too few questions to tune with; add `questions:` to the articles, learn some with "
    "`frontline kb learn`, or give --confirmed"
)


@click.command("tune")
@click.option(
    "--confirmed",
    type=click.File("r", encoding="utf-8"),
    help="JSON Lines with `query` and the `article` that was confirmed to answer it.",
)
@click.option(
    "--unanswered",
    type=click.File("r", encoding="utf-8"),
    help="JSON Lines with `text`: messages that no article answers.",
)
@click.option(
    "--encoder",
    "folder",
    type=click.Path(path_type=Path),
    help="Train the encoder instead of the weights, and write it into this folder. Takes minutes.",
)
@click.option(
    "--steps",
    type=click.IntRange(1, 5_000),
    help="With --encoder: train for at most so many steps.",
)
@db_option
@click.pass_obj
def tune_command(
    settings: Any,
    confirmed: TextIO | None,
    unanswered: TextIO | None,
    folder: Path | None,
    steps: int | None,
    db_path: Path | None,
) -> None:
    """Fit the search to its questions; keep the result only if unseen ones gain.

    Without --encoder the weights of the search are fitted, and used from then on. With it the
    embedding model is trained, and used once `encoder` in frontline.toml names its folder.
    """
    if folder is not None and unanswered is not None:
        raise click.UsageError("--unanswered is for the weights; an encoder does not learn from it")
    if folder is None and steps is not None:
        raise click.UsageError("--steps belongs to --encoder")
    pairs = _read_confirmed(confirmed) if confirmed is not None else []
    if folder is not None:
        _tune_encoder(settings, db_path, folder, pairs, steps)
        return
    from kb.tuning.weights import tune_weights

    nothing = read_asked(unanswered) if unanswered is not None else []
    with opened(settings, db_path) as base, stage_bar() as told:
        tuning = tune_weights(
            base,
            _known(base, pairs),
            [text for text, _ in nothing],
            progress=lambda done, total: told("asking", done, total),
        )
    if tuning is None:
        raise click.ClickException(TOO_FEW)
    verdict = "kept, searches use it from now on" if tuning.kept else "not better, nothing changed"
    click.echo(
        f"held-out MRR at 5: {tuning.before:.4f} before, {tuning.after:.4f} after; {verdict}"
    )


def _tune_encoder(
    settings: Any,
    db_path: Path | None,
    folder: Path,
    pairs: Sequence[Confirmed],
    steps: int | None,
) -> None:
    from kb.tuning.encoder.trainer import MOST_STEPS
    from kb.tuning.encoder.tuning import tune_encoder

    model = getattr(settings, "encoder_model", None)
    with opened(settings, db_path) as base, stage_bar() as told:
        confirmed = [(query, article) for query, article, _ in _known(base, pairs)]
        tuning = tune_encoder(
            base.store, model, folder, confirmed, most_steps=steps or MOST_STEPS, told=told
        )
    if tuning is None:
        raise click.ClickException(TOO_FEW)
    click.echo(_told(tuning, folder))


def _told(tuning: EncoderTuning, folder: Path) -> str:
    before, after = tuning.before, tuning.after
    figures = f"""\
trained on {tuning.pairs} questions in {tuning.steps} steps; {len(before.ranks)} others asked \
of the whole search:
                                      before   after
  MRR at 5                            {before.mrr:.4f}   {after.mrr:.4f}
  hit rate at 5                       {before.hit_rate:.4f}   {after.hit_rate:.4f}
  MRR, articles it was trained on     {before.mrr_seen:.4f}   {after.mrr_seen:.4f}
  MRR, articles it never saw          {before.mrr_unseen:.4f}   {after.mrr_unseen:.4f}
  the MRR surely gained               {tuning.least_gain:+.4f}"""
    if not tuning.kept:
        return f"{figures}\nnot kept, nothing was written: {'; '.join(tuning.objections)}"
    return f"""{figures}
kept: {folder}
To use it:
  1. in frontline.toml, under [knowledge]:  encoder = "{folder.as_posix()}"
  2. `frontline classifier train`: the classifier was trained with the former encoder
  3. `frontline kb sync` as usual: it embeds every article again (else the next search does)
  4. start the bot again"""


def _known(base: KnowledgeBase, pairs: Sequence[Confirmed]) -> list[Confirmed]:
    """The pairs whose article is there; the others are named."""
    unknown = Counter(article for _, article, home in pairs if not base.article(article, home))
    for article, count in unknown.most_common(MOST_NAMED):
        click.echo(f"{article}: no such article; {count} confirmed answers left out", err=True)
    return [pair for pair in pairs if pair[1] not in unknown]


def _read_confirmed(stream: TextIO) -> list[Confirmed]:
    pairs = []
    for number, record in read_records(stream):
        if "query" not in record or "article" not in record:
            raise click.ClickException(f"{stream.name}:{number}: needs `query` and `article`")
        pairs.append((str(record["query"]), str(record["article"]), record.get("collection")))
    return pairs
