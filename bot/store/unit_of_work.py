"""The unit of work: state, notices, audit and inbox row in one transaction."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Self

from bot.store.aside import Aside, AsideRows
from bot.store.audit import SqliteAudit
from bot.store.database import Glance, connect, migrate, reading, turn_to_write
from bot.store.history import History
from bot.store.inbox import Inbox, InboxRows
from bot.store.learning.feedback import SqliteFeedback
from bot.store.oncall import OverrideReader, OverrideRows
from bot.store.outbox import DeadLetters, Outbox, OutboxRows
from bot.store.tickets.escalations import SqliteEscalations
from bot.store.tickets.lookalikes import SqliteLookalikes, WordCounts
from bot.store.tickets.steps import SqliteSteps
from bot.store.tickets.tickets import SqliteConversation, SqliteTickets
from bot.store.timers import TimerRows, Timers
from bot.store.views.homes import HomeRows, Homes
from bot.store.views.readings import SqliteReadings
from bot.store.wakeup import Wakeup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock


class SqliteUnitOfWork:
    """One transaction on a connection of its own."""

    def __init__(
        self, path: Path, clock: Clock, notify: Callable[[], None], counts: WordCounts
    ) -> None:
        """Open a connection; `notify` is called once something is written that is to be sent."""
        self._db = connect(path)
        self._path = path
        self._notify = notify
        self._open = ExitStack()
        self.tickets = SqliteTickets(self._db, clock)
        self.escalations = SqliteEscalations(self._db, clock)
        self.conversation = SqliteConversation(self._db, clock)
        self.outbox = OutboxRows(self._db, clock)
        self.steps = SqliteSteps(self._db, clock)
        self.timers = TimerRows(self._db, clock)
        self.feedback = SqliteFeedback(self._db, clock)
        self.lookalikes = SqliteLookalikes(self._db, counts)
        self.audit = SqliteAudit(self._db, clock)
        self.overrides = OverrideRows(self._db, clock)
        self.homes = HomeRows(self._db, clock)
        self.inbox = InboxRows(self._db, clock)
        self.dead_letters = DeadLetters(self._db)
        self.aside = AsideRows(self._db)

    def __enter__(self) -> Self:
        """Begin; `BEGIN IMMEDIATE`, since read-then-write fails under load."""
        with ExitStack() as stack:
            stack.callback(self._db.close)
            stack.enter_context(turn_to_write(self._path))
            self._db.execute("BEGIN IMMEDIATE")
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """Commit, or roll back where a failure passes through."""
        with self._open:
            if kind is None:
                self._db.conn.commit()
            else:
                self._db.conn.rollback()
        if kind is None and self.outbox.written:
            self._notify()


class Store:
    """The desk's database: the one door to it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Name the file; nothing is opened yet."""
        self.path = path
        self.clock = clock
        self.inbox_wakeup = Wakeup()
        self.outbox_wakeup = Wakeup()
        self.timers_wakeup = Wakeup()
        self.homes_wakeup = Wakeup()
        self.glance = Glance(path)
        self.inbox = Inbox(path, clock, self.inbox_wakeup.set, self.glance)
        self.outbox = Outbox(path, clock, self.glance)
        self.overrides = OverrideReader(path)
        self.timers = Timers(path, clock, self.glance)
        self.homes = Homes(path, self.glance)
        self.aside = Aside(path, clock)
        self.history = History(path, clock)
        self._counts = WordCounts()
        self._held: Database | None = None

    def migrate(self) -> None:
        """Bring the database to this version's shape."""
        migrate(self.path)

    def hold(self) -> None:
        """Keep one connection open while the bot runs.

        The last connection to close empties the write-ahead log; with one for each unit of
        work, that would be every second one.
        """
        self._held = connect(self.path)
        self._held.execute("SELECT 1 FROM tickets LIMIT 1").fetchone()

    def release(self) -> None:
        """Let the held connection go."""
        if self._held is not None:
            self._held.close()
            self._held = None

    @contextmanager
    def readings(self) -> Iterator[SqliteReadings]:
        """Read what people see where they look, all of it as of one instant."""
        with reading(self.path) as database:
            yield SqliteReadings(database)

    def unit_of_work(self) -> SqliteUnitOfWork:
        """Begin a transaction, to be used as a context manager."""
        return SqliteUnitOfWork(self.path, self.clock, self._written, self._counts)

    def _written(self) -> None:
        self.outbox_wakeup.set()
        # What is said on a ticket shows on Homes too.
        self.homes_wakeup.set()
