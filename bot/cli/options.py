"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings.settings import Settings


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
