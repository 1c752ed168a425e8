"""What is kept of a million tickets says what counting each of them anew would, whatever moved."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.database import connect, migrate
from bot.store.figures import keeping
from bot.store.figures.blocks import LAYOUT, SIZE, blocks, kept, missing
from bot.store.figures.figures import SqliteFigures
from bot.store.figures.keeping import keep_blocks
from tests.store.figures.histories import DONE, PERIOD, ZONE, Move, lived, moves

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.figures import Counted

KEEP = Move("kept", 0, 0, 0)
RICH = [
    Move("opened", SIZE, 30, 1), Move("shown", SIZE, 0, 1), Move("failed", SIZE, 0, 0),
    Move("called", SIZE, 29, 0), Move("noted", SIZE, 28, 1), Move("priority", SIZE, 0, 1),
    Move("opened", 5 * SIZE, 3, 0), KEEP,
]  # fmt: skip
"""A ticket on which each move changes something, and a newer one in a block of its own."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk on which histories happen, one after the other."""
    path = tmp_path_factory.mktemp("figures") / "desk.db"
    migrate(path)
    return path


def counted(db: Database) -> Counted:
    """Count the last thirty days."""
    return SqliteFigures(db, lambda *_: None).counted(PERIOD, ZONE, {})


def same_as_anew(db: Database) -> None:
    """Tell that what is kept says the same as all of it read anew."""
    found = counted(db)
    db.execute("DELETE FROM figure_blocks")
    assert found == counted(db)


@pytest.mark.parametrize("what", [each for each in DONE if each != "opened"])
def test_whatever_moves_on_a_ticket_lets_its_block_go(path: Path, what: str) -> None:
    """And no other's; so what is read next is the truth."""
    lived(path, RICH)
    db = connect(path)
    there = kept(db)
    assert 1 in there
    ticket = SIZE + 1 if what == "called" else SIZE
    DONE[what](db, Move(what, ticket, 2, 0 if what == "gone" else 1))
    assert kept(db) == there - {1}
    same_as_anew(db)
    db.close()


def test_a_new_ticket_lets_its_block_go(path: Path) -> None:
    """Also where its number was passed over."""
    lived(path, RICH)
    db = connect(path)
    there = kept(db)
    DONE["opened"](db, Move("opened", 2 * SIZE - 1, 2, 0))
    assert kept(db) == there - {1}
    db.close()


def test_the_newest_block_is_never_kept(path: Path) -> None:
    """It moves all the time; and what is kept is kept once."""
    lived(path, RICH)
    db = connect(path)
    assert kept(db) == {0, 1, 2}
    assert not missing(db)
    assert keep_blocks(path) == 0
    db.close()


def test_keeping_ends_when_it_is_told_to(path: Path) -> None:
    """A bot that stops waits for one block at most."""
    lived(path, RICH[:-1])
    assert keep_blocks(path, lambda: True) == 0


def test_where_nothing_can_be_written_it_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes for long, or the disk is full: nothing is kept, and nothing fails."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(keeping, "keep", full)
    lived(path, RICH)
    db = connect(path)
    assert not kept(db)
    assert counted(db).tickets == 5
    db.close()


def test_blocks_of_another_layout_are_read_anew(path: Path) -> None:
    """A newer version counts something else."""
    lived(path, RICH)
    db = connect(path)
    db.execute("UPDATE figure_blocks SET layout = ?, tickets = ?", [LAYOUT - 1, b"\0"])
    assert not kept(db)
    assert sum(len(each.tickets) for each in blocks(db, 0, 5 * SIZE)) == 5
    db.close()
    assert keep_blocks(path) == 3


def test_numbers_that_were_passed_over_cost_nothing(path: Path) -> None:
    """Somebody gave a ticket a number of their own, far beyond."""
    lived(path, RICH)
    db = connect(path)
    DONE["opened"](db, Move("opened", 10**15, 2, 0))
    assert missing(db) == [5]
    assert counted(db).tickets == 6
    same_as_anew(db)
    db.close()


histories = given(
    before=st.lists(moves, min_size=4, max_size=30), after=st.lists(moves, min_size=1, max_size=3)
)


def told_the_same(path: Path, before: Sequence[Move], after: Sequence[Move]) -> None:
    """Let it happen, with all of it kept at one time; tell that it is counted rightly."""
    lived(path, [*before, KEEP, *after])
    db = connect(path)
    same_as_anew(db)
    db.close()


@pytest.mark.rare
@settings(max_examples=100, deadline=None)
@histories
def test_what_is_kept_says_what_counting_anew_would(
    path: Path, before: list[Move], after: list[Move]
) -> None:
    """After edits, reopenings, merging, restriction, expiry and deletion."""
    told_the_same(path, before, after)
