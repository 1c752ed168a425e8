"""A desk on a server is backed up while it is served, and put back over what came since."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from bot.desk.ids import Ts
from bot.store import database
from bot.store.articles.places import place_of
from bot.store.copying import backups
from bot.store.copying import copying as module
from bot.store.copying.backups import back_up, put_back
from bot.store.copying.copying import sums_of
from bot.store.copying.ends import FileEnd, ServerEnd, read_from
from bot.store.database import StoreError, connect, migrate, transaction
from bot.store.health import examine
from bot.store.postgresql.server import Server
from bot.store.serving.model import SharedModel
from bot.store.unit_of_work import Store
from kb.index.database import DatabaseFile
from kb.shared.copy import WorkingCopy
from tests import builders as a
from tests import postgresql

if TYPE_CHECKING:
    from pathlib import Path

    from kb.shared.copy import Place
    from tests.fakes import TurnableClock

pytestmark = pytest.mark.rare  # a server is started


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: TurnableClock,
) -> ServerEnd:
    """A desk with three tickets, one article and a learned model."""
    monkeypatch.setattr(database, "_servers", {})
    address = postgresql.new_database(f"backup_{abs(hash(request.node.name))}", pattern="template0")
    end = ServerEnd(Server(address), tmp_path / "desk.db")
    store = Store(end.path, clock)
    store.migrate()
    for number in range(3):
        opened(store, number)
    write_article(end, "one")
    assert SharedModel(end.path).put("shipped", b"learned", after=0)
    return end


def quiet(_: str) -> None:
    """Hear of no table."""


def opened(store: Store, number: int) -> int:
    """Open a ticket."""
    with store.unit_of_work() as uow:
        thread = replace(a.THREAD, ts=Ts(f"177245280{number}.000100"))
        ticket = uow.tickets.open(thread, a.ANA, f"Question {number}", a.ASKED)
        uow.conversation.add(ticket.id, a.ANA, f"Question {number}", a.ASKED)
    return ticket.id


def place(end: ServerEnd) -> Place:
    """Give where its articles are."""
    found = place_of(end.path)
    assert found is not None
    return found


def write_article(end: ServerEnd, name: str) -> None:
    """Let this machine write an article for all."""
    with closing(DatabaseFile(end.path, place(end))) as file, file.writing() as db:
        db.execute(
            "INSERT INTO kb_articles "
            "(collection, id, title, area, owner, questions, body, url, source, hash) "
            "VALUES ('kb', ?, ?, '', '', '', '', '', '', ?)",
            [name, name, name],
        )


def articles(file: Path) -> list[str]:
    """Name the articles of a file."""
    with closing(Database(file)) as db:
        return [row[0] for row in db.execute("SELECT id FROM kb_articles ORDER BY id")]


def sums(end: FileEnd | ServerEnd) -> module.Sums:
    """Count and hash what is there."""
    with read_from(end) as read:
        return sums_of(read, end)


def test_a_backup_is_the_desk_of_one_instant_while_others_write(
    desk: ServerEnd, tmp_path: Path, clock: TurnableClock
) -> None:
    """All rows, articles and model, in one whole file for its owner's eyes."""
    before = sums(desk)
    file = tmp_path / "backup.db"
    store = Store(desk.path, clock)
    said = list[str]()

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 1:
            opened(store, 8)

    with desk.kept():  # a bot serves it
        counted, count = back_up(desk, file, clock, say)
    assert (counted, count) == (before, 1)
    assert [each.name for each in tmp_path.glob("backup*")] == ["backup.db"]
    assert sums(FileEnd(file, clock)) == before
    assert sums(desk) != before
    assert articles(file) == ["one"]
    assert SharedModel(file).fetch() == (1, b"learned")
    assert all(each.good for each in examine(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(StoreError, match="exists already"):
        back_up(desk, file, clock, say)


def test_what_cannot_be_backed_up_is_said_and_nothing_is_left(
    desk: ServerEnd, tmp_path: Path, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty database, one of before, a folder that is none, and a copy that is not the same."""
    file = tmp_path / "backup.db"
    empty = postgresql.new_database("backup_empty", pattern="template0")
    with pytest.raises(StoreError, match="no desk of this version"):
        back_up(ServerEnd(Server(empty), tmp_path / "empty"), file, clock, quiet)
    (tmp_path / "taken").touch()
    with pytest.raises(StoreError, match="could not be written"):
        back_up(desk, tmp_path / "taken" / "backup.db", clock, quiet)
    insert = module._insert

    def spoiled(run: object, end: object, table: object, rows: list[object]) -> None:
        insert(run, end, table, rows[:-1])  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_insert", spoiled)
    with pytest.raises(StoreError, match="not the same"):
        back_up(desk, file, clock, quiet)
    with transaction(desk.path) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm091_shared_model'")
    with pytest.raises(StoreError, match="no desk of this version"):
        back_up(desk, file, clock, quiet)
    assert not list(tmp_path.glob("backup*"))


def test_a_backup_is_put_back_over_what_came_since(
    desk: ServerEnd, tmp_path: Path, clock: TurnableClock
) -> None:
    """Nothing of a number given since; other machines take articles and model anew."""
    file = tmp_path / "backup.db"
    back_up(desk, file, clock, quiet)
    before = sums(desk)
    elsewhere = tmp_path / "elsewhere.db"
    store = Store(desk.path, clock)
    since = opened(store, 8)
    write_article(desk, "since")
    assert SharedModel(desk.path).put("shipped", b"newer", after=1)
    copied = WorkingCopy(elsewhere, place(desk))
    DatabaseFile(elsewhere, place(desk)).close()
    with transaction(desk.path) as db:
        db.execute("UPDATE outbox SET holder = 7")
        db.execute("DELETE FROM conversation WHERE ticket = 1001")
    aside = put_back(file, desk, tmp_path / "desk.db", clock, quiet)
    assert sums(desk) == before
    assert opened(store, 9) >= since + 1_000
    assert copied.catch_up()
    assert articles(elsewhere) == ["one"]
    number, data = SharedModel(desk.path).fetch()
    assert (number > 2, data) == (True, b"learned")
    assert aside == tmp_path / "desk.db.before-restore-1"
    assert articles(aside) == ["one", "since"]
    with closing(sqlite3.connect(aside)) as db:
        assert db.execute("SELECT count(*) FROM tickets").fetchone() == (4,)
    assert articles(file) == ["one"]
    assert not list(tmp_path.glob("*putting-back*"))


def test_what_was_in_hand_is_in_nobodys_hands_in_a_new_database(
    desk: ServerEnd, tmp_path: Path, clock: TurnableClock
) -> None:
    """There the first replica has a number that one had before."""
    Store(desk.path, clock).inbox.put(a.delivery("Ev1"))
    with transaction(desk.path) as db:
        db.execute("UPDATE inbox SET state = 'in_flight', holder = 1")
    file = tmp_path / "backup.db"
    back_up(desk, file, clock, quiet)
    address = postgresql.new_database("backup_new", pattern="template0")
    new = ServerEnd(Server(address), tmp_path / "new.db")
    assert put_back(file, new, tmp_path / "new.db", clock, quiet) is None
    with closing(connect(new.path)) as db:
        assert db.execute("SELECT state, holder FROM inbox").fetchone()[1] == 0
    migrate(new.path)


def test_a_backup_of_before_there_was_a_model_is_put_back(
    desk: ServerEnd, tmp_path: Path, clock: TurnableClock
) -> None:
    """It is brought to this version on the way; the file stays as it was."""
    file = tmp_path / "backup.db"
    back_up(desk, file, clock, quiet)
    before = sums(desk)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DROP TABLE shared_model")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm091_shared_model'")
    held = file.read_bytes()
    put_back(file, desk, tmp_path / "desk.db", clock, quiet)
    assert sums(desk) == before
    assert SharedModel(desk.path).stands() == (0, "")
    assert file.read_bytes() == held


def test_a_restore_that_was_cut_short_goes_on(
    desk: ServerEnd, tmp_path: Path, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Served by nobody meanwhile; what was before is put aside once."""
    file = tmp_path / "backup.db"
    back_up(desk, file, clock, quiet)
    before = sums(desk)
    opened(Store(desk.path, clock), 8)

    def cut(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(backups, "_loosen", lambda _: patch.setattr(module, "bring_articles", cut))
        put_back(file, desk, tmp_path / "desk.db", clock, quiet)
    with pytest.raises(StoreError, match=r"half a copy of .*backup\.db; run again .*db restore"):
        migrate(desk.path)
    assert put_back(file, desk, tmp_path / "desk.db", clock, quiet) is None
    migrate(desk.path)
    assert sums(desk) == before
    assert len(list(tmp_path.glob("desk.db.before-restore-*"))) == 1


def test_nothing_is_put_back_while_a_bot_works_from_damage_or_over_what_cannot_be_read(
    desk: ServerEnd, tmp_path: Path, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk stays as it is."""
    file = tmp_path / "backup.db"
    back_up(desk, file, clock, quiet)
    before = sums(desk)
    with desk.kept(), pytest.raises(StoreError, match="in use by a running Frontline"):
        put_back(file, desk, tmp_path / "desk.db", clock, quiet)
    with monkeypatch.context() as patch:
        patch.setattr(module.Copying, "_compare", lambda *_: exec("raise OSError('no space')"))
        with pytest.raises(StoreError, match=r"left as it was: .*no space.*createdb"):
            put_back(file, desk, tmp_path / "desk.db", clock, quiet)
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(StoreError):
        put_back(file, desk, tmp_path / "desk.db", clock, quiet)
    assert sums(desk) == before
