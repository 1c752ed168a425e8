"""Connections: what cannot be opened is explained."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from bot.store.database import StoreError, connect, open_to_others, transaction

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.unit_of_work import Store

pytestmark = pytest.mark.sqlite


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    """The message names the file and what to do."""
    path = tmp_path / "notes.txt"
    path.write_text("This is a shopping list, long enough to be read as a header. " * 20)
    with pytest.raises(StoreError, match=r"notes\.txt cannot be opened .*--db"):
        connect(path)


def test_a_folder_in_place_of_the_database_is_refused(tmp_path: Path) -> None:
    """So is a path that is a folder."""
    with pytest.raises(StoreError, match="cannot be opened"):
        connect(tmp_path)


def test_missing_folders_are_made(tmp_path: Path) -> None:
    """A newcomer need not create `var` first."""
    database = connect(tmp_path / "var" / "deep" / "desk.db")
    database.close()
    assert (tmp_path / "var" / "deep" / "desk.db").exists()


def test_connections_survive_a_power_cut_and_wait_for_one_another(store: Store) -> None:
    """Write-ahead log, foreign keys and a busy timeout are on; the log is brought to the disk.

    By ourselves, after each commit and beside the next: tests/store/test_lasting.py.
    """
    database = connect(store.path)
    read = {
        pragma: database.execute(f"PRAGMA {pragma}").fetchone()[0]
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    database.close()
    assert read == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_a_failure_in_a_transaction_undoes_it(store: Store) -> None:
    """Nothing of a broken transaction stays."""
    with pytest.raises(KeyError), transaction(store.path) as db:
        db.execute(
            "INSERT INTO audit (ticket, at, what) VALUES (1001, '2026-03-02', 'opened')",
        )
        raise KeyError
    with transaction(store.path) as db:
        assert db.execute("SELECT count(*) FROM audit").fetchone()[0] == 0


def test_the_database_is_made_for_this_user_alone(tmp_path: Path) -> None:
    """Folder 0700, file 0600, and SQLite's own files beside it as well."""
    path = tmp_path / "new" / "desk.db"
    database = connect(path)
    database.execute("CREATE TABLE words (word TEXT)")
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    database.close()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert modes == {"desk.db": 0o600, "desk.db-wal": 0o600, "desk.db-shm": 0o600}
    assert open_to_others(path) == ()


def test_what_others_can_read_is_said_with_its_remedy(tmp_path: Path) -> None:
    """An older installation, or somebody's umask."""
    path = tmp_path / "old" / "desk.db"
    connect(path).close()
    path.chmod(0o644)
    path.parent.chmod(0o755)
    assert open_to_others(path) == (
        f"others can read {path.parent}; run `chmod 700 {path.parent}`",
        f"others can read {path}; run `chmod 600 {path}`",
    )
