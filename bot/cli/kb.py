"""`frontline kb`: bring in articles, search them, look after them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bot.cli.learning import learn_command, learn_configured
from bot.cli.opening import db_option, opened, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.search import Explanation, Hit, KnowledgeBase

Asked = tuple[str, str | None]
"""A query and its own collection."""

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def kb() -> None:
    """Bring in articles, search them, look after them."""


@kb.command("sync")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", default="default", show_default=True, help="Where they belong.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Remove articles that these paths no longer have.")
@click.option("--link", help="Where the collection is read: https://help.example/{id}.")
@click.option("--visible-to", multiple=True, help="Group that may see it; repeatable. Else all.")
@db_option
@click.pass_obj
def sync_command(
    settings: Any,
    paths: tuple[Path, ...],
    collection: str,
    dry_run: bool,
    prune: bool,
    link: str | None,
    visible_to: tuple[str, ...],
    db_path: Path | None,
) -> None:
    """Read articles from files and folders, and embed what is new."""
    with opened(settings, db_path) as base, progress_bar() as progress:
        report = base.sync(
            paths,
            collection=collection,
            dry_run=dry_run,
            prune=prune,
            link=link,
            visible_to=visible_to or None,
            progress=progress,
        )
        learned = 0 if dry_run else learn_configured(base, _questions(settings), progress)
        if not dry_run and report.added + report.changed + report.removed:
            # Here, not in somebody's search: a large base takes minutes to index.
            base.prepare()
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(
        f"{'would be ' if dry_run else ''}added {report.added}, changed {report.changed}, "
        f"unchanged {report.unchanged}, removed {report.removed}, "
        f"not read {len(report.problems)}" + (f", questions learned {learned}" if learned else "")
    )


def _questions(settings: Any) -> tuple[Path, ...]:
    return settings.file.knowledge.questions if settings is not None else ()


@kb.command("search")
@click.argument("query", required=False)
@click.option("--batch", type=click.File("r", encoding="utf-8"), help="JSON Lines with `query`.")
@click.option("--collection", help="Search only this collection.")
@click.option("--viewer-group", multiple=True, help="Search as a member of this group; repeatable.")
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
    viewer_group: tuple[str, ...],
    top: int,
    explain: bool,
    as_json: bool,
    db_path: Path | None,
) -> None:
    """Find the articles that answer QUERY, or each query of a file."""
    if (query is None) == (batch is None):
        raise click.UsageError("give either a QUERY or --batch FILE")
    asked: list[Asked] = _read_batch(batch) if batch is not None else [(query or "", None)]
    with opened(settings, db_path) as base:
        if explain:
            for text, own in asked:
                found = base.explain(text, collection=collection or own, top=top)
                click.echo(_explained(text, found))
            return
        for text, hits in _answers(base, asked, collection, top, viewer_group or None):
            click.echo(_as_json(text, hits) if as_json else _as_text(text, hits))


@kb.command("lint")
@json_option
@db_option
@click.pass_obj
def lint_command(settings: Any, as_json: bool, db_path: Path | None) -> None:
    """Find duplicates, broken links, and articles that lose their own questions."""
    with opened(settings, db_path) as base:
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
@click.option(
    "--unanswered",
    type=click.File("r", encoding="utf-8"),
    help="JSON Lines with `text`: messages that no article answers.",
)
@db_option
@click.pass_obj
def tune_command(
    settings: Any, confirmed: TextIO | None, unanswered: TextIO | None, db_path: Path | None
) -> None:
    """Fit the search to the sample questions; keep it only if unseen ones gain."""
    pairs = _read_confirmed(confirmed) if confirmed is not None else []
    nothing = _read_batch(unanswered) if unanswered is not None else []
    with opened(settings, db_path) as base:
        tuning = base.tune(pairs, [text for text, _ in nothing])
    if tuning is None:
        raise click.ClickException(
            "too few questions to tune with; add `questions:` to the articles, or give --confirmed"
        )
    verdict = "kept" if tuning.kept else "not better, nothing changed"
    click.echo(
        f"held-out MRR at 5: {tuning.before:.4f} before, {tuning.after:.4f} after; {verdict}"
    )


def _answers(
    base: KnowledgeBase,
    asked: Sequence[Asked],
    collection: str | None,
    top: int,
    viewer_groups: Sequence[str] | None,
) -> Iterator[tuple[str, list[Hit]]]:
    # A line's own collection counts unless the command names one for all.
    wanted = [collection if collection is not None else own for _, own in asked]
    found: dict[int, list[Hit]] = {}
    for name in dict.fromkeys(wanted):
        rows = [row for row, own in enumerate(wanted) if own == name]
        batches = base.search_batch(
            [asked[row][0] for row in rows],
            collection=name,
            top=top,
            viewer_groups=viewer_groups,
        )
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
            "url": hit.url,
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


kb.add_command(learn_command)
