"""Several processes on one database: who leads, who died, and who has what in hand."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.ports.delivery import Way
from bot.store import database
from bot.store.database import put_on, reading
from bot.store.outbox import OutboxRow
from bot.store.postgresql import replica
from bot.store.postgresql.errors import RefusedError
from bot.store.postgresql.paces import SharedPaces
from bot.store.postgresql.replica import Replica
from bot.store.postgresql.server import SERVING, Server
from bot.store.serving.in_hand import TakenUpError
from bot.store.unit_of_work import Store
from bot.worker.pacing import Pacer
from tests import builders as a
from tests import postgresql
from tests.fakes import TurnableClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

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
        self.store = Store(path, TurnableClock(), holder=self.replica.number)
        self.replica._take_up = self.store.take_up

    def dies(self) -> None:
        """Let PostgreSQL see its session end, as it does when a process is killed."""
        self.replica.unlock()


@pytest.fixture
def address(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A desk's database of its own; who is missing is gone at once."""
    monkeypatch.setattr(database, "_servers", {})
    monkeypatch.setattr(replica, "GONE_AFTER_S", 0.0)
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
    """It may stand in Slack already."""
    first, second = comes(), comes()
    with first.store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP, a.THREAD.ts))
    assert first.store.outbox.claim() is not None
    assert second.store.outbox.claim() is None
    first.dies()
    second.replica.look()
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
        with pytest.raises(psycopg.OperationalError):
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
    monkeypatch.setattr(replica, "LOOK", replica.LOOK.replace("'6 s'", "'-1 s'"))
    second.replica.look()
    for _ in range(100):
        second.replica.look()
        if second.replica.leads():
            break
    assert second.replica.leads()
    assert first.replica.number in second.replica.gone([first.replica.number])


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


def test_all_keep_one_pace_together(comes: Callable[[], Process]) -> None:
    """A message a second and channel, whoever sends it; and Slack's wishes are everybody's."""
    one, other = (
        Pacer(burst=2, rate=1.0, paces=SharedPaces(each.store.path)) for each in (comes(), comes())
    )
    assert [each.wait_for("C1", a.NOON) for each in (one, other, other, one)] == [0, 0, 1, 1]
    assert other.wait_for("C2", a.NOON) == 0
    assert one.wait_for("C1", a.NOON + timedelta(seconds=1)) == 0
    one.rest("C3", Way.POST, a.NOON, 30)
    assert other.wait_for("C3", a.NOON + timedelta(seconds=10)) == 20
    calls = partial(other.wait_for, "C4", a.NOON, Way.EDIT)
    assert [calls() for _ in range(50)] == [0.0] * 50
    assert one.wait_for("C4", a.NOON, Way.EDIT) == 60
