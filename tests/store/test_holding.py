"""One process at a time: who may hold a database, and when it is free again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from typing import TYPE_CHECKING, Any

import pytest

from bot.store import holding as module
from bot.store.database import transaction
from bot.store.holding import Holding, InUseError, holder_of, is_held

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.unit_of_work import Store


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
    assert "--db" in said
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
