"""`frontline outcomes`: what settled tickets teach, for people and for what learns from them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.exporting import note_export, scrubbed, written
from bot.cli.options import database_option, has_database, store_of
from bot.desk.ids import ticket_name
from bot.desk.learning import confirmed, label_of, unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.learning import Outcome
    from bot.settings.settings import Settings

    Ticket = tuple[Outcome, ...]


@click.group()
def outcomes() -> None:
    """What settled tickets teach."""


@outcomes.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--for", "reader", type=click.Choice(["people", "learn", "tune", "unanswered", "train"]),
    default="people", show_default=True,
    help="people: all facts. learn: kb learn. tune: kb tune --confirmed. unanswered: kb tune "
    "--unanswered. train: classifier train.",
)  # fmt: skip
@click.option("--direct", is_flag=True, help="Those of direct messages too; a card may quote them.")
@database_option
@click.pass_obj
def export_command(settings: Settings, file: Path, reader: str, direct: bool) -> None:
    """Write what settled tickets teach to FILE, as JSON Lines.

    Secrets are masked, restricted tickets left out, and silence is never taken for success.
    """
    from bot.store.database import migrate, reading
    from bot.store.learning.outcomes import SqliteOutcomes

    has_database(settings.db)
    migrate(settings.db)
    told: Counter[str] = Counter()
    count = 0
    with reading(settings.db) as database, written(file) as stream:
        for ticket in SqliteOutcomes(database).by_ticket(direct=direct):
            told.update(each.told.value for each in ticket)
            for row in READERS[reader](ticket):
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    note_export(settings.db, file, "outcomes")
    known = ", ".join(f"{what}: {number}" for what, number in sorted(told.items()))
    click.echo(f"{count} rows written to {file} ({known or 'nothing is settled yet'})", err=True)


@outcomes.command("precision")
@click.option("--since", default="30d", show_default=True, help="How far back: 7d, 30d, 90d.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@database_option
@click.pass_obj
def precision_command(settings: Settings, since: str, as_json: bool) -> None:
    """Say how often automatic answers are right: as engineers find, and as requesters say."""
    from bot.desk.oncall import duration_of
    from bot.service.context import utc_now

    span = duration_of(since)
    if not span:
        raise click.UsageError(f"{since!r} is no length of time; write it as 7d or 30d")
    with store_of(settings).look() as uow:
        found = uow.audits.precision(utc_now() - span)
    if as_json:
        row = {
            name: {"hits": share.hits, "of": share.of, "interval": list(share.interval)}
            for name, share in (("looked_over", found.looked_over), ("confirmed", found.confirmed))
        }
        click.echo(json.dumps({**row, "silent": found.silent, "drifts": found.drifts}))
        return
    click.echo(f"right, as engineers find:    {found.looked_over}")
    click.echo(f"right, as requesters say:    {found.confirmed}")
    click.echo(f"nobody said a word:          {found.silent}")
    if found.drifts:
        click.echo(
            "The two differ beyond chance: look at the answers that were found not right "
            "(`frontline outcomes export`), and fit the gate anew (`frontline classifier gate`).",
            err=True,
        )


def _for_people(ticket: Ticket) -> Iterator[dict[str, Any]]:
    for each in ticket:
        row = {
            "ticket": ticket_name(each.ticket),
            "told": each.told.value,
            "source": each.source,
            "by": each.by,
            "trust": each.trust,
            "at": each.at.isoformat(),
            "text": scrubbed(each.text),
            "article": each.article,
            "label": each.label,
            "stars": each.stars,
            "right": each.right,
            "cause": scrubbed(each.cause),
            "fix": scrubbed(each.fix),
        }
        yield {name: value for name, value in row.items() if value not in {None, ""}}


def _for_learning(ticket: Ticket) -> Iterator[dict[str, Any]]:
    for text, article in confirmed(ticket):
        yield {"text": scrubbed(text), "article": article}


def _for_tuning(ticket: Ticket) -> Iterator[dict[str, Any]]:
    for text, article in confirmed(ticket):
        yield {"query": scrubbed(text), "article": article}


def _for_unanswered(ticket: Ticket) -> Iterator[dict[str, Any]]:
    text = unanswered(ticket)
    if text is not None:
        yield {"text": scrubbed(text)}


def _for_training(ticket: Ticket) -> Iterator[dict[str, Any]]:
    found = label_of(ticket)
    if found is not None:
        yield {"text": scrubbed(found[0]), "label": found[1]}


READERS = {
    "people": _for_people,
    "learn": _for_learning,
    "tune": _for_tuning,
    "unanswered": _for_unanswered,
    "train": _for_training,
}
"""What is written of a ticket, by who reads it."""
