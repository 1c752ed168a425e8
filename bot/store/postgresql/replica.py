"""One of several serving processes: it shows that it lives, leads or does not, and sees who died.

All of it goes by locks of one session. PostgreSQL frees them as soon as their process dies, and
no clock of any machine matters.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
import structlog

from bot.store.codec import dialect, stamp
from bot.store.migrations import migrations
from bot.store.postgresql.connection import BELL, SURE
from bot.store.postgresql.errors import PassingError, RefusedError, explained
from bot.store.postgresql.locks import CUT_OFF, FELLOWS, LEADING, OURS, SERVING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.store.postgresql.server import Server

log = structlog.get_logger(__name__)

T = TypeVar("T")

LOOK_EVERY_S = 0.5
GONE_AFTER_S = 2.0
"""So long somebody's lock may be free, as it is while PostgreSQL starts again."""
RETURNS_WITHIN_S = 10.0
"""So long others may be away after the server was: one that comes back later than we is no
dead one, and may be sending all the while what it has in hand."""
LEADS_FOR_S = 3.0
"""So long after its last look a leader may believe that it is one; less than the above."""
TRIES = 10
A_BREATH_S = 0.05
"""Bells are rung so often at most, however much others write."""


JOIN = """
INSERT INTO replicas (host, pid, since, knows, speaks) VALUES (%s, %s, %s, %s, %s) RETURNING id
"""
STAY = """
INSERT INTO replicas (id, host, pid, since, knows, speaks) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Fellow:
    """Another process that serves; `session` is PostgreSQL's number of it, None where it died.

    `speaks` names what it can read, as `dialect` does.
    """

    number: int
    host: str
    pid: int
    session: int | None
    hangs: bool
    speaks: str

    def __str__(self) -> str:
        """Name it for people."""
        return f"replica {self.number} (process {self.pid} on {self.host})"


class Replica:
    """This process among those that serve one database."""

    number = 0
    why_lost: str | None = None
    """Nobody takes a database on a server away from a process."""

    def __init__(self, server: Server) -> None:
        """Name the server; nothing is opened yet."""
        self._server = server
        self._session: psycopg.Connection[Any] | None = None
        self._leads = False
        self._looked_at = 0.0
        self._missing: dict[int, float] = {}
        self._spared_until = 0.0
        self._stay: list[Any] = []
        self._wrote = self._is_cut_off = False
        self._attends = self._others = False
        self._take_up: Callable[[list[int]], int] = lambda _: 0
        self._ring: Callable[[], None] = lambda: None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="replica", daemon=True)

    def lock(self) -> None:
        """Come beside those that serve.

        Raises:
            RefusedError: a version that serves alone is there.
        """
        self._session = session = self._opened()
        self._compare_clocks()
        sql = f"SELECT pg_try_advisory_lock_shared({SERVING})"
        if not self._one(sql)[0]:
            session.close()
            raise RefusedError(
                f"{self._server.name} is in use by an earlier Frontline, which serves alone; "
                "stop that one first."
            )

    def begin(
        self,
        say: Callable[[str], None],
        wait: Callable[[float], object],
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        """Take a number, and the lead where nobody has it."""
        del say, wait, lost
        self.number = self._surely(self._join)
        self._surely(self.look)
        # From now on: a start may take longer than anybody may hang.
        self._thread.start()

    def gone(self, holders: Collection[int]) -> list[int]:
        """Give those of these that went for good: nothing is in their hands.

        Of whom nothing is seen, but who may only be cut off, the rounds find out.
        """
        # Whoever takes something in hand was there before; so these are asked for afterwards.
        known = {self.number, *(each.number for each in self._surely(self.fellows))}
        return sorted(set(holders) - known)

    def fellows(self) -> list[Fellow]:
        """Give the others that serve, or did until a moment ago."""
        return [
            Fellow(number, host, pid, session, hangs, speaks)
            for number, host, pid, _, session, hangs, speaks in self._all(FELLOWS)
            if number != self.number
        ]

    def leads(self) -> bool:
        """Whether what one replica does alone is this one's to do."""
        return self._leads and time.monotonic() - self._looked_at < LEADS_FOR_S

    def has_other_readers(self) -> bool:
        """Whether one of another version serves, which reads what this one does not."""
        return self._others

    def attend(self, take_up: Callable[[list[int]], int], ring: Callable[[], None]) -> bool:
        """From now on call `take_up` with those that died, and `ring` when somebody wrote.

        It is called with nobody after the server was away, which may have forgotten what it did
        last: what was finished or sent is in hand again, and in nobody's hands.

        For what others wrote it is rung at once, for our own writing soon: as a rule whoever
        wrote has rung where it matters.
        """
        self._take_up, self._ring = take_up, ring
        self._attends = True
        return True

    def unlock(self) -> None:
        """Give all locks back."""
        if self._session is not None:
            self._session.close()
            self._session = None
        self._leads = False

    def end(self) -> None:
        """Go; what is in hand should be none by now."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)
        # Where the start failed there may be no such table, and why it failed is what counts.
        with suppress(psycopg.Error, PassingError, RefusedError):
            self._one("DELETE FROM replicas WHERE id = %s RETURNING id", [self.number])
        self.unlock()

    def _opened(self) -> psycopg.Connection[Any]:
        """Open a session, whose numbers are given once, whatever happens to the server."""
        session = self._server.opened()
        session.execute(SURE)
        return session

    @property
    def _own(self) -> psycopg.Connection[Any]:
        if self._session is None:
            raise PassingError("This process serves no more.")
        return self._session

    def _all(self, sql: str, values: list[Any] | None = None) -> list[Any]:
        try:
            return self._own.execute(sql.encode(), values).fetchall()
        except psycopg.Error as failure:
            raise explained(failure) from failure

    def _one(self, sql: str, values: list[Any] | None = None) -> Any:
        return next(iter(self._all(sql, values)), None)

    def _surely(self, do: Callable[[], T]) -> T:
        """Do something at the start, also where PostgreSQL is just started again."""
        for _ in range(TRIES):
            try:
                return do()
            except PassingError:
                # Once the rounds have begun they open another session.
                if self._thread.is_alive():
                    self._ended.wait(LOOK_EVERY_S)
                else:
                    self._come_back()
        return do()

    def _join(self) -> int:
        since, knows = stamp(self._server.clock()), migrations._migrations[-1].name  # noqa: SLF001 - it tells no other way
        who = [socket.gethostname(), os.getpid(), since, knows, dialect()]
        number = int(self._one(JOIN, who)[0])
        self._stay = [number, *who]
        self._settle()
        return number

    def _settle(self) -> None:
        """Hold what shows that this one lives, and hear when others write."""
        self._one(f"SELECT pg_advisory_lock({OURS}, %s)", self._stay[:1])
        self._own.execute(f"LISTEN {BELL}".encode())

    def _compare_clocks(self) -> None:
        self._server.clock.compare(self._one("SELECT clock_timestamp()")[0])

    # --- the rounds

    def _loop(self) -> None:
        while not self._ended.is_set():
            try:
                if self._is_cut_off:
                    self._come_back()
                self._round()
            except Exception as failure:
                self._is_cut_off = True
                says = explained(failure) if isinstance(failure, psycopg.Error) else failure
                log.warning("replica_cut_off", number=self.number, exc_info=says)
                self._ended.wait(A_BREATH_S)

    def _round(self) -> None:
        if time.monotonic() - self._looked_at >= LOOK_EVERY_S:
            self.look()
            if self._wrote:
                self._wrote = False
                self._ring()
        for note in self._own.notifies(timeout=LOOK_EVERY_S, stop_after=1):
            if note.payload == self._server.token:
                self._wrote = True
            else:
                self._ring()
                self._ended.wait(A_BREATH_S)

    def _come_back(self) -> None:
        """Open another session; the number stays, and with it what is in hand."""
        self._leads, old = False, self._session
        self._session = session = self._opened()
        if old is not None:
            # Where only the way there was cut, PostgreSQL keeps the old one's locks for a while.
            with suppress(psycopg.Error):
                self._one("SELECT pg_terminate_backend(%s)", [old.info.backend_pid])
            old.close()
        self._one(f"SELECT pg_advisory_lock_shared({SERVING})")
        if self._stay:
            session.execute(STAY, self._stay)
            self._settle()
        self._missing.clear()
        self._spared_until = time.monotonic() + RETURNS_WITHIN_S
        self._is_cut_off = False
        log.info("replica_back", number=self.number)
        if self._attends:
            self._take_up([])
        self._ring()

    def look(self) -> None:
        """Take the lead where nobody has it; see who hangs and who died."""
        begun = time.monotonic()
        self._compare_clocks()
        fellows = self.fellows()
        self._others = any(each.session and each.speaks != dialect() for each in fellows)
        # One that starts leads where there is nobody else: what it waits for may last.
        may_lead = self._attends or not any(fellow.session for fellow in fellows)
        sql = f"SELECT pg_try_advisory_lock({LEADING})"
        if may_lead and not self._leads and self._one(sql)[0]:
            self._leads = self._wrote = True
            log.info("replica_leads", number=self.number)
        self._looked_at = begun
        for fellow in fellows:
            if fellow.session is not None and fellow.hangs:
                log.warning("replica_hangs", replica=str(fellow))
                self._all(CUT_OFF, [fellow.session])
        missing = {each.number: each for each in fellows if each.session is None}
        self._missing = {each: self._missing.get(each, begun) for each in missing}
        gone = [each for each, at in self._missing.items() if begun - at >= GONE_AFTER_S]
        if gone and self._attends and begun >= self._spared_until:
            self._bury([missing[each] for each in gone])

    def _bury(self, gone: list[Fellow]) -> None:
        rows = self._take_up([fellow.number for fellow in gone])
        for fellow in gone:
            if self._one("DELETE FROM replicas WHERE id = %s RETURNING id", [fellow.number]):
                log.warning("replica_gone", replica=str(fellow), taken_up=rows)
        self._ring()
