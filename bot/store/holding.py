"""One process at a time: a lock of the operating system, and a heartbeat for network shares."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import sqlite3
import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.store.codec import stamp
from bot.store.database import (
    StoreError,
    connect,
    name_of,
    private_file,
    transaction,
)
from bot.store.serving.in_hand import ALONE

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Collection
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock

log = structlog.get_logger(__name__)

BEAT_EVERY_S = 5.0
WATCH_S = 12.0
"""Two heartbeats and some time to spare: who has shown none by then is gone."""


@dataclass(frozen=True)
class Holder:
    """The process that works on a database."""

    token: str
    host: str
    pid: int
    since: str
    beats: int

    def __str__(self) -> str:
        """Name it for the line that refuses another."""
        return f"process {self.pid} on {self.host}, since {self.since[:16].replace('T', ' ')} UTC"


class InUseError(StoreError):
    """Another process works on the database."""


class Holding:
    """Holds a database for this process, and shows that it is alive.

    On one machine the lock beside the file decides, which the system frees at once when its
    holder dies. Where the file is on a network share, another machine may not see that lock:
    there the heartbeat decides, which is watched and not dated, so that no clock matters.
    """

    number = ALONE

    def __init__(self, path: Path, clock: Clock) -> None:
        """Name the database; nothing is held yet."""
        self._path = path
        self._clock = clock
        self._token = secrets.token_hex(8)
        self._file: io.TextIOWrapper | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="heartbeat", daemon=True)
        self._lost: Callable[[], None] = lambda: None
        self._open: tuple[Database, Database] | None = None
        self._inode: tuple[int, int] | None = None
        self.why_lost: str | None = None
        """Why this process had to stop, where another has the database, or it is gone."""

    def lock(self) -> None:
        """Take the lock beside the file.

        Raises:
            InUseError: another process of this machine has it.
        """
        lock = lock_path(self._path)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = lock.open("a+", encoding="utf-8")
        except OSError as failure:
            raise StoreError(
                f"The lock {lock} cannot be made ({failure.strerror}); check the permissions of "
                "its folder, and whether its disk may be written."
            ) from failure
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as failure:
            file.seek(0)
            named = file.read().strip()
            file.close()
            raise _in_use(self._path, named or "another process") from failure
        except OSError as failure:
            # A file system without locks: there the heartbeat alone decides.
            log.warning("no_file_locks", path=str(lock), error=str(failure))
            file.close()
            return
        self._file = file
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()

    def begin(
        self,
        say: Callable[[str], None],
        wait: Callable[[float], object],
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        """Write down who holds the database, once a holder of another machine shows no life.

        `lost` is called where another has taken it all the same, and where the file is moved,
        deleted or replaced while it is held; `why_lost` says which.

        Raises:
            InUseError: the other one is alive.
        """
        before = holder_of(self._path)
        elsewhere = self._file is None or (before and before.host != socket.gethostname())
        if before is not None and elsewhere:
            say(f"{self._path} was held by {before}; looking for {WATCH_S:.0f} s whether it lives.")
            wait(WATCH_S)
            now = holder_of(self._path)
            if now is not None and (now.token, now.beats) != (before.token, before.beats):
                self.end()
                raise _in_use(self._path, str(now))
        with transaction(self._path) as db:
            db.execute(
                "INSERT INTO holder (id, token, host, pid, since) VALUES (1, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET token = excluded.token, host = excluded.host, "
                "pid = excluded.pid, since = excluded.since, beats = 0",
                [self._token, socket.gethostname(), os.getpid(), stamp(self._clock())],
            )
        self._lost = lost
        # Open from now on: what was deleted can be read through these alone.
        self._open = connect(self._path), connect(self._path)
        for each in self._open:
            each.execute("SELECT count(*) FROM holder").fetchone()
        self._inode = _inode_of(self._path)
        self._thread.start()

    def beat(self) -> bool:
        """Show that this process is alive; False where another holds the database now."""
        with transaction(self._path) as db:
            mine = db.execute(
                "UPDATE holder SET beats = beats + 1 WHERE token = ?", [self._token]
            ).rowcount
        return bool(mine)

    def leads(self) -> bool:
        """Whether this process does what only one does: there is no other."""
        return True

    def has_other_readers(self) -> bool:
        """Whether a process of another version serves beside this one: none does."""
        return False

    def gone(self, holders: Collection[int]) -> list[int]:
        """Give those of these that live no more: all, since there is one process at a time."""
        return list(holders)

    def attend(self, take_up: Callable[[list[int]], int], ring: Callable[[], None]) -> bool:
        """Say that this tells of nobody's writing: whoever wants to know looks."""
        del take_up, ring
        return False

    def end(self) -> None:
        """Let the database go."""
        self._ended.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=BEAT_EVERY_S)
        if self.why_lost is None:
            with suppress(Exception), transaction(self._path) as db:
                db.execute("DELETE FROM holder WHERE token = ?", [self._token])
        for each in self._open or ():
            each.close()
        self._open = None
        self.unlock()

    def unlock(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _loop(self) -> None:
        while not self._ended.wait(BEAT_EVERY_S):
            try:
                if self.is_there():
                    if self.beat():
                        continue
                    self.why_lost = str(_in_use(self._path, str(holder_of(self._path))))
                else:
                    self.why_lost = self.rescue()
            except Exception as failure:
                log.exception("heartbeat_failed", exc_info=failure)
                continue
            log.error("database_lost", why=self.why_lost)
            self._lost()
            return

    def is_there(self) -> bool:
        """Whether the file under the database's name is still the one that is held."""
        return self._inode is None or _inode_of(self._path) == self._inode

    def rescue(self) -> str:
        """Write down again what was in a file that somebody took away; says what happened.

        Nobody writes into the old one any more: the connection that is open here keeps the
        lock until the process ends.
        """
        if self._open is None:
            raise StoreError(f"The database {self._path} is gone.")
        bar, old = self._open
        if not bar.conn.in_transaction:
            bar.execute("BEGIN IMMEDIATE")
        beside = self._path.with_name(f"{self._path.name}.rescued")
        private_file(beside)
        with closing(sqlite3.connect(beside)) as copy:
            old.conn.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        try:
            os.link(beside, self._path)
        except FileExistsError:
            return (
                f"The database {self._path} was replaced by another file while Frontline worked "
                f"on it; what it had is {beside}. Start again with the one that is right."
            )
        beside.unlink()
        return (
            f"The database {self._path} was moved or deleted while Frontline worked on it; all "
            "that it had was written there again. Start again."
        )


def _inode_of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def lock_path(path: Path) -> Path:
    """Name the lock of a database."""
    return path.with_name(f"{path.name}.lock")


def holder_of(path: Path) -> Holder | None:
    """Tell who holds a database, as it says itself; None where nobody does."""
    with closing(connect(path)) as db:
        row = db.execute("SELECT token, host, pid, since, beats FROM holder").fetchone()
    return Holder(*row) if row else None


def is_held(path: Path) -> bool:
    """Whether a process of this machine works on a database."""
    lock = lock_path(path)
    if not lock.exists():
        return False
    with lock.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _in_use(path: Path, by: str) -> InUseError:
    return InUseError(f"The database {name_of(path)} is in use by {by}; stop that one first.")
