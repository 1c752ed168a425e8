"""`frontline kb gaps`: what to write next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.desk.deciding import KNOWLEDGE_GAP
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.tickets import EscalationState, Resolution, Settlement
from bot.desk.tiers import Tier
from tests import builders as a

if TYPE_CHECKING:
    from click.testing import Result

    from bot.store.unit_of_work import Store


@pytest.fixture
def desk(store: Store) -> Store:
    """Three questions about one thing, taken together."""
    numbers = []
    with store.unit_of_work() as uow:
        for number, text in enumerate(("where are bikes repaired", "bike repair", "repair a bike")):
            ts = Ts(f"17724528{number:02}.000100")
            ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, text, ts)
            numbers.append(ticket.id)
            escalation = uow.escalations.open(ticket.id, Tier.L2, "l2", (f"{KNOWLEDGE_GAP}none",))
            settlement = Settlement(a.TOM, "?", "Book it")
            uow.escalations.save(escalation.resolved(settlement), was=EscalationState.PENDING)
            uow.tickets.save(ticket.escalated().resolved(Resolution.L2))
        uow.gaps.regroup([numbers], numbers[1:2], ["room-booking"])
    return store


def run(desk: Store, *words: str) -> Result:
    """Run the command on a database."""
    return CliRunner().invoke(frontline, ["--db", str(desk.path), "kb", "gaps", *words])


def rows(desk: Store, *words: str) -> list[dict[str, Any]]:
    """What it gives as JSON."""
    result = run(desk, "--json", *words)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_gap_is_listed_with_what_it_costs(desk: Store) -> None:
    """For people, and for scripts."""
    (row,) = rows(desk)
    assert (row["gap"], row["state"], row["question"]) == ("G-1", "open", "bike repair")
    assert (row["asked"], row["people"], row["article"]) == (3, 1, "room-booking")
    told = run(desk).stdout
    assert "asked 3 times by 1 people" in told
    assert "nearest room-booking" in told


def test_a_gap_is_marked_and_left_out(desk: Store) -> None:
    """And can be listed all the same, and opened again."""
    assert rows(desk, "--mark", "G-1", "dismissed") == []
    assert [row["state"] for row in rows(desk, "--all")] == ["dismissed"]
    assert [row["state"] for row in rows(desk, "--mark", "1", "open")] == ["open"]


@pytest.mark.parametrize(
    ("gap", "state", "status"),
    [("G-9", "done", 1), ("G-1", "gone", 2), ("one", "done", 2), ("", "done", 2),
     ("G--1", "open", 2)],
)  # fmt: skip
def test_a_wrong_mark_is_told(desk: Store, gap: str, state: str, status: int) -> None:
    """Nothing is changed."""
    result = run(desk, "--mark", gap, state)
    assert result.exit_code == status
    assert "Traceback" not in result.output
    assert [row["state"] for row in rows(desk)] == ["open"]


def test_what_is_forgotten_is_in_no_gap(desk: Store) -> None:
    """Its words are nowhere, so it is not counted."""
    with desk.unit_of_work() as uow:
        for number in (1001, 1002, 1003):
            ticket = uow.tickets.get(TicketId(number))
            assert ticket is not None
            uow.tickets.save(ticket.reworded("(forgotten)"))
    assert rows(desk) == []
