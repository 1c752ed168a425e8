"""`frontline kb`: bring in articles, search them, look after them."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bot.cli.knowledge.areas import areas_command
from bot.cli.knowledge.drafts import drafts_command
from bot.cli.knowledge.gaps import gaps_command
from bot.cli.knowledge.learning import learn_command, learn_configured
from bot.cli.knowledge.live import bring_in, chosen, refuse_failures, sources_command
from bot.cli.knowledge.opening import db_option, going_on, opened, progress_bar, stage_bar
from bot.cli.knowledge.records import Asked, read_asked
from bot.cli.knowledge.removing import remove_command
from bot.cli.knowledge.tuning import tune_command
from bot.cli.knowledge.updates import needs_update_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.searching.base import Explanation, Hit, KnowledgeBase

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group()
def kb() -> None:
    """Bring in articles, search them, look after them."""


@kb.command("sync")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--collection", default="default", show_default=True, help="Where they belong.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Remove articles that these paths no longer have.")
@click.option("--link", help="Where the collection is read: https://help.example/{id}.")
@click.option(
    "--visible-to",
    multiple=True,
    callback=lambda _context, _option, names: tuple(_group(name) for name in names),
    help="Slack user group (managers) or channel (#people) that may see it; repeatable. Else all.",
)
@click.option("--source", "names", multiple=True, help="A live source by its name; repeatable.")
@click.option("--gently", is_flag=True, help="Give way to all else, as `frontline serve` does it.")
@db_option
@click.pass_obj
def sync_command(
    settings: Any,
    paths: tuple[Path, ...],
    names: tuple[str, ...],
    gently: bool,
    collection: str,
    dry_run: bool,
    prune: bool,
    link: str | None,
    visible_to: tuple[str, ...],
    db_path: Path | None,
) -> None:
    """Read articles from files and folders, and embed what is new.

    Without PATHS, those that `[knowledge] sources` names, and the live sources.
    """
    from kb.errors import KnowledgeBaseError

    if names and (paths or dry_run):
        raise click.UsageError("--source is for live sources alone, without PATHS and --dry-run")
    live = chosen(settings, names) if names or (not paths and settings and not dry_run) else ()
    away: tuple[str, ...] = ()
    if not names and (paths or not live or _has_sources(settings)):
        away = _sync_paths(
            settings,
            paths or _sources(settings),
            db_path,
            collection=collection,
            dry_run=dry_run,
            prune=prune,
            link=link,
            visible_to=visible_to,
        )
    if live:
        settings.db = db_path or settings.db
        failed = bring_in(settings, live, prune=prune and bool(names), gently=gently)
        refuse_failures(failed, len(live))
    if away:
        # Whoever lets it run by itself has to hear of it.
        raise KnowledgeBaseError(
            f"nothing could be read of {', '.join(away)}; what they gave before is kept"
        )


def _sync_paths(
    settings: Any,
    paths: tuple[Path, ...],
    db_path: Path | None,
    *,
    collection: str,
    dry_run: bool,
    prune: bool,
    link: str | None,
    visible_to: tuple[str, ...],
) -> tuple[str, ...]:
    from kb.tuning.calibrating import calibrate

    with going_on(), opened(settings, db_path) as base, stage_bar() as told:
        progress = partial(told, "embedding")
        report = base.sync(
            paths,
            collection=collection,
            dry_run=dry_run,
            prune=prune,
            link=link,
            visible_to=visible_to or None,
            progress=progress,
            reading=partial(told, "reading"),
        )
        learned = 0 if dry_run else learn_configured(base, _questions(settings), progress)
        if not dry_run:
            base.refresh(progress)
        changed = report.added + report.changed + report.removed + learned
        if not dry_run and (changed or base.store.is_large()):
            # Here, not in somebody's search: a large base takes minutes to index.
            base.prepare(partial(told, "indexing"))
        scale = None if dry_run else calibrate(base, partial(told, "calibrating"))
    for named in (*report.passed_over, *report.problems):
        click.echo(named, err=True)
    click.echo(
        f"{'would be ' if dry_run else ''}added {report.added}, changed {report.changed}, "
        f"unchanged {report.unchanged}, removed {report.removed}, "
        f"not read {len(report.problems)}"
        + (f", passed over {len(report.passed_over)}" if report.passed_over else "")
        + (f", questions learned {learned}" if learned else "")
    )
    if scale is not None and changed:
        click.echo(scale.told(), err=True)
    return report.away


def _has_sources(settings: Any) -> bool:
    return settings is not None and "sources" in settings.file.knowledge.model_fields_set


def _sources(settings: Any) -> tuple[Path, ...]:
    if not _has_sources(settings):
        raise click.UsageError("give PATHS, or name them as `sources` under [knowledge]")
    return tuple(settings.file.knowledge.sources)


def _group(name: str) -> str:
    """A group's handle or channel as Slack has it: `@Managers` is `managers`."""
    plain = name.strip().removeprefix("@").lower()
    if not plain.strip("#"):
        raise click.BadParameter("give a user group's handle (managers) or a channel (#people)")
    return plain


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
    asked: list[Asked] = read_asked(batch) if batch is not None else [(query or "", None)]
    with opened(settings, db_path) as base:
        with progress_bar() as progress:
            base.refresh(progress)
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
    from kb.tuning.lint import lint

    with opened(settings, db_path) as base, stage_bar() as told:
        findings = lint(base.store.articles(), base.encoder, partial(told, "looking them over"))
        count, scaffolds = base.count(), base.scaffolds()
    for finding in findings:
        if as_json:
            click.echo(json.dumps(vars(finding), ensure_ascii=False))
        else:
            click.echo(f"{finding.article}: {finding.kind}: {finding.message}")
    for each in scaffolds:
        if as_json:
            click.echo(
                json.dumps({"file": str(each.file), "kind": "scaffold", "message": each.why})
            )
        else:
            click.echo(f"{each.file}: scaffold: {each.why}; it is not searched")
    lost = len({finding.article for finding in findings})
    click.echo(f"{len(findings)} findings in {lost} of {count} articles", err=True)
    if any(finding.kind == "question" for finding in findings):
        click.echo(
            "Each sample question was asked while it was kept from the index. One that is lost: "
            "say it in the article's own words, too, or move it to the article that wins it.",
            err=True,
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
kb.add_command(tune_command)
kb.add_command(gaps_command)
kb.add_command(drafts_command)
kb.add_command(remove_command)
kb.add_command(sources_command)
kb.add_command(areas_command)
kb.add_command(needs_update_command)
