"""What several commands share: the option of the database, and opening it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings.settings import Settings
    from bot.store.unit_of_work import Store


def _choose(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path | None:
    if value is not None:
        settings: Settings = ctx.obj
        settings.db = value
    return value


def database_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take `--db` itself, not only its parent."""
    return click.option(
        "--db",
        type=click.Path(path_type=Path),
        callback=_choose,
        expose_value=False,
        help="Database; or FRONTLINE_DB.",
    )(command)


def has_database(path: Path) -> None:
    """Refuse a command that reads what is on record, where there is nothing.

    Raises:
        FrontlineError: there is no such file; opened, an empty one would take its place.
    """
    if not path.exists():
        raise FrontlineError(f"There is no database {path}; choose one with --db.")


def store_of(settings: Settings, path: Path | None = None) -> Store:
    """Open the desk's database, which has to be there.

    Raises:
        FrontlineError: it is not, or cannot be read.
    """
    from bot.scrubbing.scrubber import RuleScrubber
    from bot.service.context import utc_now
    from bot.store.unit_of_work import Store

    path = path or settings.db
    has_database(path)
    store = Store(path, utc_now, RuleScrubber(), targets=settings.targets)
    store.migrate()
    return store
