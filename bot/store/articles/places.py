"""The place of a desk's articles, and writing there."""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.store.database import StoreError, borrowed, refuse_strangers, server_of, shape, transaction
from kb.errors import IndexUnavailableError
from kb.index.database import DatabaseFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

    from kb.shared.copy import Place


def place_of(path: Path) -> Place | None:
    """Give where machines share a desk's articles; None where they are in its file alone."""
    if server_of(path) is None:
        return None
    from bot.store.postgresql.articles import SharedArticles  # noqa: PLC0415 - psycopg is an extra

    return SharedArticles(partial(borrowed, path))


def ready_place(path: Path) -> Place | None:
    """Give the same, once the database is known to be ours; an empty one on a server is made.

    Raises:
        FrontlineError: it is something else's, or a newer version's.
    """
    if server_of(path) is None:
        refuse_strangers(path)
    else:
        shape(path)
    return place_of(path)


@contextmanager
def articles(path: Path) -> Iterator[Database]:
    """Write where the articles are, in one transaction: in the desk's file, or for all machines.

    Raises:
        StoreError: they cannot be written to just now.
    """
    place = place_of(path)
    if place is None:
        with transaction(path) as database:
            yield database
        return
    try:
        with closing(DatabaseFile(path, place)) as file:
            with file.writing() as database:
                yield database
            file.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except IndexUnavailableError as failure:
        raise StoreError(f"Articles were not changed: {failure}") from failure
