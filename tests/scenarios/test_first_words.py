"""First words, through the model that serves: a fault told in a few of them is no small talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Meaning, Said
from bot.desk.deciding import Action
from bot.service.asking.outright import wishes_beside
from tests.scenarios.models import sample_triager

if TYPE_CHECKING:
    from bot.service.deciding.triaging import Triager

pytestmark = pytest.mark.rare

FAULTS = (
    "the coffee machine on the second floor is leaking",
    "front door won't close",
    "Everything is so slow today",
    "nothing works today",
    "Drucker kaputt",
    "Kaffeemaschine leckt",
    "so slow today, all of it",
    "our lift's stuck again, happy Monday",
    "good morning, the wifi seems to be asleep still",
    "happy friday, vpn's dead",
    "schönen Montag, der Aufzug steht mal wieder",
)
TALK = (
    "coffee is ready",
    "happy birthday Kim",
    "lovely weather",
    "thanks, it is working again",
    "happy Monday everyone",
    "what a slow day, see you all tomorrow",
)
WISHES = (
    "need a human, my badge wont open the door",
    "can I speak to someone please, outlook keeps crashing",
    "please connect me to an agent. vpn not working since monday",
    "real person pls, the printer on 3 is broken again",
    "je veux parler à quelqu'un, mon badge ne marche plus",
)
NO_WISHES = (
    "need help, my badge wont open the door",
    "hi team, my vpn is down",
    "kann mir jemand helfen, mein Drucker druckt nicht",
    "I need a new person added to the list, thanks",
    "is anybody there, the vpn is down",
)


@pytest.fixture(scope="module")
def triager(tmp_path_factory: pytest.TempPathFactory) -> Triager:
    """The sample desk's own, with its articles."""
    return sample_triager(tmp_path_factory.mktemp("desk"))


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_in_a_few_words_is_not_smiled_at(triager: Triager, text: str) -> None:
    """However much it sounds like small talk to the tiers."""
    triage = triager.triage(text, readers=None)
    assert triage.action is not Action.COURTESY
    assert not triager.understand(Said(text)).is_small_talk(readable=not triage.unknown)


@pytest.mark.parametrize("text", TALK)
def test_talk_stays_talk(triager: Triager, text: str) -> None:
    """Nobody is asked what is wrong with their birthday."""
    triage = triager.triage(text, readers=None)
    assert triager.understand(Said(text)).is_small_talk(readable=not triage.unknown)


@pytest.mark.parametrize("text", [*WISHES, *NO_WISHES])
def test_a_person_asked_for_beside_a_problem_is_heard(triager: Triager, text: str) -> None:
    """Who asks for help asks for an article, too."""
    understood = triager.understand(Said(text))
    wished = understood.outright() is Meaning.PERSON or wishes_beside(text, understood, triager)
    assert wished is (text in WISHES)
