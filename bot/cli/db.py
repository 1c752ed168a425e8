"""`frontline db`: is the database whole; copies of it, made and put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import database_option, in_a_file_alone
from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from bot.settings.settings import Settings

A_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def db() -> None:
    """Look whether the database is whole; back it up, put a backup back."""


@db.command()
@database_option
@click.pass_obj
def check(settings: Settings) -> None:
    """Look for damage; changes nothing, and may run beside the bot."""
    from bot.store.health import examine
    from bot.store.holding import is_held

    in_a_file_alone(settings, "the server checks its own pages, and `pg_dump` reads them all")
    bad = 0
    for condition in examine(settings.db):
        bad += not condition.good
        sign = "ok  " if condition.good else "FAIL"
        click.echo(f"{sign} {condition.subject}: {condition.says}")
    if is_held(settings.db):
        click.echo("note: a bot works on it now.", err=True)
    if bad:
        raise FrontlineError(
            f"{settings.db} is damaged or not for this version; see above. "
            "`frontline db restore FILE` puts a backup back."
        )


@db.command()
@click.argument("file", type=A_FILE)
@database_option
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Copy the database to FILE, as of one instant; the bot may go on working."""
    from bot.store.health import backup as copy

    in_a_file_alone(settings, "make copies with `pg_dump`")
    size = copy(settings.db, file)
    click.echo(f"{settings.db} copied to {file} ({size:,} bytes).", err=True)


@db.command()
@click.argument("file", type=A_FILE)
@database_option
@click.pass_obj
def restore(settings: Settings, file: Path) -> None:
    """Put the backup FILE in the place of the database; refused while a bot works on it."""
    from bot.store.health import restore as put_back

    in_a_file_alone(settings, "put copies back with `pg_restore`")
    aside = put_back(file, settings.db)
    kept = f"; the one before is {aside}" if aside else ""
    click.echo(f"{file} put back as {settings.db}{kept}.", err=True)
