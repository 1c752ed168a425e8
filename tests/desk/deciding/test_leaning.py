"""How far the gate leans to articles: by what came of what it gave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.deciding import (
    Action,
    Came,
    Candidate,
    Evidence,
    Odds,
    Policy,
    Seen,
    decide,
    leaning_of,
    odds_of,
)
from bot.desk.deciding.leaning import MOST
from bot.desk.ids import TicketId, UserId
from bot.desk.learning import Facts, came_of, outcomes_of
from bot.desk.learning.outcomes import Ending
from bot.desk.tickets import Resolution
from bot.desk.tiers import Tier
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Sequence

UNSURE = Odds("vpn", 0.5, 0.55, 0.1, 0.3, "gate")
SURE = Odds("vpn", 0.02, 0.03, 0.02, 0.94, "gate")
LIMIT, BUDGET = 0.13, 0.015


def seen(odds: Odds, came: Came, count: int, people: int = 20) -> list[Seen]:
    """So many tickets, by so many people."""
    return [Seen(odds, came, UserId(f"U{n % people}")) for n in range(count)]


def leans(*some: Sequence[Seen], missed: float = BUDGET) -> float:
    """How far it leans by all of these."""
    return leaning_of([each for every in some for each in every], LIMIT, missed)


def test_a_gate_that_calls_for_what_articles_answer_leans_to_them() -> None:
    """And not to people, of whom it is sure, whatever it leans."""
    assert leans(seen(UNSURE, Came.FRONT, 60), seen(SURE, Came.PERSON, 30)) > 0.5


def test_a_gate_whose_articles_fail_leans_away() -> None:
    """They are shown with more doubt."""
    assert leans(seen(replace(UNSURE, best=0.7, articles=0.8), Came.FAILED, 60)) < -0.5


@pytest.mark.parametrize(
    ("odds", "came"),
    [
        (UNSURE, Came.FRONT),
        (UNSURE, Came.ANSWERED),
        (UNSURE, Came.PERSON),
        (UNSURE, Came.FAILED),
        (SURE, Came.FRONT),
    ],
)
def test_few_tickets_or_few_people_tell_nothing(odds: Odds, came: Came) -> None:
    """Nor does one person, however often they ask."""
    assert leans(seen(odds, came, 29)) == 0.0
    assert leans(seen(odds, came, 500, people=4)) == 0.0


def test_one_persons_flood_is_one_voice() -> None:
    """Five of their tickets count, among those of the others."""
    others = seen(UNSURE, Came.PERSON, 15) + seen(UNSURE, Came.FRONT, 15)
    flood = [Seen(UNSURE, Came.FRONT, UserId("UFLOOD"))]
    assert leans(others, flood * 500) == leans(others, flood * 5)


def test_what_people_settled_as_theirs_is_called_for_still() -> None:
    """However much the rest says: no more than the budget falls below the limit."""
    near = Odds("vpn", 0.6, 0.7, 0.1, 0.16, "gate")
    front = seen(UNSURE, Came.FRONT, 100)
    free, bound = (leans(front, seen(near, Came.PERSON, 5), missed=m) for m in (1.0, BUDGET))
    assert free > bound
    assert near.leant(bound).person >= LIMIT


@given(
    parts=st.tuples(*(st.floats(0.01, 1.0) for _ in range(4))),
    by=st.floats(-MOST, MOST),
)
def test_leaning_is_taken_back_as_it_was_given(parts: tuple[float, ...], by: float) -> None:
    """Chances stay chances; so what was written down while it leant can be used."""
    whole = sum(parts)
    best, person, no_article, _ = (each / whole for each in parts)
    odds = Odds("vpn", best, best, no_article, person, "gate")
    leant = odds.leant(by)
    assert 0 <= leant.person + leant.articles + leant.no_article <= 1 + 1e-9
    back = leant.leant(-by)
    assert (back.best, back.person) == pytest.approx((odds.best, odds.person))


@pytest.mark.parametrize("by", [-1.0, 0.0, 0.4, 1.5])
def test_what_is_written_down_is_what_the_gate_gave_without_leaning(by: float) -> None:
    """So days with one leaning and days with another are one record."""
    evidence = Evidence(
        {"L1": 0.5, "L2": 0.3, "L3": 0.1, "chat": 0.1},
        (Candidate("a", 0.2), Candidate("b", 0.4, agreed=("dense",))),
        model="m1",
    )
    plain = odds_of(decide(evidence, Policy()))
    leant = odds_of(decide(evidence, Policy().leant(0.7).leant(by)))
    assert plain is not None
    assert leant is not None
    assert (leant.article, leant.gate) == (plain.article, plain.gate) == ("b", plain.gate)
    assert leant.person == pytest.approx(plain.person)


def test_where_the_gate_was_not_asked_nothing_is_written_down() -> None:
    """A triage that a rule made."""
    assert odds_of(a.triage(Action.ESCALATE, Tier.L2)) is None


def facts(**given: object) -> Facts:
    """A ticket's facts."""
    known = {"shown": (), "resolution": Resolution.L2, **given}
    return Facts(TicketId(1), "vpn is down", a.ANA, a.NOON, **known)  # type: ignore[arg-type]


def ended(*, wanted: bool = False, gap: bool = False, right: Tier | None = None) -> Ending:
    """How people settled it."""
    return Ending(Tier.L2, a.TOM, "c", "f", right, a.NOON, gap, wanted)


@pytest.mark.parametrize(
    ("told", "came"),
    [
        (facts(shown=("vpn",), resolution=Resolution.ARTICLE), Came.ANSWERED),
        (facts(shown=("wifi",), resolution=Resolution.ARTICLE), Came.FRONT),
        (facts(shown=("vpn",), failed=("vpn",), endings=(ended(),)), Came.FAILED),
        (facts(shown=("wifi",), failed=("wifi",), endings=(ended(),)), Came.PERSON),
        (facts(endings=(ended(wanted=True),)), Came.FRONT),
        (facts(endings=(ended(right=Tier.L3),)), Came.PERSON),
        (facts(endings=(ended(right=Tier.L1),)), Came.FRONT),
        (facts(endings=(ended(gap=True),)), None),
        (facts(shown=("vpn",), resolution=Resolution.NO_REPLY), None),
    ],
)
def test_what_came_is_said_by_those_who_know(told: Facts, came: Came | None) -> None:
    """Requesters and engineers; a silence says nothing, nor who was called for want of a page."""
    assert came_of(outcomes_of(told), "vpn") is came
