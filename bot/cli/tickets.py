"""`frontline tickets`: list them, show one whole, export all, and give labels for training."""

from __future__ import annotations

import csv
import getpass
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.exporting import note_export, scrubbed, written
from bot.cli.options import database_option, has_database
from bot.desk.errors import FrontlineError
from bot.desk.ids import UserId, parse_ticket_name
from bot.desk.tickets import LOOKED, TicketState, Viewer
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.desk.ids import TicketId
    from bot.desk.views import Passage, TicketRecord, TicketSummary
    from bot.settings.settings import Settings
    from bot.store.views.records import SqliteRecords

COLUMNS = (
    "ticket", "state", "resolution", "priority", "tier", "group", "assignee", "requester",
    "opened_at", "updated_at", "due", "question",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run a cell that begins like this."""

QUESTION = 60


@click.group()
def tickets() -> None:
    """List tickets, show one whole, export all."""


@tickets.command("list")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([s.value for s in TicketState]),
    help="Default: those that are not settled. May be given several times.",
)  # fmt: skip
@click.option("--tier", type=click.Choice(["L2", "L3"]), help="Where it is, or was last.")
@click.option("--mine", "requester", metavar="USER", help="Only what this person asked.")
@click.option("--since", type=click.DateTime(), help="Opened since then, in UTC.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@database_option
@click.pass_obj
def list_command(
    settings: Settings,
    states: tuple[str, ...],
    tier: str | None,
    requester: str | None,
    since: datetime | None,
    limit: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """List tickets, the newest first."""
    from datetime import UTC

    from bot.desk.views import Wanted

    if as_json and as_csv:
        raise click.UsageError("give --json or --csv, not both")
    wanted = Wanted(
        tuple(TicketState(state) for state in states),
        Tier(tier) if tier else None,
        UserId(requester.strip("<@>")) if requester else None,
        since.replace(tzinfo=UTC) if since else None,
        limit,
    )
    with _opened(settings) as records:
        found = records.listed(wanted)
    if as_json:
        for ticket in found:
            click.echo(json.dumps(_row(ticket), ensure_ascii=False))
    elif as_csv:
        _write_csv(sys.stdout, (_row(ticket) for ticket in found))
    else:
        _show_list(found)


@tickets.command("show")
@click.argument("ticket")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--restricted", is_flag=True, help="A restricted one too; that is written down.")
@database_option
@click.pass_obj
def show_command(settings: Settings, ticket: str, as_json: bool, restricted: bool) -> None:
    """Show everything on record about TICKET, such as T-1042."""
    number = parse_ticket_name(ticket)
    if number is None:
        raise click.UsageError(f"{ticket!r} is no ticket's number; it looks like T-1042")
    with _opened(settings, restricted=restricted) as records:
        record = records.record(number)
    if record is not None and record.summary.restricted_to is not None:
        _write_down_look(settings, number)
    if record is None:
        raise FrontlineError(f"There is no ticket T-{number} in {settings.db}.")
    if as_json:
        click.echo(json.dumps(_whole(record), ensure_ascii=False, indent=2))
    else:
        _show_record(record)


@tickets.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@database_option
@click.pass_obj
def export_command(settings: Settings, file: Path) -> None:
    """Write all tickets to FILE: .jsonl with everything on record, .csv with a line for each.

    Secrets that people pasted are masked.
    """
    if file.suffix not in {".jsonl", ".csv"}:
        raise click.UsageError(f"{file} ends in neither .jsonl nor .csv")
    with _opened(settings) as records, written(file) as stream:
        if file.suffix == ".csv":
            count = _write_csv(stream, (_row(record.summary) for record in records.all()))
        else:
            count = _write_lines(stream, (_whole(record) for record in records.all()))
    note_export(settings.db, file, "tickets")
    click.echo(f"{count} tickets written to {file}", err=True)


@tickets.command("labels")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--direct", is_flag=True, help="Those of direct messages too; a card may quote them.")
@database_option
@click.pass_obj
def labels_command(settings: Settings, file: Path, direct: bool) -> None:
    """Write what engineers said under "Wrong call?" to FILE, as lines to train with.

    Secrets are masked, and direct messages left out, since what is learned may be quoted.
    """
    with _opened(settings) as records, written(file) as stream:
        every = sum(1 for _ in records.labels())
        rows = (
            {"text": scrubbed(label.text), "label": label.label}
            for label in records.labels(direct=direct)
        )
        count = _write_lines(stream, rows)
    note_export(settings.db, file, "labels")
    left = f"; {every - count} of direct messages left out" if every > count else ""
    click.echo(f"{count} labels written to {file}{left}", err=True)


@contextmanager
def _opened(settings: Settings, *, restricted: bool = False) -> Iterator[SqliteRecords]:
    from bot.store.database import migrate, reading
    from bot.store.views.records import SqliteRecords

    has_database(settings.db)
    migrate(settings.db)
    with reading(settings.db) as database:
        records = SqliteRecords(database, Viewer(sees_restricted=restricted))
        hidden = 0 if restricted else records.restricted()
        yield records
    if hidden:
        click.echo(f"{hidden} restricted tickets are left out", err=True)


def _write_down_look(settings: Settings, ticket: TicketId) -> None:
    from bot.service.context import utc_now
    from bot.store.unit_of_work import Store

    who = getpass.getuser()
    with Store(settings.db, utc_now).unit_of_work() as uow:
        uow.audit.note(ticket, None, LOOKED, f"`frontline tickets show` by {who} on this machine")


def _write_lines(stream: Any, rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_csv(stream: Any, rows: Iterable[dict[str, Any]]) -> int:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow([neutral(row[column]) for column in COLUMNS])
        count += 1
    return count


def neutral(value: Any) -> str:
    """Give a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _row(ticket: TicketSummary) -> dict[str, Any]:
    return {
        "ticket": ticket.name,
        "state": ticket.state.value,
        "resolution": ticket.resolution.value if ticket.resolution else None,
        "priority": ticket.priority.value if ticket.priority else None,
        "tier": ticket.tier.value if ticket.tier else None,
        "group": ticket.group,
        "assignee": ticket.assignee,
        "requester": ticket.requester,
        "opened_at": ticket.opened_at.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
        "due": ticket.due.isoformat() if ticket.due else None,
        "question": scrubbed(ticket.question),
    }


def _whole(record: TicketRecord) -> dict[str, Any]:
    return {
        **_row(record.summary),
        "conversation": [
            {
                "at": said.at.isoformat(),
                "author": said.author,
                "text": None if said.deleted else scrubbed(said.text),
                "deleted": said.deleted,
            }
            for said in record.conversation
        ],
        "escalations": [
            {
                "tier": each.tier.value,
                "group": each.group,
                "state": each.state.value,
                "opened_at": each.opened_at.isoformat(),
                "assignee": each.assignee,
                "reasons": list(each.reasons),
                "findings": scrubbed(each.findings),
                "cause": scrubbed(each.cause),
                "fix": scrubbed(each.fix),
                "prevention": scrubbed(each.prevention),
                "right_tier": each.right_tier,
                "article_wanted": each.article_wanted,
                "article_words": scrubbed(each.article_words),
            }
            for each in record.escalations
        ],
        "audit": [
            {
                "at": line.at.isoformat(),
                "actor": line.actor,
                "what": line.what,
                "details": scrubbed(line.details),
            }
            for line in record.audit
        ],
        "stars": record.stars,
        "remark": scrubbed(record.remark),
    }


def _show_list(found: tuple[TicketSummary, ...]) -> None:
    shown = ("ticket", "state", "priority", "tier", "assignee", "requester", "opened_at")
    rows = [
        [
            *(_plain(_row(ticket)[name]) for name in shown[:-1]),
            f"{ticket.opened_at:%Y-%m-%d %H:%M}",
            _plain(ticket.question, QUESTION),
        ]
        for ticket in found
    ]
    _table([*shown, "question"], rows)
    click.echo(f"{len(found)} tickets", err=True)


def _show_record(record: TicketRecord) -> None:
    summary = _row(record.summary)
    _table(["field", "value"], [[name, _plain(summary[name])] for name in COLUMNS])
    for title, head, rows in (
        (
            "Conversation",
            ["at", "author", "text"],
            [
                [_minute(s.at), s.author or "Frontline",
                 "(deleted)" if s.deleted else scrubbed(s.text)]
                for s in record.conversation
            ],
        ),
        (
            "Escalations",
            ["at", "tier", "group", "state", "assignee", "reason, and what was written down"],
            [
                [_minute(e.opened_at), e.tier, e.group, e.state, e.assignee or "",
                 "; ".join(_written_down(e))]
                for e in record.escalations
            ],
        ),
        (
            "Audit trail",
            ["at", "actor", "what", "details"],
            [
                [_minute(line.at), line.actor or "Frontline", line.what, line.details]
                for line in record.audit
            ],
        ),
    ):  # fmt: skip
        click.echo(f"\n{title}")
        _table(head, [[_plain(cell) for cell in row] for row in rows])
    if record.stars is not None:
        click.echo(f"\nRated {record.stars} of 5. {_plain(record.remark)}".rstrip())


def _written_down(passage: Passage) -> list[str]:
    """Give what called people and all that they wrote down, each with what it is."""
    told = [
        ("findings", passage.findings),
        ("cause", passage.cause),
        ("fix", passage.fix),
        ("would prevent it", passage.prevention),
        ("article wanted", passage.article_words or ("yes" if passage.article_wanted else "")),
    ]
    if passage.right_tier is not None and passage.right_tier is not passage.tier:
        told.append(("should have gone to", passage.right_tier))
    return [*passage.reasons[:1], *(f"{what}: {scrubbed(text)}" for what, text in told if text)]


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _plain(value: Any, longest: int | None = None) -> str:
    """Give one line without what would steer a terminal."""
    text = "".join(c for c in " ".join(str(value or "").split()) if c.isprintable())
    return f"{text[: longest - 1]}…" if longest and len(text) > longest else text


def _table(head: list[str], rows: list[list[str]]) -> None:
    """Show a table on a terminal; piped, one line a row with tabs, for `cut` and `awk`."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*head)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
