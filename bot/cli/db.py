"""`frontline db`: is the database whole; copies of it, made and put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import database_option, server_at
from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from bot.settings.settings import Settings
    from bot.store.copying.copying import Sums
    from bot.store.copying.ends import End

A_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def db() -> None:
    """Look whether the database is whole; back it up, put a backup back."""


@db.command()
@database_option
@click.pass_obj
def check(settings: Settings) -> None:
    """Look for damage; changes nothing, and may run beside the bot."""
    from bot.store.database import name_of
    from bot.store.health import examine
    from bot.store.holding import is_held

    bad = 0
    for condition in examine(settings.db):
        bad += not condition.good
        sign = "ok  " if condition.good else "FAIL"
        click.echo(f"{sign} {condition.subject}: {condition.says}")
    if is_held(settings.db):
        click.echo("note: a bot works on it now.", err=True)
    if bad:
        if settings.server is not None:
            raise FrontlineError(
                f"{name_of(settings.db)} cannot be served as it is; see above. Where rows are "
                "lost, `frontline db restore FILE` puts a backup back."
            )
        raise FrontlineError(
            f"{settings.db} is damaged or not for this version; see above. "
            "`frontline db restore FILE` puts a backup back."
        )


@db.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy_command(source: str, target: str) -> None:
    """Bring a desk from a file to PostgreSQL (postgresql://…), or from there to a file.

    Every table is compared by its rows and their hash. A copy that was cut short goes on.
    """
    from bot.settings.settings import is_address
    from bot.store.copying.copying import Copying

    if not (is_address(source) or is_address(target)):
        raise FrontlineError("Both are files; `frontline db backup FILE` copies one to the other.")
    if not is_address(source) and not Path(source).is_file():
        raise FrontlineError(f"There is no database {source}; check the path.")
    copying = Copying(_end(source), _end(target), _say)
    sums = copying.run()
    click.echo(_copied(sums, copying.articles))
    if is_address(target):
        click.echo(
            f"Start Frontline on it by FRONTLINE_DB or --db, with another `database` in "
            f"frontline.toml for its copy of the articles. In {source} is all that was said: once "
            "the copy serves, keep it as a backup or delete it.",
            err=True,
        )


def _end(given: str) -> End:
    """Give the end of a copy that a file or an address names."""
    from bot.service.context import utc_now
    from bot.settings.settings import is_address
    from bot.store.copying.ends import FileEnd, ServerEnd

    if not is_address(given):
        return FileEnd(Path(given), utc_now)
    server = server_at(given)
    return ServerEnd(server, Path(server.name))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _copied(sums: Sums, articles: int) -> str:
    rows, tables = sum(count for count, _ in sums.values()), len(sums)
    return (
        f"{rows} rows of {tables} tables and {articles} articles copied; counts and hashes are "
        "the same."
    )


@db.command()
@click.argument("file", type=A_FILE)
@database_option
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Copy the database to FILE, as of one instant; the bot may go on working."""
    from bot.service.context import utc_now
    from bot.store.database import name_of, server_of
    from bot.store.health import backup as copy

    if (server := server_of(settings.db)) is None:
        copy(settings.db, file)
    else:
        from bot.store.copying.backups import back_up
        from bot.store.copying.ends import ServerEnd

        end = ServerEnd(server, settings.db)
        click.echo(_copied(*back_up(end, file, utc_now, _say)), err=True)
    size = file.stat().st_size
    click.echo(f"{name_of(settings.db)} copied to {file} ({size:,} bytes).", err=True)


@db.command()
@click.argument("file", type=A_FILE)
@database_option
@click.pass_obj
def restore(settings: Settings, file: Path) -> None:
    """Put the backup FILE in the place of the database; refused while a bot works on it."""
    from bot.service.context import utc_now
    from bot.store.database import name_of, server_of
    from bot.store.health import restore as put_back

    if (server := server_of(settings.db)) is None:
        aside = put_back(file, settings.db)
    else:
        from bot.store.copying import backups
        from bot.store.copying.ends import ServerEnd

        end = ServerEnd(server, settings.db)
        aside = backups.put_back(file, end, settings.db, utc_now, _say)
    kept = f"; the one before is {aside}" if aside else ""
    click.echo(f"{file} put back as {name_of(settings.db)}{kept}.", err=True)
