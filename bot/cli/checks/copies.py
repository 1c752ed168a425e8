"""Looking without touching: the database and what lies beside it, as a copy that is let go."""

from __future__ import annotations

import copy
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings.settings import Settings


@contextmanager
def beside(settings: Settings) -> Iterator[Settings]:
    """Give the same settings over a copy of the database's file and of the kept calendars.

    A desk on a server is looked at where it is, and stays there under the copy's name.
    """
    from bot.store.database import put_on, server_of

    with tempfile.TemporaryDirectory(prefix="frontline-") as folder:
        copied = copy.copy(settings)
        copied.db = Path(folder) / settings.db.name
        try:
            _copy(settings.db, copied.db)
            rotas = settings.db.parent / "rotas"
            if rotas.is_dir():
                shutil.copytree(rotas, Path(folder) / "rotas")
        except OSError as failure:
            raise FrontlineError(
                f"{failure.filename} cannot be read: {failure.strerror}."
            ) from failure
        if (server := server_of(settings.db)) is not None:
            put_on(copied.db, server)
        yield copied


def _copy(source: Path, target: Path) -> None:
    """Copy a database, also one that is being written; only that one is opened."""
    if not source.exists():
        return
    log, shared = (source.with_name(source.name + end) for end in ("-wal", "-shm"))
    if log.exists() and shared.exists():
        try:
            _back_up(source, target)
        except sqlite3.Error:
            # What is damaged is copied as it is: the check of the copy says so.
            target.unlink(missing_ok=True)
        else:
            return
    shutil.copyfile(source, target)
    if log.exists():
        shutil.copyfile(log, target.with_name(target.name + "-wal"))


def _back_up(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as opened,
        closing(sqlite3.connect(target)) as made,
    ):
        opened.backup(made)
