"""One process at a time: who may hold a database, and when it is free again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sqlite3
import stat
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.ids import Thread, Ts
from bot.store import database
from bot.store import holding as module
from bot.store.database import StoreError, connect, transaction
from bot.store.holding import Holding, InUseError, holder_of, is_held
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sqlite


def held(store: Store) -> Holding:
    """Hold a database."""
    holding = Holding(store.path, store.clock)
    holding.lock()
    holding.begin(lambda _: None, lambda _: None)
    return holding


def test_a_second_process_is_refused_in_one_line_that_names_the_first(store: Store) -> None:
    """Process, host and what to do."""
    first = held(store)
    with pytest.raises(InUseError) as refused:
        Holding(store.path, store.clock).lock()
    said = str(refused.value)
    assert f"process {os.getpid()} on {socket.gethostname()}" in said
    assert "stop that one first" in said
    assert "\n" not in said
    first.end()


def test_a_database_that_was_let_go_can_be_held_again(store: Store) -> None:
    """Nothing of the first holder stays."""
    held(store).end()
    assert holder_of(store.path) is None
    assert not is_held(store.path)
    held(store).end()


def _hold_and_die(path: Path, ready: Any) -> None:
    holding = Holding(path, lambda: None)  # type: ignore[arg-type, return-value]
    holding.lock()
    ready.send(1)
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_lock_of_a_process_that_was_killed_is_free_at_once(store: Store) -> None:
    """The system frees it; nobody waits and nobody removes a file."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_hold_and_die, args=(store.path, theirs))
    process.start()
    assert ours.poll(30)
    process.join(10)
    assert process.exitcode == -signal.SIGKILL
    held(store).end()


def elsewhere(store: Store, beats: int = 1) -> None:
    """Let a process of another machine hold the database, whose lock is not seen here."""
    with transaction(store.path) as db:
        db.execute(
            "INSERT OR REPLACE INTO holder (id, token, host, pid, since, beats) "
            "VALUES (1, 'theirs', 'other-host', 7, '2026-03-02T12:00:00+00:00', ?)",
            [beats],
        )


def test_a_holder_on_another_machine_is_believed_while_its_heart_beats(store: Store) -> None:
    """On a network share the lock is not seen; the beats are."""
    elsewhere(store)
    said: list[str] = []
    holding = Holding(store.path, store.clock)
    holding.lock()
    with pytest.raises(InUseError, match="process 7 on other-host"):
        holding.begin(said.append, lambda _: elsewhere(store, beats=2))
    assert "other-host" in said[0]
    assert not is_held(store.path)


def test_a_holder_on_another_machine_that_shows_no_life_is_followed(store: Store) -> None:
    """Its clock does not matter: its beats were watched."""
    elsewhere(store)
    waited: list[float] = []
    holding = Holding(store.path, store.clock)
    holding.lock()
    holding.begin(lambda _: None, waited.append)
    assert waited == [module.WATCH_S]
    now = holder_of(store.path)
    assert now is not None
    assert now.pid == os.getpid()
    holding.end()


def test_a_holder_that_lost_the_database_is_told(store: Store) -> None:
    """Its heart beats for nobody any more."""
    holding = held(store)
    assert holding.beat()
    elsewhere(store)
    assert not holding.beat()
    holding.end()


def test_where_a_file_system_has_no_locks_the_heartbeat_decides(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also between two processes of one machine."""

    def no_locks(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    first = held(store)
    monkeypatch.setattr(module.fcntl, "flock", no_locks)
    second = Holding(store.path, store.clock)
    second.lock()
    with pytest.raises(InUseError):
        second.begin(lambda _: None, lambda _: first.beat())
    first.end()


def _asked(store: Store, ts: str) -> None:
    with store.unit_of_work() as uow:
        thread = Thread(a.TEAM, a.IT_HELP, Ts(ts))
        uow.tickets.open(thread, a.ANA, f"Asked at {ts}", thread.ts)


def _questions(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT question FROM tickets ORDER BY id")]


GONE = {
    "deleted": lambda path: path.unlink(),
    "moved": lambda path: path.rename(path.with_name("old.db")),
    "deleted with its log": lambda path: [
        each.unlink() for each in (path, path.with_name(f"{path.name}-wal"))
    ],
}


@pytest.mark.parametrize("how", GONE)
def test_what_was_in_a_database_that_is_taken_away_is_written_there_again(
    store: Store, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is gone, the file is open yet: nothing that was acknowledged to Slack is lost."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 20)
    holding = held(store)
    store.hold()
    _asked(store, "7.000001")
    assert holding.is_there()
    GONE[how](store.path)
    assert not holding.is_there()
    _asked(store, "8.000001")
    with pytest.raises(StoreError, match="is gone"):
        connect(store.path)
    assert not store.path.exists(), "no empty file may be taken for a new desk"
    assert "written there again" in holding.rescue()
    with pytest.raises(sqlite3.OperationalError), store.unit_of_work() as uow:
        uow.tickets.open(a.THREAD, a.ANA, "Too late", a.THREAD.ts)
    assert _questions(store.path) == ["Asked at 7.000001", "Asked at 8.000001"]
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    store.release()
    holding.why_lost = "gone"
    holding.end()
    held(store).end()


def test_another_file_in_its_place_is_left_and_what_was_there_stands_beside(
    store: Store, tmp_path: Path
) -> None:
    """Whichever was meant, neither is written over."""
    other = Store(tmp_path / "other.db", store.clock)
    other.migrate()
    _asked(other, "9.000001")
    holding = held(store)
    _asked(store, "7.000001")
    other.path.replace(store.path)
    assert not holding.is_there()
    said = holding.rescue()
    beside = store.path.with_name(f"{store.path.name}.rescued")
    assert str(beside) in said
    assert _questions(beside) == ["Asked at 7.000001"]
    holding.why_lost = said
    holding.end()


def test_who_loses_the_file_is_told_to_stop(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the heartbeat, with the reason."""
    monkeypatch.setattr(module, "BEAT_EVERY_S", 0.01)
    lost = threading.Event()
    holding = Holding(store.path, store.clock)
    holding.lock()
    holding.begin(lambda _: None, lambda _: None, lost.set)
    store.path.unlink()
    assert lost.wait(10)
    assert "moved or deleted" in str(holding.why_lost)
    holding.end()
