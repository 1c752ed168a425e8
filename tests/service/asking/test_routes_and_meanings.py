"""Matters with a route of their own, and what conversations read of meanings: neither hides one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Meaning, Place, Understood
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import NOBODY
from bot.desk.tiers import Tier
from tests import builders as a
from tests.service.conftest import kinds

if TYPE_CHECKING:
    from tests.service.conftest import Office

WORDS = {"en": "words"}
SURE = Suspicion(Matter.SECURITY, 0.9, Limits(sure_at=0.5, ask_at=0.1))
UNSURE = Suspicion(Matter.SECURITY, 0.2, Limits(sure_at=0.5, ask_at=0.1))
DIRECTLY = {"channel": a.DIRECT, "place": Place.DIRECT, "mentioned": False}


def with_route(office: Office, *, restricted: bool = False) -> None:
    """Switch a route on."""
    route = Route(Matter.SECURITY, *(WORDS,) * 6, group="l3", restricted=restricted)
    office.desk = replace(office.desk, routes=Routes((route,)))


def held(office: Office) -> None:
    """Let Ana's ticket wait for her word, seen by nobody."""
    with_route(office, restricted=True)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=UNSURE)
    office.handle(a.message("Somebody reads my mail", **DIRECTLY))
    assert office.ticket(Thread(a.TEAM, a.DIRECT, a.ASKED)).restricted_to == NOBODY


def test_a_question_that_is_edited_into_a_matter_goes_its_way(office: Office) -> None:
    """The first words are said, whatever was shown before."""
    with_route(office)
    office.handle(a.message("VPN fails"))
    office.triager.decision = a.triage(Action.CLARIFY, suspicion=SURE)
    office.triager.suspected["I was phished"] = SURE
    assert "first_words" in kinds(office.handle(a.edited("I was phished")))
    assert office.said()[0] == "I was phished"


def test_a_matter_in_one_of_two_requests_is_not_lost(office: Office) -> None:
    """The part that has an article says nothing of it."""
    with_route(office)
    text = "How do I open the VPN? I gave my password to a phisher."
    other = replace(a.triage(Action.ANSWER), article=a.MFA)
    whole = a.triage(Action.ANSWER, suspicion=SURE)
    office.triager.decisions = [whole, a.triage(Action.ANSWER), other]
    office.triager.suspected[text] = SURE
    assert "first_words" in kinds(office.handle(a.message(text)))


def test_first_words_are_heard_sooner_than_what_is_added(office: Office) -> None:
    """The same words below an answer are what they were."""
    with_route(office)
    words = "sale humo del ordenador"
    office.triager.suspected_first[words] = SURE
    office.triager.understood = Understood({Meaning.PERSON: 0.95})
    office.handle(a.message("VPN fails"))
    assert "first_words" not in kinds(office.handle(a.follow_up(words)))
    assert "first_words" in kinds(office.handle(a.message(words, ts=Ts("1772459900.000200"))))


def test_what_is_held_is_asked_about_again_outside_its_thread(office: Office) -> None:
    """It goes to nobody, and nothing fails."""
    held(office)
    office.triager.understood = Understood({Meaning.PERSON: 0.95})
    later = a.message("a person please", ts=Ts("1772452900.000200"), **DIRECTLY)
    assert "route_question" in kinds(office.handle(later))


def test_what_is_held_stays_so_when_it_is_edited(office: Office) -> None:
    """The record changes; nobody is called."""
    held(office)
    edit = a.edited("Somebody reads all of my mail", channel=a.DIRECT)
    assert kinds(office.handle(edit)) == []


@pytest.mark.parametrize("told", [True, False])
def test_a_few_words_are_no_matter_that_the_whole_is_not(office: Office, *, told: bool) -> None:
    """Who is afraid that this is not what they asked is sent to nobody's confidential contact."""
    with_route(office, restricted=True)
    office.handle(a.message("VPN fails"))
    words = "I am afraid that is not what I asked"
    office.triager.suspected[words] = SURE
    if told:
        office.triager.suspected[f"VPN fails\n{words}"] = UNSURE
    office.triager.understood = Understood({Meaning.FAILED: 0.95})
    assert ("first_words" in kinds(office.handle(a.follow_up(words)))) is told
