"""From what the gate gave and what came of it to a gate that leans; and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.deciding import Action, Came, Evidence, Odds, Policy, decide, odds_of
from bot.desk.tickets import Resolve
from bot.desk.tiers import Tier
from bot.service.deciding.triaging import Triager
from kb.searching.base import KnowledgeBase
from tests import builders as a
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.service.conftest import Office

GATE = "m1 gate"
UNSURE = Odds("vpn", 0.5, 0.55, 0.1, 0.3, GATE)


@pytest.mark.parametrize(
    ("wanted", "gate", "after", "came"),
    [
        (True, GATE, timedelta(), [Came.FRONT]),
        (False, GATE, timedelta(), [Came.PERSON]),
        (True, "another gate", timedelta(), []),
        (True, GATE, timedelta(days=91), []),
    ],
)
def test_what_the_gate_gave_stands_beside_what_came_of_it(
    office: Office, gate: str, after: timedelta, *, wanted: bool, came: list[Came]
) -> None:
    """For this gate alone, and for as long as it is looked at."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("the vpn drops"))
    with office.desk.unit_of_work() as uow:
        (ticket,) = uow.tickets.of_requester(a.ANA, a.NOON)
        uow.audits.weighed(ticket.id, UNSURE)
        escalation = uow.escalations.latest_for(ticket.id)
    assert escalation is not None
    at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
    office.handle(Resolve(at, escalation.id, "c", "Change the port", article_wanted=wanted))
    since = office.desk.clock() + after - timedelta(days=90)
    with office.desk.look() as uow:
        seen = uow.audits.seen(since, gate)
    assert [each.came for each in seen] == came
    assert all(each.odds == UNSURE and each.asker == a.ANA for each in seen)


@dataclass
class Model:
    """A classifier of some version."""

    version: str = "m1"
    vocabulary: frozenset[str] = field(default_factory=frozenset)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty base."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    yield opened
    opened.close()


def gate_that(base: KnowledgeBase, policy: Policy, *, leans: bool = True) -> Triager:
    """A triager of this policy."""
    return Triager(base, Model(), lambda: policy, WordEncoder(), leans=leans)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", [-0.5, 0.3, 1.5])
def test_it_leans_until_the_gate_is_another_or_it_is_turned_off(
    base: KnowledgeBase, by: float
) -> None:
    """The next process knows it too; what is written down is named by the gate as it was."""
    first = gate_that(base, Policy())
    _, name = first.gate()
    first.lean(by, name)
    first.lean(by, name)
    policy, same = gate_that(base, Policy()).gate()
    assert policy.joint.article == pytest.approx(Policy().joint.article + by)
    assert (policy.leaning, same) == (by, name)
    assert gate_that(base, Policy(answer_at=0.9)).gate()[0].leaning == 0.0
    assert gate_that(base, Policy(), leans=False).gate()[0] == Policy()


def test_what_is_asked_is_written_down_as_it_was_decided(office: Office) -> None:
    """By the chances of this very message."""
    evidence = Evidence({"L1": 0.2, "L2": 0.7, "L3": 0.05, "chat": 0.05}, model="m1")
    office.triager.decision = decide(evidence, Policy())
    odds = odds_of(office.triager.decision)
    assert odds is not None
    office.handle(a.message("the vpn drops"))
    with office.desk.look() as uow:
        (ticket,) = uow.tickets.of_requester(a.ANA, a.NOON)
        escalation = uow.escalations.latest_for(ticket.id)
    assert escalation is not None
    at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
    office.handle(Resolve(at, escalation.id, "c", "Change the port"))
    with office.desk.look() as uow:
        (seen,) = uow.audits.seen(a.NOON - timedelta(days=9), odds.gate)
    assert (seen.odds, seen.came) == (odds, Came.PERSON)
