"""`frontline forget` and `frontline retention`: what is no longer kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from bot.cli.options import database_option, has_database
from bot.desk.errors import FrontlineError
from bot.desk.ids import UserId

if TYPE_CHECKING:
    from bot.settings.settings import Settings

SHOWN = 20


@click.command()
@click.argument("user")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
@click.pass_obj
def forget(settings: Settings, user: str, yes: bool) -> None:
    """Erase every copy of what USER (a Slack id, U…) wrote, and prove that none is left.

    Their tickets stay as figures, without a word and without their name; open ones are closed.
    What Frontline quoted of them in Slack is edited away by the running bot.
    """
    from bot.bootstrap.lessons import versions_of
    from bot.cli.forgetting import exports_without, files_with, pages_without
    from bot.scrubbing.scrubber import RuleScrubber
    from bot.service.context import utc_now
    from bot.store.database import migrate, name_of
    from bot.store.keeping.forgetting import Forgetting
    from kb.questions.hygiene import clean

    person = user.strip("<@>")
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", person):
        raise click.UsageError(f"{user!r} is no Slack user id; it looks like U0ANA00001")
    has_database(settings.db)
    if not yes:
        click.confirm(
            f"Erase all that {person} wrote from {name_of(settings.db)}?", abort=True, err=True
        )
    migrate(settings.db)
    done = Forgetting(
        settings.db,
        utc_now,
        RuleScrubber(),
        UserId(person),
        as_learned=lambda text: clean(text).text,
    ).run()
    click.echo(f"tickets of theirs: {done.tickets}; of these nothing but figures is left")
    for what, rows in sorted(done.rows.items()):
        click.echo(f"{what}: {rows}")
    for line in exports_without(settings.db, person, done.words):
        click.echo(line)
    for line in pages_without(settings, done):
        click.echo(line)
    for line in files_with(settings, person, done.words):
        click.echo(f"still there: {line}")
    if versions_of(settings).serving() is not None:
        click.echo("what was learned of their tickets goes with the next run: `frontline learn`")
    if done.left:
        for column, rows in done.left[:SHOWN]:
            click.echo(f"left in {column.table}.{column.name}: {rows} rows")
        raise FrontlineError(f"Not everything of {person} could be erased; see above.")
    click.echo("proved: no text column of any table holds their id or their words")


@click.group()
def retention() -> None:
    """Let go of what was kept long enough."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only count.")
@database_option
@click.pass_obj
def run_command(settings: Settings, dry_run: bool) -> None:
    """Let go now of what [retention] says; the running bot does it daily by itself."""
    from bot.service.context import utc_now
    from bot.store.database import migrate
    from bot.store.keeping.retention import Retention

    has_database(settings.db)
    migrate(settings.db)
    keeper = Retention(settings.db, utc_now, settings.keeping)
    gone = keeper.counts()
    while not dry_run and keeper.step():
        pass
    for kind, rows in gone.items():
        days = getattr(settings.keeping, kind).days
        click.echo(f"{kind}: {rows} older than {days} days {'would go' if dry_run else 'gone'}")
