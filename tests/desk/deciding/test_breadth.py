"""What is broken for many reaches engineers, whatever an article says of the same thing."""

from __future__ import annotations

import pytest

from bot.desk.deciding import (
    Action,
    Candidate,
    Evidence,
    Policy,
    decide,
    is_broad,
    plainly,
    with_breadth,
)
from bot.desk.tiers import Tier
from tests import builders as a

EASY = {"L1": 0.97, "L2": 0.01, "L3": 0.01, "chat": 0.01}
SURE = (Candidate(a.VPN, 0.95, agreed=("dense", "bm25", "late")),)


def seen(
    many: float, waits: float = 0.0, *, foreign: bool = False, unread: bool = False
) -> Evidence:
    """A request that an article answers, of which many are affected with this chance."""
    return Evidence(
        EASY, SURE, foreign=foreign, unread=unread, impacts={"many": many, "one": 1 - many},
        urgencies={"can wait": waits, "stopped": 1 - waits},
    )  # fmt: skip


def test_what_many_are_affected_by_calls_engineers() -> None:
    """The reason says so first, and what would have been done."""
    before = decide(seen(0.9), Policy())
    assert before.action is Action.ANSWER
    called = with_breadth(before)
    assert (called.action, called.tier, called.article) == (Action.ESCALATE, Tier.L3, None)
    assert called.reasons[0] == (
        "Many seem to be affected: 90%, called from 60%; without that: answer."
    )
    assert plainly(called.reasons[0]) == "Many seem to be affected."
    assert called.confidence == pytest.approx(0.9)


@pytest.mark.parametrize("evidence", [seen(0.5), seen(0.9, 0.7)])
def test_what_one_person_has_or_what_can_wait_is_answered(evidence: Evidence) -> None:
    """As it was decided."""
    decided = decide(evidence, Policy())
    assert with_breadth(decided) == decided
    assert decided.action is Action.ANSWER


def test_what_cannot_be_read_says_nothing_of_many() -> None:
    """What the encoder reads in another language does: L3 is called for it, as in English."""
    assert not is_broad(seen(0.9, foreign=True, unread=True))
    assert is_broad(seen(0.9))
    read = with_breadth(decide(seen(0.9, foreign=True), Policy()), "nobody anywhere")
    assert (read.action, read.tier, read.unknown) == (Action.ESCALATE, Tier.L3, False)
    assert not is_broad(None)


def test_of_many_less_is_enough_in_another_language() -> None:
    """There less can be sure, and an outage is worse missed than called for in vain."""
    assert is_broad(seen(0.55, foreign=True))
    assert not is_broad(seen(0.55))
    called = with_breadth(decide(seen(0.55, foreign=True), Policy()))
    assert "called from 50%" in called.reasons[0]


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("toda la planta sin sistema desde las 8", True),
        ("ganze Halle steht, Scanner tot", True),
        ("die ganze Abteilung ist ohne Netz", True),
        ("tout l'étage est sans réseau", True),
        ("o escritório inteiro sem internet", True),
        ("hele verdieping zonder internet", True),
        ("フロア全体でネットが使えない", True),
        ("die ganze Abteilung braucht neue Monitore", False),
        ("ist die ganze Halle ohne Netz, oder nur ich?", False),
        ("chez nous aussi SAP ne marche plus, toute l'équipe est bloquée", True),
        ("todo mi equipo sin conexión", True),
        ("alle Kollegen stehen auf der Liste", False),
        ("bei allen steht das Datum falsch", False),
        ("todo mi equipo come fuera, nadie cocina", False),
        ("niemand kan vandaag mee lunchen", False),
        ("全員が参加できないので日程変更", False),
        ("mi planta sin agua", False),
        ("mein Team braucht drei Stühle", False),
    ],
)
def test_where_the_models_read_nothing_plain_words_tell(text: str, *, stops: bool) -> None:
    """L2 is called for what stands still; in English the model is asked."""
    decided = decide(seen(0.9, foreign=True, unread=True), Policy())
    called = with_breadth(decided, text)
    assert (called.action is Action.ESCALATE and called.tier is Tier.L2) is stops
    assert stops or called == decided
    english = decide(seen(0.1), Policy())
    assert with_breadth(english, text) == english


def test_a_call_stays_as_it_is() -> None:
    """L2 may be called for it already."""
    likely = {"L1": 0.05, "L2": 0.9, "L3": 0.04, "chat": 0.01}
    decided = decide(Evidence(likely, (), impacts={"many": 0.9}), Policy())
    assert with_breadth(decided) == decided
