"""A desk goes from a file to a server and back, and nothing of it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.ids import Ts
from bot.store import database
from bot.store.copying import copying as module
from bot.store.copying.copying import Copying, sums_of
from bot.store.copying.ends import FileEnd, ServerEnd, read_from, write_to
from bot.store.copying.pattern import pattern
from bot.store.database import StoreError, migrate, transaction
from bot.store.holding import Holding, InUseError
from bot.store.postgresql.server import Server
from bot.store.unit_of_work import Store
from tests import builders as a
from tests import postgresql

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import TurnableClock

pytestmark = pytest.mark.rare  # a server is started


@pytest.fixture
def target(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ServerEnd:
    """An empty database on a server."""
    monkeypatch.setattr(database, "_servers", {})
    name = f"copy_{abs(hash(request.node.name))}"
    address = postgresql.new_database(name, pattern="template0")
    return ServerEnd(Server(address), tmp_path / "there")


@pytest.fixture
def source(store: Store, clock: TurnableClock) -> FileEnd:
    """A file with some tickets, one of which repeats a later one, and odd words."""
    for number in range(7):
        with store.unit_of_work() as uow:
            words = f"Question {number}: naïve\x00 \U0001f600 \ud83d".encode(errors="replace")
            thread = replace(a.THREAD, ts=Ts(f"177245280{number}.000100"))
            uow.tickets.open(thread, a.ANA, words.decode(), a.ASKED)
    with transaction(store.path) as db:
        db.execute("UPDATE tickets SET duplicate_of = 1006 WHERE id = 1002")
        db.execute("DELETE FROM tickets WHERE id = 1007")
        db.execute("INSERT INTO turned_away (user, at) VALUES ('U1', 'now'), ('U\u00e91', 'now')")
    return FileEnd(store.path, clock)


def sums(end: FileEnd | ServerEnd) -> module.Sums:
    """Count and hash what is there."""
    with read_from(end) as read:
        return sums_of(read, end)


def copied(source: FileEnd | ServerEnd, target: FileEnd | ServerEnd) -> module.Sums:
    """Copy without a word."""
    return Copying(source, target, lambda _: None).run()


def opened_next(end: FileEnd | ServerEnd, clock: TurnableClock) -> int:
    """Give the number of the next ticket."""
    with Store(end.path, clock).unit_of_work() as uow:
        return uow.tickets.open(replace(a.THREAD, ts=Ts("9.9")), a.ANA, "And now?", a.ASKED).id


def test_there_and_back_is_the_same(
    source: FileEnd, target: ServerEnd, tmp_path: Path, clock: TurnableClock
) -> None:
    """Rows, hashes, numbers, and what happens by itself."""
    before = copied(source, target)
    assert before["tickets"][0] == 6
    assert before["turned_away"][0] == 2
    assert sums(target) == before == sums(source)
    back = FileEnd(tmp_path / "back.db", clock)
    assert copied(target, back) == before
    # A number that was given and whose ticket is gone is not given again, at either end.
    assert [opened_next(each, clock) for each in (source, target, back)] == [1008, 1008, 1008]
    for each in (target, back):
        with read_from(each) as read:
            ((of,),) = read("SELECT duplicate_of FROM tickets WHERE id = 1002", [])
            assert of == 1006
            # The triggers are awake: a new ticket's words are found, and its hour is counted.
            assert read("SELECT 1 FROM ticket_words WHERE rowid = 1008", [])
            assert sum(row[0] for row in read("SELECT tickets FROM ticket_hours", [])) == 7


def test_the_server_plans_by_what_was_brought(source: FileEnd, target: ServerEnd) -> None:
    """From the first question on."""
    copied(source, target)
    with read_from(target) as read:
        ((rows,),) = read("SELECT reltuples::bigint FROM pg_class WHERE relname = 'tickets'", [])
    assert rows == 6


def test_a_copy_that_was_cut_short_goes_on(
    source: FileEnd, target: ServerEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After whichever statement it ends, nothing is lost and nothing comes twice."""
    monkeypatch.setattr(module, "AT_ONCE", 2)
    insert, done = module._insert, list[str]()

    def cut(*given: object) -> None:
        if len(done) % 2:
            done.append("")
            raise KeyboardInterrupt
        done.append("")
        insert(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_insert", cut)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            copied(source, target)
    with pytest.raises(StoreError, match="is half a copy of"):
        migrate(target.path)
    monkeypatch.setattr(module, "_insert", insert)
    said = list[str]()
    Copying(source, target, said.append).run()
    assert said[0].startswith("going on")
    assert "tickets: 6" not in said, "what is there is not copied again"
    assert sums(target) == sums(source)
    migrate(target.path)


def test_a_source_that_changed_meanwhile_is_copied_anew(
    source: FileEnd, target: ServerEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was there of it is let go."""
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(Copying, "_compare", lambda *_: 1 / 0)
        copied(source, target)
    with transaction(source.path) as db:
        db.execute("UPDATE tickets SET question = 'Something else' WHERE id = 1001")
    assert copied(source, target) == sums(target)


def test_what_holds_something_else_is_refused(source: FileEnd, target: ServerEnd) -> None:
    """A desk, half a copy of another one, and tables of something else."""
    with write_to(source) as run:
        run("INSERT INTO copying (source, sums) VALUES ('x', '')", [])
    with pytest.raises(StoreError, match="itself half a copy of x"):
        copied(source, target)
    with write_to(source) as run:
        run("DELETE FROM copying", [])
    copied(source, target)
    with pytest.raises(StoreError, match="holds a desk already"):
        copied(source, target)
    with write_to(target) as run:
        run("INSERT INTO copying (source, sums) VALUES ('another', '')", [])
    with pytest.raises(StoreError, match="half a copy of another"):
        copied(source, target)


def test_a_row_that_is_not_the_same_is_told(
    source: FileEnd, target: ServerEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its table."""
    insert = module._insert

    def spoiled(run: object, end: object, table: object, rows: list[tuple[object, ...]]) -> None:
        if getattr(table, "name", "") == "turned_away":
            rows = [(user, "another time") for user, _ in rows]
        insert(run, end, table, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_insert", spoiled)
    with pytest.raises(StoreError, match=r"not the same as .*: turned_away \(2 and 2 rows\)"):
        copied(source, target)


def test_a_desk_that_is_served_is_not_copied(
    source: FileEnd, target: ServerEnd, clock: TurnableClock
) -> None:
    """At either end."""
    holding = Holding(source.path, clock)
    holding.lock()
    with pytest.raises(InUseError):
        copied(source, target)
    holding.unlock()
    with target.kept(), pytest.raises(StoreError, match="in use by a running Frontline"):
        copied(source, target)


def test_those_come_first_that_others_refer_to() -> None:
    """And no table is left out but those of the place."""
    names = [table.name for table in pattern().tables]
    assert names.index("tickets") < names.index("conversation")
    assert names.index("incidents") < names.index("incident_updates")
    assert len(names) > 45
