"""Silence in a channel takes evidence; and what is added below one's own words is one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Meaning, Tone, Understood
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.ids import Ts
from tests import builders as a
from tests.service.conftest import kinds

if TYPE_CHECKING:
    from tests.service.conftest import Office

LATER, LATEST = Ts("1772452900.000200"), Ts("1772452950.000200")


def quiet(office: Office, text: str, chance: float, tone: Tone = Tone.PLAIN) -> list[str]:
    """Let Ana write something to nobody in a language that is not read well."""
    office.triager.tones[text] = tone
    office.triager.understood_of[text] = Understood({Meaning.TALK: chance})
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    return kinds(office.handle(a.message(text, mentioned=False)))


@pytest.mark.parametrize(
    ("tone", "chance", "silent"),
    [
        (Tone.ASKS, 0.99, False),
        (Tone.PLAIN, 0.85, False),
        (Tone.PLAIN, 0.95, True),
        (Tone.PLEASANT, 0.85, True),
        (Tone.PLEASANT, 0.7, False),
    ],
)
def test_silence_needs_evidence_in_each_language(
    office: Office, tone: Tone, chance: float, *, silent: bool
) -> None:
    """Who cries for help is asked what it is, however much it looks like talk."""
    assert (quiet(office, "오늘 회의 있는 분", chance, tone) == []) is silent


@pytest.mark.parametrize(("asks", "heard"), [(0.8, True), (0.1, False)])
def test_what_is_added_below_silence_is_heard_where_it_asks(
    office: Office, asks: float, *, heard: bool
) -> None:
    """The meeting point for lunch is not."""
    assert quiet(office, "hola a todos", 0.99) == []
    office.triager.understood = Understood({Meaning.ANOTHER: asks, Meaning.DETAILS: 1 - asks})
    sent = office.handle(a.follow_up("con lo de la firma", ts=LATER))
    assert (sent != []) is heard


@pytest.mark.parametrize("chance", [0.3, 0.9])
def test_danger_below_silence_is_heard(office: Office, chance: float) -> None:
    """However little the rest of the words says."""
    danger = Route(Matter.DANGER, *({"en": "words"},) * 6, group="l3")
    office.desk = replace(office.desk, routes=Routes((danger,)))
    assert quiet(office, "hola a todos", 0.99) == []
    text = "sale humo del pasillo"
    found = Suspicion(Matter.DANGER, chance, Limits(sure_at=0.5, ask_at=0.1))
    office.triager.suspected[text] = found
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True, suspicion=found)
    office.triager.understood_of[text] = Understood({Meaning.DETAILS: 0.6, Meaning.ANOTHER: 0.4})
    assert kinds(office.handle(a.follow_up(text, ts=LATER))) != []


def test_what_was_met_with_silence_and_answered_alone_after_an_edit_is_answered(
    office: Office,
) -> None:
    """One message has one row: the later, louder word counts."""
    with office.store.unit_of_work() as uow:
        uow.once.passed_over(a.IT_HELP, a.ASKED, a.ANA)
        uow.once.whispered(a.IT_HELP, a.ASKED, a.ANA)
        uow.once.passed_over(a.IT_HELP, a.ASKED, a.ANA)
        assert uow.once.was_whispered(a.IT_HELP, a.ASKED, a.ANA)


def test_what_is_added_after_a_colleague_answered_is_theirs(office: Office) -> None:
    """And nobody else's words below it are ours, either."""
    quiet(office, "hola a todos", 0.99)
    office.triager.understood = Understood({Meaning.ANOTHER: 0.9})
    assert kinds(office.handle(a.follow_up("you sign it here", user=a.TOM, ts=LATER))) == []
    assert kinds(office.handle(a.follow_up("and the other form?", ts=LATEST))) == []
