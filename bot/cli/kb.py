"""`frontline kb`: bring in articles, search them, look after them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kb.search import Explanation, Hit, KnowledgeBase

DEFAULT_DB = Path("frontline.db")

Asked = tuple[str, str | None]
"""A query and its own collection."""

db_option = click.option(
    "--db",
    "db_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Database to use instead of the configured one.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def kb() -> None:
    """Bring in articles, search them, look after them."""


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
@click.option("--explain", is_flag=True, help="Show what each part of the search contributed.")
@json_option
@db_option
@click.pass_obj
def search_command(
    settings: Any,
    query: str | None,
    batch: TextIO | None,
    collection: str | None,
    top: int,
    explain: bool,
    as_json: bool,
    db_path: Path | None,
) -> None:
    """Find the articles that answer QUERY, or each query of a file."""
    if (query is None) == (batch is None):
        raise click.UsageError("give either a QUERY or --batch FILE")
    asked: list[Asked] = _read_batch(batch) if batch is not None else [(query or "", None)]
    with _opened(settings, db_path) as base:
        if explain:
            for text, own in asked:
                found = base.explain(text, collection=collection or own, top=top)
                click.echo(_explained(text, found))
            return
        for text, hits in _answers(base, asked, collection, top):
            click.echo(_as_json(text, hits) if as_json else _as_text(text, hits))


@kb.command("lint")
@json_option
@db_option
@click.pass_obj
def lint_command(settings: Any, as_json: bool, db_path: Path | None) -> None:
    """Find duplicates, broken links, and articles that lose their own questions."""
    with _opened(settings, db_path) as base:
        findings = base.lint()
        count = base.count()
    for finding in findings:
        if as_json:
            click.echo(json.dumps(vars(finding), ensure_ascii=False))
        else:
            click.echo(f"{finding.article}: {finding.kind}: {finding.message}")
    lost = len({finding.article for finding in findings})
    click.echo(f"{len(findings)} findings in {lost} of {count} articles", err=True)


@kb.command("tune")
@click.option(
    "--confirmed",
    type=click.File("r", encoding="utf-8"),
    help="JSON Lines with `query` and the `article` that was confirmed to answer it.",
)
@db_option
@click.pass_obj
def tune_command(settings: Any, confirmed: TextIO | None, db_path: Path | None) -> None:
    """Fit the search to the sample questions; keep it only if unseen ones gain."""
    pairs = _read_confirmed(confirmed) if confirmed is not None else []
    with _opened(settings, db_path) as base:
        tuning = base.tune(pairs)
    if tuning is None:
        raise click.ClickException(
            "too few questions to tune with; add `questions:` to the articles, or give --confirmed"
        )
    verdict = "kept" if tuning.kept else "not better, nothing changed"
    click.echo(
        f"held-out MRR at 5: {tuning.before:.4f} before, {tuning.after:.4f} after; {verdict}"
    )


def _answers(
    base: KnowledgeBase, asked: Sequence[Asked], collection: str | None, top: int
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


def _records(stream: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield number, _record(f"{stream.name}:{number}", line)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{stream.name}: is not UTF-8 text; save it as UTF-8") from error


def _record(place: str, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise click.ClickException(f"{place}: is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise click.ClickException(f"{place}: is not a JSON object; one object a line")
    return record


def _read_batch(batch: TextIO) -> list[Asked]:
    asked: list[Asked] = []
    for number, record in _records(batch):
        query = record.get("query", record.get("text"))
        if query is None:
            raise click.ClickException(f"{batch.name}:{number}: has no `query`")
        collection = record.get("collection")
        asked.append((str(query), None if collection is None else str(collection)))
    return asked


def _read_confirmed(stream: TextIO) -> list[tuple[str, str, str | None]]:
    pairs = []
    for number, record in _records(stream):
        if "query" not in record or "article" not in record:
            raise click.ClickException(f"{stream.name}:{number}: needs `query` and `article`")
        pairs.append((str(record["query"]), str(record["article"]), record.get("collection")))
    return pairs


def _as_json(query: str, hits: Sequence[Hit]) -> str:
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


def _as_text(query: str, hits: Sequence[Hit]) -> str:
    if not hits:
        return f"{query}\n  nothing found"
    lines = [query]
    for hit in hits:
        excerpt = " ".join(hit.passage.split())[:100]
        lines.append(f"  {hit.score:.2f}  {hit.article}  {hit.title}\n        {excerpt}")
    return "\n".join(lines)


def _explained(query: str, found: Sequence[Explanation]) -> str:
    lines = [query]
    for one in found:
        parts = "  ".join(f"{name} {value:.2f}" for name, value in one.parts.items())
        lines.append(f"  {one.score:.2f}  {one.article}\n        sum {one.fused:.3f} = {parts}")
    return "\n".join(lines)


@contextmanager
def _opened(settings: Any, db_path: Path | None) -> Iterator[KnowledgeBase]:
    from kb.encoder import load_encoder
    from kb.errors import KnowledgeBaseError
    from kb.search import KnowledgeBase

    path = db_path or getattr(settings, "db", None) or DEFAULT_DB
    try:
        base = KnowledgeBase.open(path, load_encoder(getattr(settings, "encoder_model", None)))
        try:
            yield base
        finally:
            base.close()
    except KnowledgeBaseError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("embedding", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("embedding", total=None, visible=False)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        yield show
