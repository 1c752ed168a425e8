"""Who leaves a request and turns elsewhere speaks of people, and none is called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Meaning, Place, Understood
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import Resolution
from bot.desk.tiers import Tier
from tests import builders as a
from tests.service.conftest import kinds

if TYPE_CHECKING:
    from tests.service.conftest import Office

LEFT = "Laissez, je verrai cela avec les ressources humaines."
WORDS = {"en": "words"}
DIRECTLY = {"channel": a.DIRECT, "place": Place.DIRECT, "mentioned": False}


@pytest.fixture
def misread(office: Office) -> Office:
    """A desk that reads a wish for a person into words that speak of people."""
    office.triager.understood = Understood({Meaning.PERSON: 0.9})
    return office


@pytest.mark.parametrize("action", [Action.CLARIFY, Action.ANSWER, Action.ESCALATE])
def test_whatever_was_done_so_far_is_called_off(misread: Office, action: Action) -> None:
    """Asked back, answered, or with people: who are told."""
    misread.triager.understood_of["The payslip is wrong"] = Understood({Meaning.ANOTHER: 0.9})
    misread.triager.decision = a.triage(action, Tier.L2)
    misread.handle(a.message("The payslip is wrong"))
    misread.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    sent = kinds(misread.handle(a.follow_up(LEFT)))
    assert "handoff" not in sent
    assert misread.ticket().resolution is Resolution.WITHDRAWN


def test_nobody_is_called_for_it_outside_of_any_thread(misread: Office) -> None:
    """There may be nothing to call off."""
    assert kinds(misread.handle(a.message(LEFT, **DIRECTLY))) == ["courtesy"]


@pytest.mark.parametrize(("matter", "goes"), [(Matter.CONFIDENTIAL, False), (Matter.DANGER, True)])
def test_who_takes_it_along_is_asked_about_no_matter_but_into_a_fire(
    misread: Office, matter: Matter, *, goes: bool
) -> None:
    """HR is where it belongs."""
    route = Route(matter, *(WORDS,) * 6, group="l3", restricted=matter is Matter.CONFIDENTIAL)
    misread.desk = replace(misread.desk, routes=Routes((route,)))
    sure = Suspicion(matter, 0.9, Limits(sure_at=0.5, ask_at=0.1))
    misread.triager.suspected[LEFT] = sure
    misread.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=sure)
    assert ("first_words" in kinds(misread.handle(a.message(LEFT, **DIRECTLY)))) is goes


def test_what_is_held_is_left_and_goes_to_nobody(misread: Office) -> None:
    """Not to those either who may see it."""
    route = Route(Matter.CONFIDENTIAL, *(WORDS,) * 6, group="l3", restricted=True)
    misread.desk = replace(misread.desk, routes=Routes((route,)))
    misread.directory.private |= {str(a.L3_CHANNEL), "l3"}
    unsure = Suspicion(Matter.CONFIDENTIAL, 0.2, Limits(sure_at=0.5, ask_at=0.1))
    misread.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=unsure)
    misread.triager.understood_of["It is my boss"] = Understood({Meaning.ANOTHER: 0.9})
    misread.triager.suspected["It is my boss"] = unsure
    misread.handle(a.message("It is my boss", **DIRECTLY))
    below = {**DIRECTLY, "thread_ts": a.ASKED}
    sent = [
        kinds(misread.handle(a.message(LEFT, ts=Ts(f"177245290{n}.000200"), **below)))
        for n in range(3)
    ]
    assert not {"card", "handoff", "first_words"} & {kind for each in sent for kind in each}
    found = misread.ticket(Thread(a.TEAM, a.DIRECT, a.ASKED))
    assert found.resolution is Resolution.WITHDRAWN
