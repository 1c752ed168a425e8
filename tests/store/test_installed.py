"""Installations and the states of those that are under way."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.store.installed import States

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.fakes import TurnableClock


def test_states_end_and_are_not_kept_without_number(
    clock: TurnableClock, tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes; whoever asks for ever more gets no more than are kept."""
    shutil.copy(empty_database, tmp_path / "x.db")
    states = States(tmp_path / "x.db", clock)
    late, first = states.issue(), states.issue()
    assert states.consume(first)
    assert not states.consume(first)
    clock.turn(601)
    assert not states.consume(late)
    monkeypatch.setattr("bot.store.installed.states.MOST", 10)
    for _ in range(20):
        states.issue()
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        assert db.execute("SELECT count(*) FROM install_states").fetchone()[0] == 10
