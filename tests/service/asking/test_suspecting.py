"""What comes up in a thread and may be a matter: asked about beside what else is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Meaning, RouteQuestion, Understood
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import TicketState
from bot.desk.tiers import Tier
from tests import builders as a
from tests.service.conftest import kinds, the

if TYPE_CHECKING:
    from tests.service.conftest import Office

LIMITS = Limits(sure_at=0.5, ask_at=0.1)
QUESTION, SMOKE = "the screen stays black", "it smells odd now"
LATER, LATEST = Ts("1772452900.000200"), Ts("1772452950.000200")
WORDS = {"en": "words"}


@pytest.fixture(autouse=True)
def _routes(office: Office) -> None:
    """Danger has its group; what is confidential nobody takes."""
    danger = Route(Matter.DANGER, *(WORDS,) * 6, group="l3")
    quiet = Route(Matter.CONFIDENTIAL, *(WORDS,) * 6, restricted=True)
    office.desk = replace(office.desk, routes=Routes((danger, quiet)))


def begun(office: Office, action: Action = Action.CLARIFY) -> Thread:
    """Let Ana ask in a channel."""
    office.triager.decision = a.triage(action, Tier.L2, unknown=action is Action.CLARIFY)
    office.handle(a.message(QUESTION))
    return Thread(a.TEAM, a.IT_HELP, a.ASKED)


def suspect(office: Office, matter: Matter, chance: float, *, told: bool = True) -> None:
    """Let Ana's next words be about a matter by a chance; `told`: below her question, too."""
    found = Suspicion(matter, chance, LIMITS)
    office.triager.suspected[SMOKE] = found
    if told:
        office.triager.suspected[f"{QUESTION}\n{SMOKE}"] = found


def adds(office: Office, text: str = SMOKE, ts: Ts = LATER, **meant: float) -> list[str]:
    """Let Ana add something in the thread, and give what was sent of it."""
    office.triager.understood = Understood({Meaning(n): c for n, c in meant.items()})
    office.sent = office.handle(a.follow_up(text, ts=ts))
    return kinds(office.sent)


@pytest.mark.parametrize("action", [Action.CLARIFY, Action.ESCALATE])
def test_what_may_be_a_danger_is_asked_about_and_handled(office: Office, action: Action) -> None:
    """People who were called read it as ever; its writer is asked once."""
    thread = begun(office, action)
    suspect(office, Matter.DANGER, 0.2)
    sent = adds(office, details=0.9)
    assert "route_question" in sent
    assert len(sent) > 1
    assert office.ticket(thread).matter is None
    office.triager.suspected["still so"] = Suspicion(Matter.DANGER, 0.2, LIMITS)
    office.triager.suspected[f"{QUESTION}\nstill so"] = Suspicion(Matter.DANGER, 0.2, LIMITS)
    assert "route_question" not in adds(office, "still so", LATEST, details=0.9)


@pytest.mark.parametrize(("chance", "asked"), [(0.2, False), (0.8, True)])
def test_what_is_one_by_itself_alone_is_asked_about_where_it_is_sure(
    office: Office, chance: float, *, asked: bool
) -> None:
    """A few words may sound graver than they are; nobody is called for them."""
    begun(office)
    suspect(office, Matter.DANGER, chance, told=False)
    sent = adds(office, details=0.9)
    assert ("route_question" in sent) is asked
    assert "first_words" not in sent


def test_what_may_be_confidential_is_asked_about_before_anybody_reads_it(office: Office) -> None:
    """It is held in direct messages; those who were called for the first hear nothing of it."""
    inside = SimpleNamespace(begin=lambda *_: Thread(a.TEAM, a.DIRECT, LATER))
    office.desk = replace(office.desk, reception=inside)  # type: ignore[arg-type]
    thread = begun(office, Action.ESCALATE)
    suspect(office, Matter.CONFIDENTIAL, 0.2)
    adds(office, details=0.9)
    question = the(office.sent, RouteQuestion).notice
    assert isinstance(question, RouteQuestion)
    assert question.matter is Matter.CONFIDENTIAL
    assert question.ticket != office.ticket(thread).id
    others = [row for row in office.sent if row.channel == a.L2_CHANNEL]
    assert SMOKE not in str([row.notice for row in others])


def test_who_would_rather_not_go_on_here_is_asked_privately_and_read_by_nobody(
    office: Office,
) -> None:
    """The whole thread is held from then on; "lieber nicht hier" went to L2 with all of it."""
    thread = begun(office)
    adds(office, "lieber nicht hier", person=0.9)
    ticket = office.ticket(thread)
    assert ticket.is_held
    asked = the(office.sent, RouteQuestion)
    assert asked.channel != a.IT_HELP
    assert "card" not in kinds(office.sent)


def test_those_who_were_called_go_on(office: Office) -> None:
    """What they read already is not kept from them."""
    thread = begun(office, Action.ESCALATE)
    adds(office, "lieber nicht hier", details=0.9)
    assert office.ticket(thread).state is TicketState.ESCALATED
    assert not office.ticket(thread).is_held


@pytest.mark.parametrize("meaning", ["another", "details"])
def test_nobody_is_asked_twice_about_one_thing(office: Office, meaning: str) -> None:
    """What is looked up anew with these words asks by itself."""
    begun(office)
    suspect(office, Matter.DANGER, 0.2)
    found = Suspicion(Matter.DANGER, 0.2, LIMITS)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=found)
    assert adds(office, **{meaning: 0.9}).count("route_question") == 1


def test_a_story_is_held_once(office: Office) -> None:
    """Each sentence of it opened a ticket, and asked."""
    inside = SimpleNamespace(begin=lambda *_: Thread(a.TEAM, a.DIRECT, LATER))
    office.desk = replace(office.desk, reception=inside)  # type: ignore[arg-type]
    begun(office)
    suspect(office, Matter.CONFIDENTIAL, 0.2)
    adds(office, details=0.9)
    more = "and he does it every evening"
    found = Suspicion(Matter.CONFIDENTIAL, 0.2, LIMITS)
    office.triager.suspected[more] = office.triager.suspected[f"{QUESTION}\n{more}"] = found
    adds(office, more, LATEST, details=0.9)
    with office.store.look() as uow:
        theirs = uow.tickets.of_requester(a.ANA, office.clock() - timedelta(days=1))
    assert len(theirs) == 2
    assert "card" not in kinds(office.sent)


def test_a_plain_end_stays_one(office: Office) -> None:
    """It is a suspicion, and an end: "false alarm, he had it"."""
    thread = begun(office)
    suspect(office, Matter.CONFIDENTIAL, 0.2)
    adds(office, solved=0.99)
    assert office.ticket(thread).is_settled


def test_who_says_that_it_is_not_confidential_gets_people(office: Office) -> None:
    """After "not here please" nothing had been shown, and nobody was called."""
    begun(office)
    adds(office, "lieber nicht hier", person=0.9)
    question = the(office.sent, RouteQuestion).notice
    assert isinstance(question, RouteQuestion)
    assert question.wanted
