"""`frontline problems`: what recurs, in the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.learning import ProblemKind
from bot.desk.tickets import EscalationState, Resolution, Settlement
from bot.desk.tiers import Tier
from tests import builders as a

if TYPE_CHECKING:
    from click.testing import Result

    from bot.store.unit_of_work import Store

ISSUE = "https://issues.example/412"


@pytest.fixture
def desk(store: Store) -> Store:
    """Three tickets with one cause, taken together."""
    numbers = []
    with store.unit_of_work() as uow:
        for number, by in enumerate((a.ANA, a.BEN, a.ANA)):
            ts = Ts(f"17724528{number:02}.000100")
            ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), by, "no print", ts)
            numbers.append(ticket.id)
            escalation = uow.escalations.open(ticket.id, Tier.L2, "l2", ("why",))
            settlement = Settlement(a.TOM, "The queue was full", "Emptied it", "Empty it nightly")
            uow.escalations.save(escalation.resolved(settlement), was=EscalationState.PENDING)
            uow.tickets.save(ticket.escalated().resolved(Resolution.L2))
        uow.problems.regroup(ProblemKind.CAUSE, [numbers], numbers[1:2])
    return store


def run(desk: Store, *words: str) -> Result:
    """Run the command on a database."""
    return CliRunner().invoke(frontline, ["--db", str(desk.path), "problems", *words])


def rows(desk: Store, *words: str) -> list[dict[str, Any]]:
    """What is listed."""
    result = run(desk, "list", "--json", *words)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_problem_is_listed_and_shown(desk: Store) -> None:
    """For people, and for scripts."""
    (row,) = rows(desk)
    assert (row["problem"], row["kind"], row["state"]) == ("P-1", "cause", "open")
    assert (row["times"], row["people"], row["title"]) == (3, 2, "The queue was full")
    told = run(desk, "show", "p1").stdout
    assert "would be prevented by: Empty it nightly" in told
    assert "T-1003" in told
    assert len(json.loads(run(desk, "show", "P-1", "--json").stdout)["met"]) == 3


def test_a_problem_is_linked_closed_and_opened(desk: Store) -> None:
    """Closed, it is listed with `--all` alone; the link stays."""
    assert run(desk, "link", "P-1", ISSUE).exit_code == 0
    assert [(row["state"], row["link"]) for row in rows(desk)] == [("linked", ISSUE)]
    assert run(desk, "close", "P-1").exit_code == 0
    assert rows(desk) == []
    assert [(row["state"], row["link"]) for row in rows(desk, "--all")] == [("closed", ISSUE)]
    assert run(desk, "open", "P-1").exit_code == 0
    assert [row["state"] for row in rows(desk)] == ["open"]


@pytest.mark.parametrize(
    ("words", "status"),
    [(("show", "P-9"), 1), (("close", "P-9"), 1), (("link", "P-9", ISSUE), 1),
     (("close", "x"), 2), (("link", "P-1", "ftp://x"), 2), (("link", "P-1", "not one"), 2)],
)  # fmt: skip
def test_a_wrong_word_is_told(desk: Store, words: tuple[str, ...], status: int) -> None:
    """Nothing is changed."""
    result = run(desk, *words)
    assert result.exit_code == status
    assert "Traceback" not in result.output
    assert [row["state"] for row in rows(desk)] == ["open"]


def test_what_is_restricted_or_forgotten_is_not_listed(desk: Store) -> None:
    """Of three, one remains; then none, and the number is not shown either."""
    with desk.unit_of_work() as uow:
        for number, gone in ((1001, True), (1002, False)):
            ticket = uow.tickets.get(TicketId(number))
            assert ticket is not None
            uow.tickets.save(ticket.reworded("(forgotten)") if gone else ticket.routed(None, "l2"))
    assert [row["tickets"] for row in rows(desk)] == [["T-1003"]]
    with desk.unit_of_work() as uow:
        ticket = uow.tickets.get(TicketId(1003))
        assert ticket is not None
        uow.tickets.save(ticket.routed("confidential"))
    assert rows(desk) == []
    assert run(desk, "show", "P-1").exit_code == 1
