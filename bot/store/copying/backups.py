"""Backups of a desk on a server: a whole desk in a file, made beside the bots, and put back.

The file is a desk as any other: `frontline --db FILE` reads it, and it may be served.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from bot.store.copying.copying import Copying, what_is_there
from bot.store.copying.ends import FileEnd, brought_up, read_from, write_to
from bot.store.database import StoreError, private_file, refuse_strangers, transaction
from bot.store.health import (
    backup,
    free_name,
    is_current,
    leap_beyond,
    opened,
    refuse_damaged,
)
from bot.store.sealing import KEY, SealingError, is_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.desk.ports.time import Clock
    from bot.store.copying.copying import Sums
    from bot.store.copying.ends import End, ServerEnd

ENDINGS = "", "-wal", "-shm"
MODEL = "SELECT number, upon, data FROM shared_model"


def back_up(
    source: ServerEnd, file: Path, clock: Clock, say: Callable[[str], None]
) -> tuple[Sums, int]:
    """Copy a desk as of one instant, while bots work on it; gives its rows, and its articles.

    Raises:
        FrontlineError: it is away, empty or not of this version; the file exists or cannot be
            written; or the copy is not the same in the end.
    """
    if file.exists():
        raise StoreError(f"{file} exists already; give the backup another name.")
    if is_on():
        raise SealingError(f"{KEY} is set; a desk on a server is not sealed, so unset it.")
    refuse_strangers(source.path)
    if not is_current(source.path):
        raise StoreError(
            f"{source.name} holds no desk of this version: make the backup with the version that "
            "serves it, or let this one start on it first."
        )
    beside = file.with_name(f"{file.name}.part")
    target = FileEnd(beside, clock)
    target.name = str(file)
    try:
        _remove(beside)
        private_file(beside)
        copying = Copying(source, target, say)
        sums = copying.bring()
        with read_from(source) as read:
            _put_model(target, read(MODEL, []))
        with closing(sqlite3.connect(beside)) as db:
            # All of it in the one file.
            db.execute("PRAGMA journal_mode = DELETE")
        beside.replace(file)
    except (sqlite3.Error, OSError) as failure:
        raise StoreError(f"The backup {file} could not be written ({failure}).") from failure
    finally:
        _remove(beside)
    return sums, copying.articles


def put_back(
    file: Path, target: ServerEnd, named: Path, clock: Clock, say: Callable[[str], None]
) -> Path | None:
    """Put a backup in the place of the desk on a server; gives where the one before is.

    That is copied into a file beside `named` first. Numbers that were given since are not given
    again, and each machine takes articles and model anew. Cut short, the same call goes on.

    Raises:
        FrontlineError: the backup is not whole, a bot works on the desk, or what is there cannot
            be put aside; then nothing was changed.
    """
    refuse_damaged(file)
    beside = file.with_name(f"{file.name}.putting-back")
    source = FileEnd(beside, clock)
    source.name = str(file)
    with target.kept():
        brought_up(target)
        with read_from(target) as run:
            given = target.numbers(run)
            is_under_way = bool(run("SELECT 1 FROM copying", []))
            is_there = what_is_there(run) is not None
        aside = None
        if is_there and not is_under_way:
            aside = _put_aside(target, named, clock)
        try:
            _remove(beside)
            backup(file, beside, lambda copy: leap_beyond(copy, given))
            brought_up(source)
            _loosen(beside)
            Copying(source, target, say, over=True).bring()
            # By a number that is beyond all that machines have seen.
            _put_model(target, _model_in(file), int(clock().timestamp()))
        except (sqlite3.Error, OSError) as failure:
            raise StoreError(f"{file} was not put back ({failure}).") from failure
        finally:
            _remove(beside)
    return aside


def _put_aside(target: ServerEnd, named: Path, clock: Clock) -> Path:
    aside = free_name(named)
    try:
        back_up(target, aside, clock, lambda _: None)
    except StoreError as failure:
        raise StoreError(
            f"What {target.name} holds could not be put aside, and was left as it was: {failure} "
            "Make another database with `createdb`, name it in FRONTLINE_DB, and put the backup "
            "back there."
        ) from failure
    return aside


def _loosen(path: Path) -> None:
    """Let nothing be in hands that are gone, and every machine's articles be older than these."""
    with transaction(path) as db:
        for table in ("inbox", "outbox"):
            db.execute(f"UPDATE {table} SET holder = 0 WHERE holder <> 0")
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'kb_state'").fetchone():
            now = time.time_ns() // 1_000
            db.execute("UPDATE kb_state SET value = ? WHERE name = 'generation'", [str(now)])


def _model_in(file: Path) -> list[Any]:
    """Give the model in a backup; a file of before there was any has none."""
    with closing(opened(file)) as db:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'shared_model'").fetchone():
            return db.execute(MODEL).fetchall()
    return []


def _put_model(target: End, found: list[Any], number: int | None = None) -> None:
    """Put what was learned last where it belongs, under its number or another one."""
    marks = ", ".join(target.mark(place) for place in range(1, 4))
    with write_to(target) as run:
        for old, upon, data in found:
            run(
                f"INSERT INTO shared_model (id, number, upon, data) VALUES (1, {marks})",
                [number or int(old), upon, data],
            )


def _remove(path: Path) -> None:
    for ending in ENDINGS:
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)
