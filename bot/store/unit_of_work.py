"""The unit of work: state, notices, audit and inbox row in one transaction."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Self

from bot.desk.beyond import Targets
from bot.desk.privacy import NoScrubber
from bot.desk.tickets import ANYBODY
from bot.store.aside import Aside, AsideRows
from bot.store.audit import SqliteAudit
from bot.store.database import (
    Glance,
    close_spare,
    connect,
    flush,
    give_back,
    keep_spare,
    migrate,
    reading,
    server_of,
    taken,
)
from bot.store.disk.lasting import made_lasting
from bot.store.disk.turns import turn_to_write
from bot.store.figures.figures import SqliteFigures, links_of
from bot.store.history import History
from bot.store.inbox import Inbox, InboxRows
from bot.store.incidents.incidents import SqliteIncidents
from bot.store.learning.ailments import SqliteAilments
from bot.store.learning.audits import SqliteAudits
from bot.store.learning.drafts import SqliteDrafts
from bot.store.learning.feedback import SqliteFeedback
from bot.store.learning.gaps import SqliteGaps
from bot.store.learning.problems import SqliteProblems
from bot.store.live import LiveSources
from bot.store.oncall import OverrideReader, OverrideRows
from bot.store.outbox import (
    AlarmRows,
    Alarms,
    DeadLetters,
    Letters,
    Outbox,
    OutboxRows,
    Stops,
)
from bot.store.outbox.beyond import BeyondRows
from bot.store.presence import Presence
from bot.store.privacy.copies import Copies
from bot.store.privacy.once import ToldOnce
from bot.store.serving.in_hand import ALONE
from bot.store.tickets.escalations import SqliteEscalations
from bot.store.tickets.lookalikes import SqliteLookalikes, WordCounts
from bot.store.tickets.steps import SqliteSteps
from bot.store.tickets.tickets import SqliteConversation, SqliteTickets, unheard
from bot.store.timers import TimerRows, Timers
from bot.store.views.gauges import Gauges
from bot.store.views.homes import HomeRows, Homes
from bot.store.views.languages import LanguageRows
from bot.store.views.readings import SqliteReadings
from bot.store.wakeup import News, Wakeup

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from types import TracebackType

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber
    from bot.desk.tickets import Viewer
    from bot.store.privacy.shares import Share


NO_TARGETS = Targets()


class SqliteUnitOfWork:
    """One transaction on a connection of its own."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        notify: Callable[[], None],
        scrubber: Scrubber,
        *,
        steady: Clock,
        counts: WordCounts,
        targets: Targets,
        holder: int = ALONE,
        reads: bool = False,
        lasting: bool = True,
    ) -> None:
        """Open a connection; `notify` is called once something is written that is to be sent.

        One that only `reads` takes no lock, and refuses whatever would write. What is not
        `lasting` is on the disk before anything is sent because of it, and not at once.
        """
        self._reads, self._lasting = reads, lasting
        self._db = taken(path)
        self._path = path
        self._is_sound = False
        self._notify = notify
        self._open = ExitStack()
        self.beyond = BeyondRows(self._db, clock, targets, scrubber)
        # Where nobody outside listens, nothing is read in order to tell them.
        told = self.beyond if targets else None
        self.tickets = SqliteTickets(
            self._db, clock, scrubber, told.ticket_moved if told else unheard
        )
        self.escalations = SqliteEscalations(
            self._db, clock, scrubber, told.escalation_moved if told else unheard
        )
        self.incidents = SqliteIncidents(self._db, clock, scrubber, self.beyond.happened)
        self.outbox = OutboxRows(self._db, steady, scrubber)
        copies = Copies(self._db, self.outbox, scrubber, path)
        self.conversation = SqliteConversation(
            self._db, clock, copies, told.commented if told else unheard
        )
        self.steps = SqliteSteps(self._db, clock)
        self.timers = TimerRows(self._db, clock)
        self.feedback = SqliteFeedback(self._db, clock, scrubber)
        self.drafts = SqliteDrafts(self._db, clock, scrubber)
        self.gaps = SqliteGaps(self._db, clock)
        self.problems = SqliteProblems(self._db, clock)
        self.ailments = SqliteAilments(self._db, clock)
        self.audits = SqliteAudits(self._db, clock)
        self.lookalikes = SqliteLookalikes(self._db, counts)
        self.audit = SqliteAudit(self._db, clock, scrubber)
        self.overrides = OverrideRows(self._db, clock)
        self.homes = HomeRows(self._db, clock)
        self.languages = LanguageRows(self._db)
        self.once = ToldOnce(self._db, clock)
        self.inbox = InboxRows(self._db, steady, holder)
        self.dead_letters = DeadLetters(self._db, steady)
        self.alarms = AlarmRows(self._db, clock)
        self.aside = AsideRows(self._db)

    def __enter__(self) -> Self:
        """Begin; `BEGIN IMMEDIATE`, since read-then-write fails under load."""
        with ExitStack() as stack:
            stack.callback(self._part)
            if self._reads:
                self._db.execute("PRAGMA query_only = ON")
                self._db.execute("BEGIN")
            else:
                stack.enter_context(turn_to_write(self._path))
                self._db.execute("BEGIN IMMEDIATE")
            self._open = stack.pop_all()
        return self

    def _part(self) -> None:
        if self._is_sound:
            give_back(self._path, self._db)
        else:
            self._db.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """Commit, or roll back where a failure passes through."""
        with self._open:
            if self._reads:
                self._db.conn.rollback()
                self._db.execute("PRAGMA query_only = OFF")
                self._is_sound = kind is None
                return
            if kind is None:
                self.beyond.flush(self.outbox, self.tickets, self.escalations)
                self._db.conn.commit()
                if self._lasting:
                    flush(self._db)
                self._is_sound = True
            else:
                self._db.conn.rollback()
        if kind is not None:
            return
        if self._lasting:
            made_lasting(self._path)
        if self.outbox.written or self.dead_letters.taken_up:
            self._notify()


class OneLook:
    """What one thread looks at while it works out what a command changes: all of one instant.

    The transaction begins with the first look and ends with the command. A look within a look is
    the same; after one that failed, and where it is to be of this moment, another begins.
    """

    def __init__(self, begun: Callable[[], SqliteUnitOfWork]) -> None:
        """Nothing is looked at yet."""
        self._begun = begun
        self._now: SqliteUnitOfWork | None = None
        self._depth = 0
        self._is_broken = False

    def serves(self, *, anew: bool) -> bool:
        """Tell whether this look will do; what is still in use is never ended under its user."""
        if self._depth:
            return not (anew or self._is_broken)
        if anew or self._is_broken:
            self.end()
        return True

    def __enter__(self) -> SqliteUnitOfWork:
        """Look."""
        if self._now is None:
            self._now = self._begun().__enter__()
        self._depth += 1
        return self._now

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Look away; the transaction stays open for the next look."""
        self._depth -= 1
        self._is_broken = self._is_broken or kind is not None

    def end(self) -> None:
        """End the transaction; one that something befell is closed with its connection."""
        now, self._now = self._now, None
        failure = RuntimeError("A look failed.") if self._is_broken else None
        self._is_broken = False
        if now is not None:
            now.__exit__(type(failure) if failure else None, failure, None)


class Store:
    """The desk's database: the one door to it."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        scrubber: Scrubber | None = None,
        *,
        steady: Clock | None = None,
        share: Share | None = None,
        targets: Targets = NO_TARGETS,
        holder: int = ALONE,
        has_other_readers: Callable[[], bool] = bool,
    ) -> None:
        """Name the file; nothing is opened yet. What goes to others is scrubbed on its way.

        `steady` is what the queues go by: a time that goes on evenly however the clock is set,
        so that no pause or lease is longer or shorter than it was meant to be. What one person
        sends beyond a `share` waits its turn; without one, nothing does. What happens is told to
        the `targets` outside Slack. `holder` is the number of this process among several, and
        `has_other_readers` tells whether one of another version is among them.
        """
        self.path = path
        self.clock = clock
        self.scrubber = scrubber or NoScrubber()
        self.steady = steady or clock
        self.has_other_readers = has_other_readers
        self.inbox_wakeup = Wakeup()
        self.outbox_wakeup = Wakeup()
        self.beyond_wakeup = Wakeup()
        self.targets = targets
        self.timers_wakeup = Wakeup()
        self.homes_wakeup = Wakeup()
        self.glance = Glance(path)
        self.news = News(self.glance, is_counted=server_of(path) is None)
        self._holder = holder
        self.inbox = Inbox(
            path, self.steady, self.inbox_wakeup.set, self.glance, share, holder=holder
        )
        self.outbox = Outbox(path, self.steady, self.glance, holder)
        self.letters = Letters(path, self.steady)
        self.stops = Stops(path, self.steady)
        self.alarms = Alarms(path, self.steady, self.glance)
        self.overrides = OverrideReader(path)
        self.timers = Timers(path, clock, self.glance)
        self.homes = Homes(path, clock, self.glance)
        self.aside = Aside(path, self.steady)
        self.presence = Presence(path)
        self.live = LiveSources(path, clock)
        self.history = History(path, self.steady)
        self.gauges = Gauges(path, clock, self.steady)
        self._counts = WordCounts()
        self._held: Database | None = None
        self._own = threading.local()

    def migrate(self) -> None:
        """Bring the database to this version's shape; one that is not ours is refused."""
        migrate(self.path)

    def hold(self) -> None:
        """Keep one connection open while the bot runs.

        The last connection to close empties the write-ahead log; with one for each unit of
        work, that would be every second one.
        """
        self._held = connect(self.path)
        self._held.execute("SELECT 1 FROM tickets LIMIT 1").fetchone()
        keep_spare(self.path)

    def release(self) -> None:
        """Let the held connection and the spare ones go."""
        close_spare(self.path)
        if self._held is not None:
            self._held.close()
            self._held = None

    @contextmanager
    def readings(self, viewer: Viewer = ANYBODY) -> Iterator[SqliteReadings]:
        """Read what somebody sees where they look, all of it as of one instant."""
        with reading(self.path) as database:
            yield SqliteReadings(database, viewer)

    @contextmanager
    def figures(self) -> Iterator[SqliteFigures]:
        """Count what happened, all of it as of one instant."""
        with reading(self.path) as database:
            yield SqliteFigures(database, links_of(database))

    def unit_of_work(self) -> SqliteUnitOfWork:
        """Begin a transaction, to be used as a context manager."""
        return self._work(reads=False)

    def repeatable(self) -> SqliteUnitOfWork:
        """The same for what is done again, after a power cut, from what was stored before it.

        Nothing is sent because of it before it is on the disk.
        """
        return self._work(reads=False, lasting=False)

    def make_lasting(self) -> None:
        """Return once all that was written is on the disk."""
        made_lasting(self.path)

    def look(self, *, anew: bool = False) -> SqliteUnitOfWork | OneLook:
        """Read, all of one instant; nobody who writes is held up, and nothing can be written.

        Within `one_look` that instant is the first look's, but for what is looked at `anew`.
        """
        one: OneLook | None = getattr(self._own, "look", None)
        if one is not None and one.serves(anew=anew):
            return one
        return self._work(reads=True)

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """Within, all looks of this thread are one: begun once, and of the same instant."""
        one = self._own.look = OneLook(lambda: self._work(reads=True))
        try:
            yield
        finally:
            self._own.look = None
            one.end()

    def _work(self, *, reads: bool, lasting: bool = True) -> SqliteUnitOfWork:
        return SqliteUnitOfWork(
            self.path,
            self.clock,
            self._written,
            self.scrubber,
            steady=self.steady,
            counts=self._counts,
            targets=self.targets,
            holder=self._holder,
            reads=reads,
            lasting=lasting,
        )

    def holders(self) -> set[int]:
        """Name the processes in whose hands something is, those that died included."""
        return self.inbox.in_hand.holders() | self.outbox.in_hand.holders()

    def take_up(self, gone: Collection[int]) -> int:
        """Take up what these processes had in hand, who are no more, and what we lost ourselves.

        Gives how many rows.
        """
        now, rows = self.steady(), 0
        for each in (self.inbox.in_hand, self.outbox.in_hand):
            rows += each.take_up(gone, now) if gone else each.look_for_lost()
        return rows

    def _written(self) -> None:
        self.outbox_wakeup.set()
        self.beyond_wakeup.set()
        # What is said on a ticket shows on Homes too.
        self.homes_wakeup.set()
