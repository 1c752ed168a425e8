"""What is added to a danger pings once a minute, and is answered every time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Meaning, Understood
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.tickets import ThreadNote
from bot.desk.tiers import Tier
from tests import builders as a
from tests.service.conftest import kinds

if TYPE_CHECKING:
    from tests.service.conftest import Office

WORDS = {"en": "words"}
SURE = Suspicion(Matter.DANGER, 0.9, Limits(sure_at=0.5, ask_at=0.1))
MINUTE = 60


@pytest.fixture
def burning(office: Office) -> Office:
    """A desk at which people were called for a fire."""
    route = Route(Matter.DANGER, *(WORDS,) * 6, group="l3", again=WORDS)
    office.desk = replace(office.desk, routes=Routes((route,)))
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L3, suspicion=SURE)
    office.handle(a.message("The rack burns"))
    return office


def adds(office: Office, text: str, after: float, meaning: Meaning = Meaning.DETAILS) -> list[str]:
    """Let Ana add something so many seconds later; gives what was sent, notes by what they tell."""
    office.triager.understood = Understood({meaning: 0.95})
    sent = office.handle(a.follow_up(text, f"{1772452900 + after:.6f}"))
    notes = [row.notice.what for row in sent if isinstance(row.notice, ThreadNote)]
    return [*notes, *(kind for kind in kinds(sent) if kind != "thread_note")]


@pytest.mark.parametrize(
    "meaning", [Meaning.DETAILS, Meaning.ANOTHER, Meaning.STATUS, Meaning.TALK, Meaning.FAILED]
)
def test_whatever_is_added_is_answered_and_pings(burning: Office, meaning: Meaning) -> None:
    """However it is read: a question beside a fire is about the fire."""
    sent = adds(burning, "should I unplug it?", 0, meaning)
    assert sent[0] == "worse"
    assert "first_words" in sent
    assert "card" in sent


def test_the_ping_is_one_a_minute(burning: Office) -> None:
    """What comes in between is written below it, and answered as well."""
    first = [adds(burning, "more smoke", after)[0] for after in (0, 30, 59, MINUTE, MINUTE + 30)]
    assert first == ["worse", "wrote", "wrote", "worse", "wrote"]
    assert "first_words" in adds(burning, "flames", MINUTE + 31)


def test_thanks_ping_nobody(burning: Office) -> None:
    """Nor are they told again what to do."""
    sent = adds(burning, "thank you all", 0, Meaning.THANKS)
    assert sent[0] == "wrote"
    assert "first_words" not in sent


def test_somebody_else_pings_too(burning: Office) -> None:
    """Whoever stands beside it may see more."""
    sent = burning.handle(a.follow_up("flames now", user=a.BEN))
    assert [row.notice.what for row in sent if isinstance(row.notice, ThreadNote)] == ["worse"]
