"""`frontline report`: what the desk achieved, what it got wrong, and what to write next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.exporting import note_export, scrubbed, written
from bot.cli.options import database_option, has_database

if TYPE_CHECKING:
    from bot.desk.figures import Panel, Report
    from bot.settings.settings import Settings


@click.command("report")
@click.option("--since", default="30d", show_default=True, help="How far back: 7d, 30d, 365d.")
@click.option(
    "--html", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page with charts to this file; it needs no network.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@database_option
@click.pass_obj
def report(settings: Settings, since: str, file: Path | None, as_json: bool) -> None:
    """Say what the desk achieved, with how far each figure can be trusted. For admins."""
    from bot.desk.oncall import duration_of
    from bot.service.context import utc_now

    span = duration_of(since)
    if not span:
        raise click.UsageError(f"{since!r} is no length of time; write it as 7d or 30d")
    has_database(settings.db)
    now = utc_now()
    try:
        begun = now - span
    except OverflowError:
        raise click.UsageError(f"{since!r} is longer than there is time") from None
    found = _made(settings, begun, now)
    if file is not None:
        from bot.drawing.page import page_of

        with written(file) as stream:
            stream.write(page_of(found, now))
        note_export(settings.db, file, "report")
        click.echo(f"{found.tickets} requests; the page is in {file}", err=True)
    if as_json:
        click.echo(json.dumps(row_of(found), ensure_ascii=False))
    elif file is None:
        _show(found)


def _made(settings: Settings, since: Any, until: Any) -> Report:
    from bot.service.figures.reporting import make_report
    from bot.store.database import migrate, reading
    from bot.store.figures.figures import SqliteFigures, links_of
    from bot.store.figures.keeping import keep_blocks

    migrate(settings.db)
    # What moves no more is counted once for good; the bot does it too, while it serves.
    keep_blocks(settings.db)
    with reading(settings.db) as database:
        figures = SqliteFigures(database, links_of(database))
        return make_report(figures, since, until, settings.groups, scrubbed)


def row_of(report: Report) -> dict[str, Any]:
    """Give a report as programs read it."""
    return {
        "since": report.period.since.isoformat(),
        "until": report.period.until.isoformat(),
        "zone": report.period.zone,
        "requests": report.tickets,
        "notes": list(report.notes),
        "figures": [_figure(panel, report) for panel in report.panels],
    }


def _figure(panel: Panel, report: Report) -> dict[str, Any]:
    from bot.desk.figures import plain

    keys = [column.key for column in panel.columns]
    return {
        "figure": panel.key,
        "title": panel.title,
        "definition": panel.definition,
        "note": panel.note,
        "warning": panel.warning,
        "rows": [
            {
                "label": row.label,
                **dict(zip(keys, plain(row.values), strict=False)),
                "examples": [
                    {"ticket": report.places[each].name, "link": report.places[each].link}
                    for each in row.tickets
                ],
            }
            for row in panel.rows
        ],
    }


def _show(report: Report) -> None:
    from bot.desk.figures import said

    period = report.period
    click.echo(
        f"{period.since:%Y-%m-%d} to {period.until:%Y-%m-%d}: {report.tickets:,} requests"
    )  # fmt: skip
    for panel in report.panels:
        click.echo(f"\n{panel.title}\n  {panel.definition}")
        width = max((len(row.label) for row in panel.rows), default=0)
        names = [column.title for column in panel.columns]
        for row in panel.rows:
            values = [
                said(value) if len(names) == 1 else f"{name}: {said(value)}"
                for name, value in zip(names, row.values, strict=False)
            ]
            tickets = " ".join(report.places[each].name for each in row.tickets)
            click.echo(f"  {row.label:<{min(width, 48)}}  {'; '.join(values)}  {tickets}".rstrip())
        for line in (panel.note, panel.warning):
            if line:
                click.echo(f"  {line}")
    click.echo("\n" + "\n".join(report.notes))
