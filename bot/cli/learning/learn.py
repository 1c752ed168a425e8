"""`frontline learn`: outcomes into model, gate and search, if that is better beyond chance."""

from __future__ import annotations

import json
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING

import click

from bot.cli.knowledge.opening import stage_bar
from bot.cli.models.configured import PATH
from bot.cli.options import database_option, has_database
from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.settings.settings import Settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Learn and judge; what serves stays as it is.")
@click.option("--undo", is_flag=True, help="Go back to what served before, all parts together.")
@click.option("--journal", is_flag=True, help="Show what was learned of whom, and why not.")
@click.option("--data", multiple=True, type=PATH, help="The shipped labels; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--nightly", is_flag=True, help="As the running bot does it, giving way to all else.")
@database_option
@click.pass_obj
def learn(
    settings: Settings,
    dry_run: bool,
    undo: bool,
    journal: bool,
    data: tuple[Path, ...],
    as_json: bool,
    nightly: bool,
) -> None:
    """Learn from what was settled, and serve it if it is better beyond chance.

    Judged on the frozen holdout and on the latest month, each part of it by what was known
    before. A running bot takes it up by itself.
    """
    if undo + journal + dry_run > 1:
        raise click.UsageError("give one of --dry-run, --undo and --journal")
    from bot.cli.learning import telling

    if journal:
        from bot.bootstrap.lessons import versions_of

        lines = versions_of(settings).journal()
        click.echo(json.dumps(lines) if as_json else telling.journal_as_text(lines))
        return
    has_database(settings.db)
    from bot.bootstrap import build_encoder
    from bot.bootstrap.learning import learning_setup
    from bot.bootstrap.lessons import lessons_of
    from bot.bootstrap.yielding import giving_way
    from bot.fitting.learning import running

    with ExitStack() as stack:
        promptly = stack.enter_context(giving_way() if nightly else nullcontext(_at_once))
        lessons = lessons_of(settings)
        encoder = build_encoder(settings)
        told = stack.enter_context(stage_bar())
        setup = stack.enter_context(
            learning_setup(settings, encoder, data=data, told=told, promptly=promptly)
        )
        if undo:
            former = running.undo(setup, lessons)
            name = former.name if former else None
            click.echo(json.dumps({"serving": name}) if as_json else telling.undone(name))
            return
        try:
            report = running.learn(setup, lessons, dry_run=dry_run, by_hand=not nightly)
        except FrontlineError as error:
            # At night nobody reads what a process says: the journal keeps it.
            if nightly:
                setup.versions.note(running.failed(setup, str(error)))
            raise
    click.echo(json.dumps(report.as_json()) if as_json else telling.as_text(report))


def _at_once(do: Callable[[], None]) -> None:
    do()
