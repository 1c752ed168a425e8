"""Opening the knowledge base for a command."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import TaskID

    from kb.searching.base import KnowledgeBase

DEFAULT_DB = Path("frontline.db")

db_option = click.option(
    "--db",
    "db_path",
    callback=chosen,
    help="Database to use instead of the configured one.",
)


@contextmanager
def opened(settings: Any, db_path: Path | None) -> Iterator[KnowledgeBase]:
    """Open the knowledge base that the settings name; its errors become one clear line."""
    from bot.store.articles.places import ready_place
    from kb.encoding.loading import load_encoder
    from kb.errors import KnowledgeBaseError
    from kb.searching.base import KnowledgeBase

    path = db_path or getattr(settings, "db", None) or DEFAULT_DB
    place = ready_place(path)
    try:
        encoder = load_encoder(getattr(settings, "encoder_model", None))
        limit = getattr(settings, "approximate_from", None)
        base = KnowledgeBase.open(
            path,
            encoder,
            approximate_from=limit,
            filing=getattr(settings, "filing", None),
            place=place,
        )
        try:
            yield base
        finally:
            base.close()
    except KnowledgeBaseError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def going_on(kept: str = "what was embedded is kept") -> Iterator[None]:
    """Say to whoever interrupts what stands, and that the same command goes on from there."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        raise click.ClickException(
            f"interrupted; {kept}: the same command goes on where it stopped"
        ) from interrupt


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how far the embedding is."""
    with stage_bar() as told:
        yield lambda done, total: told("embedding", done, total)


@contextmanager
def stage_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show on standard error what is being done, how much of it, and the time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def show(stage: str, done: int, total: int) -> None:
        # Begun here: where nothing is to be done, not even an empty line is left.
        bar.start()
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage)
        bar.update(tasks[stage], completed=done, total=total)

    try:
        yield show
    finally:
        if tasks:
            bar.stop()
