"""`frontline outbox`: what was set aside is listed, sent again, or let go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from tests import builders as a

if TYPE_CHECKING:
    from click.testing import Result

    from bot.store.unit_of_work import Store

WHY = "Slack refused while posting to C0GONE0001: channel_not_found."


@pytest.fixture
def letters(store: Store) -> list[int]:
    """Two notices of a ticket that were set aside."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED).id
        keys = [
            uow.outbox.put(notice, Destination("C0GONE0001"), ticket)
            for notice in (Courtesy("vague"), Courtesy("settled"))
        ]
    for _ in keys:
        row = store.outbox.claim()
        assert row is not None
        with store.unit_of_work() as uow:
            uow.dead_letters.bury(row, WHY)
    return [int(key) for key in keys]


def run(store: Store, *words: str) -> Result:
    """Run `frontline outbox` on a database."""
    return CliRunner().invoke(frontline, ["--db", str(store.path), "outbox", *words])


def test_each_row_says_what_to_whom_why_and_since_when(store: Store, letters: list[int]) -> None:
    """In a line, and for scripts."""
    first, _ = run(store, "list").stdout.splitlines()
    assert first.split()[0] == str(letters[0])
    assert "courtesy of T-1001 to C0GONE0001, since 2026-03-02 12:00 UTC" in first
    assert WHY in first
    told = [json.loads(line) for line in run(store, "list", "--json").stdout.splitlines()]
    assert [row["id"] for row in told] == letters
    assert (told[0]["ticket"], told[0]["to"], told[0]["error"]) == ("T-1001", "C0GONE0001", WHY)


def test_what_is_sent_again_takes_its_old_place(store: Store, letters: list[int]) -> None:
    """The older first, though it was named last; the audit trail knows."""
    result = run(store, "resend", str(letters[1]), str(letters[0]))
    assert result.exit_code == 0, result.output
    assert "Nothing was set aside." in run(store, "list").output
    assert run(store, "list", "--waiting").stdout.count("courtesy of T-1001") == 2
    claimed = store.outbox.claim()
    assert claimed is not None
    assert claimed.id == letters[0]
    with store.unit_of_work() as uow:
        notes = uow._db.execute("SELECT what FROM audit").fetchall()
    assert [row["what"] for row in notes] == ["sent again by hand"] * 2


def test_what_is_dropped_stays_dropped(store: Store, letters: list[int]) -> None:
    """All at once, if so wanted."""
    assert run(store, "drop", "--all").exit_code == 0
    assert "Nothing was set aside." in run(store, "list").output
    assert store.outbox.claim() is None
    assert run(store, "resend", str(letters[0])).exit_code == 1


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["resend", "77"], 1, "77 was not set aside"),
        (["drop", "77"], 1, "77 was not set aside"),
        (["resend"], 2, "or --all"),
        (["drop", "1", "--all"], 2, "or --all"),
        (["resend", "x"], 2, "not a valid integer"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    store: Store, letters: list[int], words: list[str], status: int, says: str
) -> None:
    """And nothing is changed."""
    result = run(store, *words)
    assert result.exit_code == status
    assert says in result.output
    assert len(run(store, "list").stdout.splitlines()) == len(letters)


def test_a_stop_is_said_with_the_list(store: Store) -> None:
    """So that nobody wonders why nothing goes out."""
    store.stops.stop("all", "Slack refuses Frontline: token_revoked.")
    assert "Nothing goes out to Slack since" in run(store, "list", "--waiting").output
