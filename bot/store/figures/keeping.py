"""Keeps blocks of tickets that are not kept, one by one: nobody who writes waits for long."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from bot.store.database import connect
from bot.store.disk.turns import turn_to_write
from bot.store.figures.blocks import keep, missing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def keep_blocks(path: Path, ended: Callable[[], bool] = bool) -> int:
    """Keep what is missing, until it has `ended`; gives how many blocks were read.

    Each has a transaction of its own, of some 20 ms: what moves meanwhile is never overlooked.
    Where nothing can be written, nothing is kept: it is read each time, as what is new.
    """
    with closing(connect(path)) as database:
        # What is lost with the power is read anew: nobody has to wait for the disk.
        database.execute("PRAGMA synchronous = NORMAL")
        done = 0
        with suppress(sqlite3.OperationalError):
            for block in missing(database):
                if ended():
                    break
                with turn_to_write(path):
                    database.execute("BEGIN IMMEDIATE")
                    with database.conn:
                        keep(database, block)
                done += 1
    return done
