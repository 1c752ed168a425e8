"""Damage is found, strangers are refused, and a backup is what the database was."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.desk.ids import Thread, Ts
from bot.desk.tiers import Tier
from bot.store.database import StoreError, refuse_strangers, transaction
from bot.store.health import backup, examine, restore
from bot.store.holding import Holding
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sqlite


def opened(store: Store, thread: str = "1772452800.000100") -> None:
    """Open a ticket."""
    with store.unit_of_work() as uow:
        uow.tickets.open(a.THREAD, a.ANA, "How do I connect?", a.ASKED)
        uow.conversation.add(uow.tickets.in_thread(a.THREAD).id, a.ANA, "How?", a.ASKED)  # type: ignore[union-attr]


def faults(path: Path) -> dict[str, str]:
    """Give what is wrong, by subject."""
    return {found.subject: found.says for found in examine(path) if not found.good}


def closed(store: Store) -> Path:
    """Bring all into the one file."""
    with closing(sqlite3.connect(store.path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    return store.path


def test_a_whole_database_has_no_faults(store: Store) -> None:
    """Pages, references, version, orphans."""
    opened(store)
    assert [found.good for found in examine(store.path)] == [True] * 4


def test_a_row_that_lost_its_ticket_is_named(store: Store) -> None:
    """By foreign key, and by the columns that have none."""
    opened(store)
    with closing(sqlite3.connect(store.path)) as db:
        db.execute("DELETE FROM tickets")
        db.commit()
    assert "conversation" in faults(store.path)["references"]
    assert "1 of conversation" in faults(store.path)["orphans"]


def test_pages_that_were_overwritten_are_found(store: Store) -> None:
    """Bytes in the middle of the file that mean nothing."""
    opened(store)
    path = closed(store)
    with closing(sqlite3.connect(path)) as db:
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'conversation'")
        start = (root.fetchone()[0] - 1) * db.execute("PRAGMA page_size").fetchone()[0]
    data = bytearray(path.read_bytes())
    data[start : start + 64] = b"\xff" * 64
    path.write_bytes(data)
    assert "pages" in faults(path)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_database_is_refused(store: Store, share: float) -> None:
    """Whatever is asked of it: in one line."""
    opened(store)
    path = closed(store)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    for look in (lambda: Store(path, store.clock).migrate(), lambda: refuse_strangers(path)):
        with pytest.raises(StoreError) as refused:
            look()
        assert "\n" not in str(refused.value)


def test_what_cannot_be_opened_is_not_taken_for_damaged(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that was mounted read-only: nobody is told to put a backup over a whole file."""

    def refused(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite3, "connect", refused)
    with pytest.raises(StoreError, match="says nothing of damage") as told:
        list(examine(store.path))
    assert "restore" not in str(told.value)


def test_a_database_of_something_else_is_refused(store: Store, tmp_path: Path) -> None:
    """It is left as it is."""
    path = tmp_path / "music.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(StoreError, match="something else than Frontline"):
        Store(path, store.clock).migrate()
    with pytest.raises(StoreError, match="something else than Frontline"):
        list(examine(path))
    with closing(sqlite3.connect(path)) as db:
        assert [row[0] for row in db.execute("SELECT name FROM sqlite_master")] == ["songs"]


def test_a_newer_database_is_refused_and_named(store: Store) -> None:
    """An older program must not write what it does not know."""
    with transaction(store.path) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('desk', 'm999_wonders', '2027-01-01')"
        )
    with pytest.raises(StoreError, match="m999_wonders"):
        store.migrate()
    assert "m999_wonders" in faults(store.path)["version"]


def test_an_empty_file_is_said(tmp_path: Path) -> None:
    """It is no damage, and no database."""
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(StoreError, match="is empty"):
        list(examine(path))
    with pytest.raises(StoreError, match="There is no database"):
        list(examine(tmp_path / "nowhere.db"))


def test_a_backup_is_made_while_others_write_and_can_be_put_back(
    store: Store, tmp_path: Path
) -> None:
    """It is the database of one instant, for its owner's eyes."""
    opened(store)
    copy = tmp_path / "backup.db"
    store.hold()
    with store.unit_of_work() as uow:
        uow.audit.note(uow.tickets.in_thread(a.THREAD).id, None, "not committed yet")  # type: ignore[union-attr]
        backup(store.path, copy)
    store.release()
    assert faults(copy) == {}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT count(*) FROM tickets").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM audit").fetchone() == (0,)
    with pytest.raises(StoreError, match="exists already"):
        backup(store.path, copy)

    with transaction(store.path) as db:
        db.execute("DELETE FROM conversation")
    aside = restore(copy, store.path)
    assert aside is not None
    assert aside.exists()
    with closing(sqlite3.connect(store.path)) as db:
        assert db.execute("SELECT count(*) FROM conversation").fetchone() == (1,)


def test_nothing_is_restored_while_a_bot_works_or_from_a_damaged_backup(
    store: Store, tmp_path: Path
) -> None:
    """The database stays as it is."""
    opened(store)
    copy = tmp_path / "backup.db"
    backup(store.path, copy)
    holding = Holding(store.path, store.clock)
    holding.lock()
    with pytest.raises(StoreError, match="in use"):
        restore(copy, store.path)
    holding.unlock()
    copy.write_bytes(copy.read_bytes()[:5000])
    with pytest.raises(StoreError):
        restore(copy, store.path)
    assert faults(store.path) == {}


def _numbers(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT name, seq FROM sqlite_sequence"))


@pytest.mark.parametrize("before", ["as it was", "gone", "empty", "damaged", "begun anew"])
def test_a_number_that_was_given_since_a_backup_is_not_given_again(
    store: Store, tmp_path: Path, before: str
) -> None:
    """Its card still stands in Slack: a press there must not take what has the number next."""
    opened(store)
    copy = tmp_path / "backup.db"
    backup(store.path, copy)
    for ts in ("7.000001", "8.000001", "9.000001"):
        with store.unit_of_work() as uow:
            ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, Ts(ts)), a.ANA, "Later", Ts(ts))
            uow.escalations.open(ticket.id, Tier.L2, "l2", ())
    given = _numbers(store.path)
    if before != "as it was":
        store.path.unlink()
    if before in ("empty", "damaged"):
        store.path.write_bytes(b"" if before == "empty" else b"nothing to be read " * 500)
    if before == "begun anew":
        store.migrate()
    restore(copy, store.path)
    after = _numbers(store.path)
    assert set(given) <= set(after)
    assert all(after[table] > last for table, last in given.items())
    ts = Ts("10.000001")
    with store.unit_of_work() as uow:
        next_one = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, "Next", ts)
        assert next_one.id > given["tickets"]


def test_a_log_that_was_left_behind_is_not_read_into_the_backup(
    store: Store, tmp_path: Path
) -> None:
    """Somebody deleted the file alone; what its log says belongs to no other file."""
    opened(store)
    copy = tmp_path / "backup.db"
    backup(store.path, copy)
    store.hold()
    with store.unit_of_work() as uow:
        uow.tickets.open(Thread(a.TEAM, a.IT_HELP, Ts("7.000001")), a.ANA, "Later", Ts("7.000001"))
    log = store.path.with_name(f"{store.path.name}-wal")
    written = log.read_bytes()
    store.release()
    store.path.unlink()
    log.write_bytes(written)
    assert restore(copy, store.path) is None
    assert not log.exists()
    with closing(sqlite3.connect(store.path)) as db:
        assert db.execute("SELECT count(*) FROM tickets").fetchone() == (1,)
    assert faults(store.path) == {}
