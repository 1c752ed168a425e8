"""Several processes on one database: who leads, who died, and who has what in hand."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.errors import StaleStateError
from bot.desk.ids import Thread, Ts
from bot.desk.ports.delivery import Way
from bot.desk.tickets import EscalationState
from bot.desk.tiers import Tier
from bot.store import database
from bot.store.database import Glance, borrowed, put_on, reading, transaction
from bot.store.migrations import migrations
from bot.store.outbox import OutboxRow
from bot.store.postgresql import replica, server
from bot.store.postgresql.connection import Session
from bot.store.postgresql.errors import PassingError, RefusedError
from bot.store.postgresql.locks import FELLOWS, SERVING
from bot.store.postgresql.paces import SharedPaces
from bot.store.postgresql.replica import Replica
from bot.store.postgresql.server import Server
from bot.store.serving.in_hand import ON_ITS_WAY, TakenUpError
from bot.store.unit_of_work import Store
from bot.worker.pacing import Pacer
from tests import builders as a
from tests import postgresql
from tests.fakes import TurnableClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlite_utils import Database

pytestmark = pytest.mark.rare  # a server is started


class Process:
    """A process that serves, its rounds made by hand."""

    def __init__(self, path: Path, address: str) -> None:
        """Come beside the others."""
        self.server = Server(address, wait=lambda _: None)
        put_on(path, self.server)
        self.replica = Replica(self.server)
        self.replica.lock()
        self.replica.begin(lambda _: None, lambda _: None)
        self.clock = TurnableClock()
        self.store = Store(path, self.clock, holder=self.replica.number)
        self.replica.attend(self.store.take_up, lambda: None)

    def dies(self) -> None:
        """Let PostgreSQL see its session end, as it does when a process is killed."""
        watch = psycopg.connect(self.server._address, autocommit=True)
        pid = self.replica._own.info.backend_pid
        self.replica.unlock()
        while watch.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            pass
        watch.close()


@pytest.fixture
def address(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A desk's database of its own; who is missing is gone at once."""
    monkeypatch.setattr(database, "_servers", {})
    monkeypatch.setattr(replica, "GONE_AFTER_S", 0.0)
    monkeypatch.setattr(Replica, "_loop", lambda _: None)
    return postgresql.new_database(f"test_{abs(hash(request.node.name))}")


@pytest.fixture
def comes(address: str, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Let another process come to serve."""
    come: list[Process] = []

    def one() -> Process:
        come.append(Process(tmp_path / f"{len(come)}.db", address))
        return come[-1]

    yield one
    for each in come:
        each.replica.end()


def test_one_leads_and_another_takes_its_place(comes: Callable[[], Process]) -> None:
    """As soon as the first is gone, whatever it left undone."""
    first, second = comes(), comes()
    second.replica.look()
    assert (first.replica.leads(), second.replica.leads()) == (True, False)
    first.dies()
    second.replica.look()
    assert (first.replica.leads(), second.replica.leads()) == (False, True)


def test_what_a_dead_one_had_in_hand_is_taken_up_and_nothing_else(
    comes: Callable[[], Process],
) -> None:
    """A living one goes on with what it has, also where another comes."""
    first, second = comes(), comes()
    for event in ("Ev1", "Ev2"):
        first.store.inbox.put(a.delivery(event, thread=None))
    dead, living = first.store.inbox.claim(), second.store.inbox.claim()
    assert dead
    assert living
    third = comes()
    assert third.replica.gone(third.store.holders()) == []
    first.dies()
    second.replica.look()
    taken = third.store.inbox.claim()
    assert taken
    assert taken.id == dead.id
    assert third.store.inbox.claim() is None
    with reading(third.store.path) as db:
        assert db.execute("SELECT count(*) FROM replicas").fetchone()[0] == 2


def test_what_a_dead_one_was_sending_is_looked_for(comes: Callable[[], Process]) -> None:
    """It may stand in Slack already, or be on its way there."""
    first, second = comes(), comes()
    with first.store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP, a.THREAD.ts))
    assert first.store.outbox.claim() is not None
    assert second.store.outbox.claim() is None
    first.dies()
    second.replica.look()
    assert second.store.outbox.claim() is None
    second.clock.turn(ON_ITS_WAY.total_seconds())
    row = second.store.outbox.claim()
    assert isinstance(row, OutboxRow)
    assert row.uncertain


def test_who_was_thought_dead_finishes_nothing_that_another_took_up(
    comes: Callable[[], Process],
) -> None:
    """All that it had planned is undone; the other one's is what people see."""
    first, second = comes(), comes()
    first.store.inbox.put(a.delivery("Ev1"))
    row = first.store.inbox.claim()
    assert row
    second.store.take_up([first.replica.number])
    with pytest.raises(TakenUpError), first.store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP, a.THREAD.ts))
        uow.inbox.finish(row.id)
    assert second.store.outbox.claim() is None
    first.store.inbox.retry(row, "late", first.store.clock() + timedelta(hours=1))
    assert second.store.inbox.claim() is not None


def test_a_session_that_was_cut_comes_back_with_its_number(
    comes: Callable[[], Process], address: str
) -> None:
    """As after a restart of PostgreSQL: what it has in hand stays its own."""
    first, second = comes(), comes()
    name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
    with psycopg.connect(postgresql.cluster(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    for each in (first, second):
        with pytest.raises(PassingError):
            each.replica.look()
        each.replica._come_back()
        each.replica.look()
    assert first.replica.gone([1, 2, 3]) == [3]
    assert first.replica.leads() != second.replica.leads()


def test_one_that_hangs_is_cut_off(
    comes: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that sleeps keeps its connection, and neither the lead nor its rows."""
    first, second = comes(), comes()
    writing = first.server.connect()
    writing.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(replica, "FELLOWS", FELLOWS.replace("'6 s'", "'-1 s'"))
    second.replica.look()
    assert second.store.inbox.put(a.delivery("Ev1")), "the turn to write is free again"
    with pytest.raises(PassingError):
        writing.execute("SELECT 1")
    for _ in range(100):
        second.replica.look()
        if second.replica.leads() and not second.replica.fellows():
            break
    assert second.replica.leads()
    assert second.replica.gone([first.replica.number]) == [first.replica.number]


def test_who_comes_back_later_after_the_server_was_away_is_not_dead(
    comes: Callable[[], Process], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be sending all the while; it is spared longer than one that just died."""
    first, second = comes(), comes()
    with first.store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP, a.THREAD.ts))
    assert first.store.outbox.claim() is not None
    name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
    with psycopg.connect(postgresql.cluster(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    with pytest.raises(PassingError):
        second.replica.look()
    second.replica._come_back()
    second.replica.look()
    # One that starts meanwhile takes nothing either.
    assert second.replica.gone(second.store.holders()) == []
    assert first.replica.number in {each.number for each in second.replica.fellows()}
    monkeypatch.setattr(second.replica, "_spared_until", 0.0)
    second.replica.look()
    assert first.replica.number not in {each.number for each in second.replica.fellows()}


def test_what_serves_alone_and_what_serves_beside_others_keep_each_other_out(
    comes: Callable[[], Process], address: str
) -> None:
    """Versions before replicas take the lock for themselves, and so does a copy."""
    with psycopg.connect(address) as alone:
        alone.execute(f"SELECT pg_advisory_lock({SERVING})".encode())
        with pytest.raises(RefusedError, match="serves alone; stop that one first"):
            comes()
    first = comes()
    with first.server.kept_alone() as is_ours:
        assert not is_ours


def test_all_go_by_the_clock_of_the_server(comes: Callable[[], Process]) -> None:
    """A machine whose clock is wrong is as right as the others."""
    first = comes()
    first.server.clock.compare(first.server.clock() + timedelta(hours=3))
    first.replica.look()
    with reading(first.store.path) as db:
        shown = db.conn.run("SELECT clock_timestamp()").fetchone()[0]  # type: ignore[attr-defined]
    assert abs(first.server.clock() - shown) < timedelta(seconds=1)


def test_one_thing_is_done_by_one_of_them_at_a_time(comes: Callable[[], Process]) -> None:
    """As the replacing of a token: who comes meanwhile leaves it."""
    first, second = comes(), comes()
    with first.server.turn_of("token T1") as is_ours, second.server.turn_of("token T1") as theirs:
        assert (is_ours, theirs) == (True, False)
        with second.server.turn_of("token T2") as another:
            assert another
    with second.server.turn_of("token T1") as theirs:
        assert theirs


@pytest.mark.parametrize("kept", ["turn_of", "kept_alone"])
def test_whose_turn_was_cut_off_hears_of_it_in_our_words(address: str, kept: str) -> None:
    """Another may have had it meanwhile; a house goes on with its other workspaces."""
    only = Server(address)
    turn = only.turn_of("token T1") if kept == "turn_of" else only.kept_alone()
    with (
        psycopg.connect(address, autocommit=True) as admin,
        pytest.raises(PassingError, match="cannot be used just now"),
        turn as is_ours,
    ):
        assert is_ours
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name LIKE 'frontline%' AND datname = current_database()"
        )


def test_all_keep_one_pace_together(comes: Callable[[], Process]) -> None:
    """A message a second and channel, whoever sends it; and Slack's wishes are everybody's."""
    one, other = (
        Pacer(burst=2, rate=1.0, paces=SharedPaces(partial(borrowed, each.store.path)))
        for each in (comes(), comes())
    )
    assert [each.wait_for("C1", a.NOON) for each in (one, other, other, one)] == [0, 0, 1, 1]
    assert other.wait_for("C2", a.NOON) == 0
    assert one.wait_for("C1", a.NOON + timedelta(seconds=1)) == 0
    one.rest("C3", Way.POST, a.NOON, 30)
    assert other.wait_for("C3", a.NOON + timedelta(seconds=10)) == 20
    calls = partial(other.wait_for, "C4", a.NOON, Way.EDIT)
    assert [calls() for _ in range(50)] == [0.0] * 50
    assert one.wait_for("C4", a.NOON, Way.EDIT) == 60


def tomorrows(db: Database) -> None:
    """A step of a later version: it only adds."""
    db.execute("ALTER TABLE tickets ADD COLUMN mood TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE inbox ADD COLUMN weight INTEGER NOT NULL DEFAULT 1")
    db.execute("CREATE TABLE moods (ticket INTEGER PRIMARY KEY, mood TEXT NOT NULL) STRICT")


@pytest.fixture
def tomorrow() -> Iterator[None]:
    """Be the version of tomorrow within this."""
    step = SimpleNamespace(name="m999_tomorrow", fn=tomorrows)
    migrations._migrations.append(step)  # type: ignore[arg-type]
    yield
    if step in migrations._migrations:
        migrations._migrations.remove(step)  # type: ignore[arg-type]


def handled(process: Process, event: str) -> None:
    """Let a process take in a message, open a ticket for it and answer."""
    thread = Thread(a.TEAM, a.IT_HELP, Ts(f"1772452000.00000{event[-1]}"))
    process.store.inbox.put(a.delivery(event, thread=thread))
    row = process.store.inbox.claim()
    assert row
    with process.store.unit_of_work() as uow:
        ticket = uow.tickets.open(thread, a.ANA, "Why?", thread.ts)
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP, thread.ts), ticket.id)
        uow.inbox.finish(row.id)
    assert process.store.outbox.claim() is not None


def test_an_older_version_goes_on_beside_a_newer_one(
    comes: Callable[[], Process], tomorrow: None
) -> None:
    """The newer one adds to the database that both work on; each handles what it takes."""
    newest = migrations._migrations.pop()
    older = comes()
    handled(older, "Ev1")
    migrations._migrations.append(newest)
    older.server.migrate()
    newer = comes()
    migrations._migrations.pop()
    handled(older, "Ev2")
    migrations._migrations.append(newest)
    handled(newer, "Ev3")
    with reading(newer.store.path) as db:
        assert db.execute("SELECT count(*) FROM tickets WHERE mood = ''").fetchone()[0] == 3


def test_an_older_version_does_not_start_on_a_newer_ones_database(
    comes: Callable[[], Process], tomorrow: None
) -> None:
    """In one line; what runs already goes on."""
    first = comes()
    first.server.migrate()
    migrations._migrations.pop()
    with pytest.raises(RefusedError, match=r"written by a newer Frontline \(m999_tomorrow\)"):
        first.server.migrate()


def test_a_step_that_takes_away_waits_until_the_older_ones_are_gone(
    comes: Callable[[], Process], tomorrow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is changed under a version that needs what is taken away."""
    newest = migrations._migrations.pop()
    older = comes()
    migrations._migrations.append(newest)
    monkeypatch.setattr(server, "NARROWING", frozenset({"m999_tomorrow"}))
    with pytest.raises(RefusedError, match="is served by an older Frontline"):
        older.server.migrate()
    older.dies()
    older.server.migrate()


def test_what_the_server_forgot_is_done_again(comes: Callable[[], Process]) -> None:
    """After a crash it may not know that a row was finished: nobody has that in hand any more."""
    first, second = comes(), comes()
    for event in ("Ev1", "Ev2"):
        first.store.inbox.put(a.delivery(event, thread=None))
    finished, at_work = first.store.inbox.claim(), first.store.inbox.claim()
    assert finished
    assert at_work
    first.store.inbox.in_hand.done(finished.id, finished.lease)
    assert first.store.take_up([]) == 1
    again = first.store.inbox.claim()
    assert again
    assert again.id == finished.id
    assert second.store.inbox.claim() is None


def test_what_is_stored_and_what_leaves_is_on_the_disk_before_anybody_is_told(
    comes: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the connection that wrote it; what would be done again does not wait for the disk."""
    flushed: list[Session] = []
    monkeypatch.setattr(Session, "flush", lambda session: flushed.append(session))
    first = comes()
    first.store.inbox.put(a.delivery("Ev1"))
    assert len(flushed) == 1
    row = first.store.inbox.claim()
    assert row
    with first.store.repeatable() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP, a.THREAD.ts))
        uow.inbox.finish(row.id)
    assert len(flushed) == 1
    with first.store.unit_of_work() as uow:
        uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED)
    assert len(flushed) == 2


def test_a_flush_returns_once_the_disk_has_what_was_committed(
    comes: Callable[[], Process],
) -> None:
    """Else a crash forgets that something is being sent, and it is sent once more."""
    first = comes()
    session = first.server.connect().conn
    for number in range(20):
        with transaction(first.store.path, lasting=False) as db:
            db.execute("UPDATE replicas SET pid = ?", [number])
        written = session.run("SELECT pg_current_wal_insert_lsn()").fetchone()[0]  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        on_disk = session.run("SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn", [written])  # type: ignore[attr-defined]
        assert on_disk.fetchone()[0]


def test_a_flush_is_by_a_connection_that_was_there_all_the_time(
    comes: Callable[[], Process], address: str
) -> None:
    """Had the server fallen since the commit, nobody would know what it kept."""
    first = comes()
    session = first.server.connect().conn
    session.flush()  # type: ignore[attr-defined]
    name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
    with psycopg.connect(postgresql.cluster(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    with pytest.raises(PassingError):
        session.flush()  # type: ignore[attr-defined]
    first.replica._come_back()


def test_each_knows_whether_one_of_another_version_serves(
    comes: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what it can read; one that reads the same is no other, nor one that is no more."""
    first, alike = comes(), comes()
    first.replica.look()
    assert not first.replica.has_other_readers()
    monkeypatch.setattr(replica, "dialect", lambda: "tomorrow's")
    newer = comes()
    assert newer.replica.has_other_readers()
    monkeypatch.undo()
    for each in (first, alike):
        each.replica.look()
        assert each.replica.has_other_readers()
    newer.dies()
    first.replica.look()
    assert not first.replica.has_other_readers()


def test_a_row_is_taken_while_another_has_the_turn_to_write(comes: Callable[[], Process]) -> None:
    """Whoever takes in hand waits for nobody who writes, and of two each takes another row."""
    first, second = comes(), comes()
    for event in ("Ev1", "Ev2"):
        first.store.inbox.put(a.delivery(event, thread=None))
    with first.store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP, a.THREAD.ts))
        taken = [each.store.inbox.claim() for each in (first, second)]
    assert [row.payload["event_id"] for row in taken if row] == ["Ev1", "Ev2"]


def test_what_is_of_one_ticket_is_in_one_hand_at_a_time(comes: Callable[[], Process]) -> None:
    """Of one lane the next row is nobody's until the one before it is done, on any replica."""
    first, second = comes(), comes()
    for event in ("Ev1", "Ev2"):
        first.store.inbox.put(a.delivery(event))
    row = first.store.inbox.claim()
    assert row
    assert second.store.inbox.claim() is None
    with first.store.unit_of_work() as uow:
        uow.inbox.finish(row.id)
        for _ in range(2):
            uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP, a.THREAD.ts))
    row = second.store.inbox.claim()
    assert row
    assert row.payload["event_id"] == "Ev2"
    sent = second.store.outbox.claim()
    assert isinstance(sent, OutboxRow)
    assert first.store.outbox.claim() is None
    second.store.outbox.sent(sent, a.IT_HELP, Ts("1772452800.000900"))
    following = first.store.outbox.claim()
    assert isinstance(following, OutboxRow)
    assert following.id > sent.id


def test_what_was_taken_without_anybodys_knowing_is_put_back(
    comes: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was lost with the line, and nobody knows which row it was."""
    only = comes()
    only.store.inbox.put(a.delivery("Ev1"))
    changed = Glance.changed

    def lost(glance: Glance, *given: Any, **named: Any) -> None:
        changed(glance, *given, **named)
        raise PassingError("The line was cut.")

    with monkeypatch.context() as patch, pytest.raises(PassingError):
        patch.setattr(Glance, "changed", lost)
        only.store.inbox.claim()
    row = only.store.inbox.claim()
    assert row
    assert row.attempts == 2
    assert only.store.take_up([]) == 0


def test_an_outage_leaves_nothing_to_put_back_that_was_never_taken(
    comes: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it was, and however often somebody asked meanwhile."""
    only = comes()
    only.store.inbox.put(a.delivery("Ev1"))

    def away(*_: Any, **__: Any) -> None:
        raise PassingError("The server is away.")

    with monkeypatch.context() as patch:
        patch.setattr(Glance, "changed", away)
        for _ in range(50):
            with pytest.raises(PassingError):
                only.store.inbox.claim()
            only.clock.turn(1)
    sent: list[str] = []
    run = Session.run
    monkeypatch.setattr(Session, "run", lambda *a, **k: sent.append(a[1]) or run(*a, **k))
    row = only.store.inbox.claim()
    assert row
    assert row.attempts == 1
    assert not [sql for sql in sent if '"holder" = 0' in sql]
    assert not only.store.inbox.in_hand.some_fell


def test_what_is_just_being_taken_is_not_lost(
    comes: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rounds look for rows that nobody has in hand, while a thread is about to have one."""
    only = comes()
    only.store.inbox.put(a.delivery("Ev1"))
    changed, lost = Glance.changed, []

    def amid(glance: Glance, *given: Any, **named: Any) -> Any:
        found = changed(glance, *given, **named)
        lost.append(only.store.take_up([]))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Glance, "changed", amid)
        assert only.store.inbox.claim() is not None
    assert lost == [0]
    assert only.store.inbox.claim() is None


def test_what_goes_out_is_in_hand_on_the_disk(comes: Callable[[], Process]) -> None:
    """Also where the connection that takes was opened again: what is sent is never forgotten."""
    only = comes()
    for channel in ("C0ONE00001", "C0TWO00001"):
        with only.store.unit_of_work() as uow:
            uow.outbox.put(Courtesy("empty"), Destination(channel))
        assert only.store.outbox.claim() is not None
        ((rest,),) = only.store.glance.rows(
            "SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()"
        )
        assert rest == 0
        with only.store.glance._kept() as kept:
            session: Any = kept.conn
        session.close()


def test_what_was_moved_meanwhile_is_undone_at_the_commit(comes: Callable[[], Process]) -> None:
    """Whether a state was still as it was read is known with the next thing that is waited for."""
    only = comes()
    with only.store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "printer", a.ASKED)
        escalation = uow.escalations.open(ticket.id, Tier.L2, "l2", ("because",))
    with pytest.raises(StaleStateError), only.store.unit_of_work() as uow:
        uow.audit.note(ticket.id, a.TOM, "claimed", "")
        uow.escalations.save(escalation, was=EscalationState.ACKNOWLEDGED)
    with only.store.look() as uow:
        assert uow.escalations.get(escalation.id) == escalation
