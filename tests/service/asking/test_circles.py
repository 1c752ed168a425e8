"""Nobody goes round in circles: what was asked once is not asked again in the same words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Answer, Courtesy, Meaning, Place, Stage, Understood
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import NOBODY, Passed, TicketState
from bot.desk.tiers import Tier
from tests import builders as a
from tests.service.conftest import kinds, the

if TYPE_CHECKING:
    from tests.service.conftest import Office

WORDS = {"en": "words"}
UNSURE = Suspicion(Matter.SECURITY, 0.2, Limits(sure_at=0.5, ask_at=0.1))
DIRECTLY = {"channel": a.DIRECT, "place": Place.DIRECT, "mentioned": False}
TOLD = Understood({Meaning.DETAILS: 0.9})


def asked_back(office: Office, *articles: str, unknown: bool = True) -> None:
    """Let Ana ask what is not understood; these articles are offered as a guess."""
    options = tuple(a.candidate(article, 0.4) for article in articles)
    decision = replace(a.triage(Action.CLARIFY, candidates=options), unknown=unknown)
    office.triager.decision = decision
    office.handle(a.message("der VPN spinnt"))
    office.triager.understood = TOLD


@pytest.mark.parametrize("articles", [(), (a.VPN,), (a.VPN, a.MFA)])
@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("meant", [TOLD, Understood({Meaning.FAILED: 0.3, Meaning.STEP: 0.1})])
def test_who_answers_a_question_in_words_is_not_asked_it_again(
    office: Office, articles: tuple[str, ...], meant: Understood, *, unknown: bool
) -> None:
    """Where nothing new can be offered, a person finds out."""
    asked_back(office, *articles, unknown=unknown)
    office.triager.understood = meant
    passed = the(office.handle(a.follow_up("na der im Lager")), Passed).notice
    assert passed.why == "needs_person"  # type: ignore[union-attr]
    assert "na der im Lager" in office.said()


def test_another_choice_is_worth_a_second_question(office: Office) -> None:
    """What more words bring to light may be asked about."""
    asked_back(office, a.VPN)
    office.triager.decision = replace(
        a.triage(Action.CLARIFY, candidates=(a.candidate(a.MFA, 0.4),)), unknown=True
    )
    assert "clarify" in kinds(office.handle(a.follow_up("the codes, on the new phone")))


def test_what_was_offered_and_not_taken_is_no_choice_any_more(office: Office) -> None:
    """One that is new beside it is no reason to ask a second time."""
    asked_back(office, a.VPN)
    office.triager.decision = a.triage(Action.CLARIFY)
    assert the(office.handle(a.follow_up("no, I want it fixed")), Passed)


@pytest.mark.parametrize(
    "text", ["ja", "Yes please!", "sí, esa", "evet", ":+1:", "👍", "はい", "ok"]
)
def test_yes_chooses_the_only_thing_there_is_to_choose(office: Office, text: str) -> None:
    """Whatever it was taken for."""
    asked_back(office, a.VPN)
    office.triager.understood = Understood({Meaning.TALK: 0.9})
    assert the(office.handle(a.follow_up(text)), Answer).notice.extract.article == a.VPN  # type: ignore[union-attr]


def test_yes_and_more_chooses_what_would_only_be_asked_about_again(office: Office) -> None:
    """What follows says what of it is wanted: on a Mac, for somebody else."""
    asked_back(office, a.VPN)
    answer = the(office.handle(a.follow_up("oui, mais sur Mac")), Answer).notice
    assert answer.extract.article == a.VPN  # type: ignore[union-attr]


def test_yes_below_the_question_in_direct_messages_belongs_to_it(office: Office) -> None:
    """It opens nothing of its own."""
    office.triager.decision = a.triage(Action.CLARIFY, candidates=(a.candidate(a.VPN, 0.4),))
    office.handle(a.message("der VPN spinnt", **DIRECTLY))
    office.triager.understood = TOLD
    sent = office.handle(a.message("ja", ts=Ts("1772452999.1"), **DIRECTLY))
    assert the(sent, Answer).thread_ts == a.ASKED
    assert the(sent, Courtesy).notice.occasion == "apart"  # type: ignore[union-attr]


def test_who_was_asked_and_waits_gets_a_person(office: Office) -> None:
    """Who writes "??" is told neither that something was shown nor that nobody was called."""
    asked_back(office, a.VPN)
    office.triager.understood = Understood({Meaning.STATUS: 0.9})
    sent = office.handle(a.follow_up("hello??"))
    assert the(sent, Passed)
    assert not [row for row in sent if isinstance(row.notice, Courtesy)]


def with_route(office: Office, *, restricted: bool) -> None:
    """Let Ana's ticket be held until she says whether it is about a matter."""
    route = Route(Matter.SECURITY, *(WORDS,) * 6, group="l3", restricted=restricted)
    office.desk = replace(office.desk, routes=Routes((route,)))
    action = Action.ESCALATE if restricted else Action.COURTESY
    office.triager.decision = a.triage(action, Tier.L2, suspicion=UNSURE)
    office.triager.suspected["Somebody reads my mail"] = UNSURE
    office.handle(a.message("Somebody reads my mail", **DIRECTLY))
    office.triager.understood = TOLD
    assert held(office)


def held(office: Office) -> bool:
    """Tell whether it waits, seen by nobody."""
    ticket = office.ticket(Thread(a.TEAM, a.DIRECT, a.ASKED))
    return ticket.restricted_to == NOBODY and not ticket.is_settled


def told(office: Office, text: str, ts: str) -> list[str]:
    """Let Ana write below; gives the kinds of what she and others are told."""
    return kinds(office.handle(a.follow_up(text, ts=ts, channel=a.DIRECT, place=Place.DIRECT)))


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize(("text", "words"), [("ja", True), ("Nein!", False), ("no", False)])
def test_whether_it_is_a_matter_is_answered_in_words_too(
    office: Office, text: str, *, words: bool, restricted: bool
) -> None:
    """As if the button had been pressed; the buttons go."""
    with_route(office, restricted=restricted)
    sent = told(office, text, "1772452999.1")
    assert ("first_words" in sent) is words
    assert not held(office)


@pytest.mark.parametrize("restricted", [True, False])
def test_words_that_are_neither_are_asked_about_once_more_and_then_decide(
    office: Office, *, restricted: bool
) -> None:
    """What may be confidential stays with those few; the rest goes the usual way."""
    with_route(office, restricted=restricted)
    assert "route_question" in told(office, "since Monday", "1772452999.1")
    assert held(office)
    sent = told(office, "how should I know", "1772452999.2")
    assert ("first_words" in sent) is restricted
    assert not held(office)


def test_more_words_that_surely_tell_of_it_are_a_yes(office: Office) -> None:
    """Nobody is asked for what they have just said."""
    with_route(office, restricted=True)
    both = "Somebody reads my mail\nI gave my boss the password"
    sure = replace(UNSURE, chance=0.9)
    office.triager.suspected[both] = sure
    assert "first_words" in told(office, "I gave my boss the password", "1772452999.1")


@pytest.mark.parametrize(("chance", "settled"), [(0.57, False), (0.95, True)])
def test_thanks_to_those_who_were_called_send_nobody_home(
    office: Office, chance: float, *, settled: bool
) -> None:
    """Who reads solved where somebody says that they wait asks for a press."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("VPN fails"))
    office.triager.understood = Understood({Meaning.SOLVED: chance, Meaning.THANKS: 1 - chance})
    sent = office.handle(a.follow_up("Merci, j'attends."))
    assert ("thanked" in kinds(sent)) is settled
    assert (office.ticket().state is TicketState.ESCALATED) is not settled


def test_who_says_thanks_and_nothing_else_is_not_asked_what_it_is(office: Office) -> None:
    """The greeting is for those who say hello."""
    office.triager.decision = a.triage(Action.COURTESY)
    office.triager.understood = Understood({Meaning.TALK: 0.95})
    for text, word in (("thank you all!", "settled"), ("happy friday", "nothing_asked")):
        sent = office.handle(a.message(text, ts=Ts(f"1772452999.{len(word)}"), **DIRECTLY))
        assert the(sent, Courtesy).notice.occasion == word  # type: ignore[union-attr]


def test_what_has_a_route_is_ended_by_a_press_and_not_by_a_reading(office: Office) -> None:
    """Who changed a password and asks what now reads like somebody who is done."""
    route = Route(Matter.SECURITY, *(WORDS,) * 6, group="l3")
    office.desk = replace(office.desk, routes=Routes((route,)))
    sure = Suspicion(Matter.SECURITY, 0.9, Limits(sure_at=0.5, ask_at=0.1))
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=sure)
    office.handle(a.message("I was phished"))
    office.triager.understood_at = {Stage.ESCALATED: Understood({Meaning.SOLVED: 0.95})}
    sent = office.handle(a.follow_up("já troquei, e agora?"))
    assert the(sent, Courtesy).notice.occasion == "perhaps_solved"  # type: ignore[union-attr]
    assert office.ticket().state is TicketState.ESCALATED
