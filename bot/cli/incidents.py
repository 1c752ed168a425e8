"""`frontline incidents`: list them, write the review of one, export all."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.exporting import note_export, scrubbed, written
from bot.cli.options import database_option, store_of
from bot.desk.errors import FrontlineError
from bot.desk.ids import parse_incident_name, ticket_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.incidents import Incident
    from bot.desk.ports.work import UnitOfWork
    from bot.settings.settings import Settings


@click.group()
def incidents() -> None:
    """List incidents, write the review of one, export all."""


@incidents.command("list")
@click.option("--all", "every", is_flag=True, help="Those that ended too.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
@click.pass_obj
def list_command(settings: Settings, every: bool, limit: int, as_json: bool) -> None:
    """List the open incidents, the newest first."""
    with _opened(settings) as uow:
        rows = [_row(uow, each) for each in uow.incidents.listed(limit, ended=every)]
    for row in rows:
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            ended = f", ended {row['ended_at'][:16]}" if row["ended_at"] else ""
            click.echo(
                f"{row['incident']}  {row['title']}  ({row['affected']} reported it, "
                f"owner {row['owner'] or 'nobody'}, {row['ticket']}, "
                f"since {row['opened_at'][:16]}{ended})"
            )
    click.echo(f"{len(rows)} incidents", err=True)


@incidents.command("show")
@click.argument("incident")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with what was told.")
@database_option
@click.pass_obj
def show_command(settings: Settings, incident: str, as_json: bool) -> None:
    """Write the review of INCIDENT, such as INC-7, as Markdown."""
    from bot.service.messages.news import review_on

    number = parse_incident_name(incident)
    if number is None:
        raise click.UsageError(f"{incident!r} is no incident's number; it looks like INC-7")
    with _opened(settings) as uow:
        known = uow.incidents.get(number)
        root = uow.tickets.get(known.root) if known else None
        if known is None or root is None or root.is_restricted:
            raise FrontlineError(f"There is no incident INC-{number} in {settings.db}.")
        told = json.dumps(_whole(uow, known), ensure_ascii=False, indent=2)
        click.echo(told if as_json else scrubbed(review_on(uow, known)))


@incidents.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@database_option
@click.pass_obj
def export_command(settings: Settings, file: Path) -> None:
    """Write all incidents to FILE, as JSON Lines, each with what was told and its review."""
    if file.suffix != ".jsonl":
        raise click.UsageError(f"{file} does not end in .jsonl")
    count = 0
    with _opened(settings) as uow, written(file) as stream:
        for each in uow.incidents.listed(sys.maxsize, ended=True):
            stream.write(json.dumps(_whole(uow, each), ensure_ascii=False) + "\n")
            count += 1
    note_export(settings.db, file, "incidents")
    click.echo(f"{count} incidents written to {file}", err=True)


@contextmanager
def _opened(settings: Settings) -> Iterator[UnitOfWork]:

    with store_of(settings).look() as uow:
        yield uow


def _row(uow: UnitOfWork, incident: Incident) -> dict[str, Any]:
    return {
        "incident": incident.name,
        "title": scrubbed(incident.title),
        "state": incident.state.value,
        "ticket": ticket_name(incident.root),
        "owner": incident.owner,
        "declared_by": incident.declared_by,
        "affected": uow.incidents.affected(incident),
        "opened_at": incident.opened_at.isoformat(),
        "ended_at": incident.ended_at.isoformat() if incident.ended_at else None,
    }


def _whole(uow: UnitOfWork, incident: Incident) -> dict[str, Any]:
    from bot.service.messages.news import review_on

    return {
        **_row(uow, incident),
        "updates": [
            {"at": each.at.isoformat(), "by": each.by, "text": scrubbed(each.text)}
            for each in uow.incidents.updates(incident)
        ],
        "review": scrubbed(review_on(uow, incident)),
    }
