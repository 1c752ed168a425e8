"""`frontline kb`: bring in articles and search them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from kb.encoder import load_encoder
from kb.errors import KnowledgeBaseError
from kb.search import Hit, KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEFAULT_DB = Path("frontline.db")

db_option = click.option(
    "--db",
    "db_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Database to use instead of the configured one.",
)


@click.group()
def kb() -> None:
    """Bring in articles, and search them."""


@kb.command("sync")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", default="default", show_default=True, help="Where they belong.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Remove articles that these paths no longer have.")
@db_option
@click.pass_obj
def sync_command(
    settings: Any,
    paths: tuple[Path, ...],
    collection: str,
    dry_run: bool,
    prune: bool,
    db_path: Path | None,
) -> None:
    """Read articles from files and folders, and embed what is new."""
    with _opened(settings, db_path) as base, _progress() as progress:
        report = base.sync(
            paths, collection=collection, dry_run=dry_run, prune=prune, progress=progress
        )
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(
        f"{'would be ' if dry_run else ''}added {report.added}, changed {report.changed}, "
        f"unchanged {report.unchanged}, removed {report.removed}, "
        f"not read {len(report.problems)}"
    )


@kb.command("search")
@click.argument("query", required=False)
@click.option("--batch", type=click.File("r", encoding="utf-8"), help="JSON Lines with `query`.")
@click.option("--collection", help="Search only this collection.")
@click.option("--top", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a query.")
@db_option
@click.pass_obj
def search_command(
    settings: Any,
    query: str | None,
    batch: TextIO | None,
    collection: str | None,
    top: int,
    as_json: bool,
    db_path: Path | None,
) -> None:
    """Find the articles that answer QUERY, or each query of a file."""
    if (query is None) == (batch is None):
        raise click.UsageError("give either a QUERY or --batch FILE")
    asked = _read_batch(batch) if batch is not None else [(query or "", None)]
    with _opened(settings, db_path) as base:
        for text, hits in _answers(base, asked, collection, top):
            click.echo(_as_json(text, hits) if as_json else _as_text(text, hits))


def _answers(
    base: KnowledgeBase,
    asked: list[tuple[str, str | None]],
    collection: str | None,
    top: int,
) -> Iterator[tuple[str, list[Hit]]]:
    # A line's own collection counts unless the command names one for all.
    wanted = [collection if collection is not None else own for _, own in asked]
    found: dict[int, list[Hit]] = {}
    for name in dict.fromkeys(wanted):
        rows = [row for row, own in enumerate(wanted) if own == name]
        batches = base.search_batch([asked[row][0] for row in rows], collection=name, top=top)
        found.update(zip(rows, batches, strict=True))
    for row, (text, _) in enumerate(asked):
        yield text, found[row]


def _read_batch(batch: TextIO) -> list[tuple[str, str | None]]:
    asked = []
    for number, line in enumerate(batch, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            query = record.get("query", record.get("text"))
            asked.append((str(query if query is not None else ""), record.get("collection")))
        except (ValueError, AttributeError) as error:
            raise click.ClickException(
                f"{batch.name}:{number}: is not a JSON object with a query ({error})"
            ) from error
    return asked


def _as_json(query: str, hits: list[Hit]) -> str:
    found = [
        {
            "article": hit.article,
            "score": round(hit.score, 6),
            "passage": hit.passage,
            "title": hit.title,
            "heading": hit.heading,
            "collection": hit.collection,
        }
        for hit in hits
    ]
    return json.dumps({"query": query, "hits": found}, ensure_ascii=False)


def _as_text(query: str, hits: list[Hit]) -> str:
    if not hits:
        return f"{query}\n  nothing found"
    lines = [query]
    for hit in hits:
        excerpt = " ".join(hit.passage.split())[:100]
        lines.append(f"  {hit.score:.2f}  {hit.article}  {hit.title}\n        {excerpt}")
    return "\n".join(lines)


@contextmanager
def _opened(settings: Any, db_path: Path | None) -> Iterator[KnowledgeBase]:
    path = db_path or getattr(settings, "db", None) or _DEFAULT_DB
    try:
        base = KnowledgeBase.open(path, load_encoder(getattr(settings, "encoder_model", None)))
        try:
            yield base
        finally:
            base.close()
    except KnowledgeBaseError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _progress() -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(
        "embedding", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as bar:
        task = bar.add_task("embedding", total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)
