"""What several commands share: the option of the database, and opening it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings.settings import Settings
    from bot.store.postgresql.server import Server
    from bot.store.unit_of_work import Store


def choose(settings: Settings, given: str) -> Path:
    """Work on this database, a file or an address of PostgreSQL; gives the file of its articles.

    Raises:
        FrontlineError: it is an address, and that is none, or PostgreSQL's library is missing.
    """
    from bot.settings.settings import is_address

    if not is_address(given):
        settings.db, settings.server = Path(given), None
        return settings.db
    from pydantic import SecretStr

    from bot.store.database import put_on

    server = server_at(given)
    settings.db, settings.server = settings.file.database, SecretStr(given)
    put_on(settings.db, server)
    return settings.db


def server_at(address: str) -> Server:
    """Give the server of an address of PostgreSQL; nothing is opened yet.

    Raises:
        FrontlineError: it is none, or PostgreSQL's library is missing.
    """
    try:
        from bot.store.postgresql.server import Server
    except ImportError as failure:
        raise FrontlineError(
            "The library for PostgreSQL is not installed; run "
            "`pip install 'frontline-desk[postgresql]'`."
        ) from failure
    return Server(address)


def chosen(ctx: click.Context, _: click.Parameter, value: str | None) -> Path | None:
    """Take up what was given as `--db` to a command."""
    return None if value is None else choose(ctx.obj, value)


def database_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take `--db` itself, not only its parent."""
    return click.option(
        "--db",
        callback=chosen,
        expose_value=False,
        help="Database: a file, or postgresql://…; or FRONTLINE_DB.",
    )(command)


def has_database(path: Path) -> None:
    """Refuse a command that reads what is on record, where there is nothing.

    Raises:
        FrontlineError: there is no such file; opened, an empty one would take its place.
    """
    from bot.store.database import server_of

    if not path.exists() and server_of(path) is None:
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
