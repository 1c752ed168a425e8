"""While it is open whether a request is confidential, its requester alone hears of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import (
    AnswerRoute,
    AskBesides,
    CallPerson,
    Choose,
    ChooseWay,
    Meaning,
    NotHelpful,
    Place,
    Solved,
    SomethingElse,
    Understood,
)
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import NOBODY, Card, NotFixed, Resolution
from bot.desk.tiers import Tier
from bot.desk.views import OpenEscalation
from tests import builders as a
from tests.service.conftest import kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.desk.addresses import Spot
    from bot.desk.commands import Command
    from bot.store.outbox import OutboxRow
    from tests.service.conftest import Office

WORDS = {"en": "words"}
UNSURE = Suspicion(Matter.CONFIDENTIAL, 0.2, Limits(sure_at=0.5, ask_at=0.1))
SURE = Suspicion(Matter.CONFIDENTIAL, 0.9, Limits(sure_at=0.5, ask_at=0.1))
FIRE = Suspicion(Matter.DANGER, 0.9, Limits(sure_at=0.5, ask_at=0.1))
QUESTION = "A colleague's expenses look creative"
DIRECTLY = {"channel": a.DIRECT, "place": Place.DIRECT, "mentioned": False}
CHANNELLY: dict[str, object] = {}
BEGINNINGS = {
    "asked back": (a.triage(Action.CLARIFY), DIRECTLY),
    "answered": (a.triage(Action.ANSWER), DIRECTLY),
    "answered in a channel": (a.triage(Action.ANSWER), CHANNELLY),
    "for people": (a.triage(Action.ESCALATE, Tier.L2), DIRECTLY),
}


def with_route(office: Office, group: str | None = None) -> None:
    """Switch the route of confidential matters on, and that of danger."""
    quiet = Route(Matter.CONFIDENTIAL, *(WORDS,) * 6, group=group, restricted=True)
    office.desk = replace(
        office.desk, routes=Routes((quiet, Route(Matter.DANGER, *(WORDS,) * 6, group="l3")))
    )


def begin(office: Office, beginning: str, number: int = 0, group: str | None = None) -> Thread:
    """Let Ana ask what may be confidential; gives its thread."""
    with_route(office, group)
    triage, place = BEGINNINGS[beginning]
    office.triager.suspected[QUESTION] = UNSURE
    office.triager.understood = Understood()
    office.triager.decision = replace(triage, suspicion=UNSURE)
    asked = a.message(QUESTION, **{**place, "ts": Ts(f"1772460000.{number:06d}")})
    office.handle(asked)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    assert office.ticket(asked.thread).restricted_to == NOBODY
    return asked.thread


class Paths:
    """A request that is held, and what is done with it."""

    def __init__(self, office: Office, thread: Thread) -> None:
        """Join the office at a request that is held."""
        self.office = office
        self.thread = thread
        self.number = office.ticket(thread).id
        self.place = DIRECTLY if thread.channel == a.DIRECT else CHANNELLY
        self._ts = 200

    def _next(self) -> Ts:
        self._ts += 1
        return Ts(f"1772452900.{self._ts:06d}")

    def says(self, text: str, meaning: Meaning, **changes: object) -> Command:
        """Let Ana write in its thread; it is understood so."""
        self.office.triager.understood = Understood({meaning: 0.97})
        known = {**self.place, "thread_ts": self.thread.ts, "ts": self._next()}
        return a.message(text, **{**known, **changes})

    def at(self, **changes: object) -> Spot:
        """Give the place of a press."""
        known: dict[str, object] = {"channel": self.thread.channel, "thread_ts": self.thread.ts}
        return a.spot(**{**known, **changes})  # type: ignore[arg-type]


PATHS: dict[str, Callable[[Paths], Command]] = {
    "a person, pressed": lambda p: CallPerson(p.at(), p.number),
    "none of these": lambda p: NotHelpful(p.at(), p.number, None),
    "not what I need": lambda p: NotHelpful(p.at(), p.number, a.VPN),
    "something else": lambda p: SomethingElse(p.at(), p.number),
    "chosen": lambda p: Choose(p.at(), p.number, a.VPN),
    "steps chosen": lambda p: ChooseWay(p.at(), p.number, 1),
    "the second request": lambda p: AskBesides(p.at(), p.number),
    "not fixed": lambda p: NotFixed(p.at(), p.number),
    "solved": lambda p: Solved(p.at(), p.number),
    "a person, in words": lambda p: p.says("a human, please", Meaning.PERSON),
    "no, something else": lambda p: p.says("no, something else", Meaning.FAILED),
    "stuck": lambda p: p.says("step two does not work", Meaning.STEP),
    "details": lambda p: p.says("it is about sales", Meaning.DETAILS),
    "any news": lambda p: p.says("hello??", Meaning.STATUS),
    "another": lambda p: p.says("that is no matter for IT", Meaning.ANOTHER),
    "unread": lambda p: p.says("xyzzy", Meaning.TALK),
    "beside its thread": lambda p: p.says("a person please", Meaning.PERSON, thread_ts=None),
    "edited": lambda p: a.edited(
        f"{QUESTION}, all of them", channel=p.thread.channel, ts=p.thread.ts
    ),
    "somebody else": lambda p: p.says("same here", Meaning.DETAILS, user=a.BEN),
    "called by an engineer": lambda p: OpenEscalation(
        p.at(user=a.MEI), QUESTION, a.ANA, Tier.L2, "Please look", "k"
    ),
}
"""All that people can do with a request."""

OUTSIDE = "beside its thread"
"""A word beside a channel's thread is a request of its own."""

STEPS = [
    (beginning, name)
    for beginning, name in product(BEGINNINGS, PATHS)
    if name != OUTSIDE or "channel" not in beginning
]


def strays(sent: Iterable[OutboxRow], thread: Thread) -> list[str]:
    """Name what was sent to others than those who speak here."""
    here = {str(a.ANA), str(thread.channel)}
    return [row.notice.kind for row in sent if row.channel not in here]


@pytest.mark.parametrize(("beginning", "step"), STEPS)
def test_no_step_posts_anything(office: Office, beginning: str, step: str) -> None:
    """Whatever is done first, by whomever."""
    thread = begin(office, beginning)
    sent = office.handle(PATHS[step](Paths(office, thread)))
    assert not strays(sent, thread)
    assert not any(isinstance(row.notice, Card) for row in sent)


@pytest.mark.rare
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_no_two_steps_post_anything(office: Office, beginning: str) -> None:
    """Each path after each other."""
    paths = [step for known, step in STEPS if known == beginning]
    for number, steps in enumerate(product(paths, repeat=2)):
        thread = begin(office, beginning, number)
        for step in steps:
            sent = office.handle(PATHS[step](Paths(office, thread)))
            assert not strays(sent, thread), steps


WANTS = (
    "a person, pressed", "none of these", "a person, in words", "no, something else", "any news",
    "another", "beside its thread",
)  # fmt: skip


@pytest.mark.parametrize("step", WANTS)
def test_who_wants_more_is_asked_once_more_and_then_gets_it(office: Office, step: str) -> None:
    """No makes it a request like others, and people are called for what was wanted."""
    thread = begin(office, "asked back")
    paths = Paths(office, thread)
    assert "route_question" in kinds(office.handle(PATHS[step](paths)))
    no = AnswerRoute(paths.at(), paths.number, Matter.CONFIDENTIAL, yes=False)
    assert "card" in kinds(office.handle(no))
    assert office.ticket(thread).restricted_to is None


def test_no_alone_lets_it_be_one_like_others(office: Office) -> None:
    """What was shown stands, and nobody is called."""
    thread = begin(office, "answered")
    paths = Paths(office, thread)
    no = AnswerRoute(paths.at(), paths.number, Matter.CONFIDENTIAL, yes=False)
    assert "card" not in kinds(office.handle(no))
    assert office.ticket(thread).restricted_to is None


def test_what_was_shown_can_be_gone_on_with(office: Office) -> None:
    """To choose, or to say that it is solved, asks nobody anything again."""
    thread = begin(office, "asked back")
    paths = Paths(office, thread)
    assert "answer" in kinds(office.handle(Choose(paths.at(), paths.number, a.VPN)))
    office.handle(paths.says("that works now", Meaning.SOLVED))
    assert office.ticket(thread).resolution is Resolution.ARTICLE


def test_danger_is_a_request_of_its_own(office: Office) -> None:
    """People are called for it, and hear nothing of the first matter."""
    thread = begin(office, "asked back")
    paths = Paths(office, thread)
    office.triager.decision = replace(a.triage(Action.ESCALATE, Tier.L3), suspicion=FIRE)
    office.triager.suspected["it burns"] = FIRE
    sent = office.handle(paths.says("it burns", Meaning.DETAILS))
    (card,) = [row.notice for row in sent if isinstance(row.notice, Card)]
    assert card.question == "it burns"
    assert QUESTION not in repr([row.notice for row in sent])


AFTER = (
    ("so who exactly?", Meaning.STATUS), ("a person, please", Meaning.PERSON),
    ("that did not help", Meaning.FAILED), ("hm", Meaning.DETAILS),
)  # fmt: skip


@pytest.mark.parametrize(("words", "meaning"), AFTER)
def test_who_was_turned_away_is_told_again(office: Office, words: str, meaning: Meaning) -> None:
    """Whatever they ask, and wherever they press: whom to turn to, and nobody else hears of it."""
    thread = begin(office, "asked back")
    paths = Paths(office, thread)
    yes = AnswerRoute(paths.at(), paths.number, Matter.CONFIDENTIAL, yes=True)
    assert "first_words" in kinds(office.handle(yes))
    sent = office.handle(paths.says(words, meaning))
    assert kinds(sent) == ["first_words"]
    for press in (CallPerson, NotFixed):
        sent = office.handle(press(paths.at(), paths.number))
        assert "first_words" in kinds(sent)
        assert not strays(sent, thread)
    assert office.ticket(thread).is_settled


def test_thanks_after_that_are_thanks(office: Office) -> None:
    """Nobody is asked how it stands, nor told again."""
    thread = begin(office, "asked back")
    paths = Paths(office, thread)
    office.handle(AnswerRoute(paths.at(), paths.number, Matter.CONFIDENTIAL, yes=True))
    assert kinds(office.handle(paths.says("ok thanks", Meaning.THANKS))) == ["courtesy"]


def ordinary(office: Office, action: Action = Action.CLARIFY) -> Paths:
    """Let Ana ask something that nobody takes for more; what is told later is looked at anew."""
    with_route(office, "l2")
    office.triager.decision = a.triage(action)
    asked = a.message("I need help with a colleague", **DIRECTLY)
    office.handle(asked)
    office.triager.decision = replace(a.triage(Action.ESCALATE, Tier.L2), suspicion=UNSURE)
    return Paths(office, asked.thread)


def unread(paths: Paths, text: str) -> Command:
    """Let Ana write what no model reads."""
    said = paths.says(text, Meaning.DETAILS)
    paths.office.triager.understood = Understood({})
    return said


LATER: dict[str, Callable[[Paths], Command]] = {
    "details": lambda p: p.says("she keeps asking where I live", Meaning.DETAILS),
    "unread": lambda p: unread(p, "she keeps asking where I live"),
    "edited": lambda p: a.edited(
        "She keeps asking where I live", channel=p.thread.channel, ts=p.thread.ts
    ),
}


@pytest.mark.parametrize("step", LATER)
@pytest.mark.parametrize("suspicion", [UNSURE, SURE])
def test_what_shows_later_is_held_as_what_shows_at_first(
    office: Office, step: str, suspicion: Suspicion
) -> None:
    """Told more of, or edited: its requester is asked before anybody is called."""
    paths = ordinary(office)
    office.triager.decision = replace(office.triager.decision, suspicion=suspicion)
    sent = office.handle(LATER[step](paths))
    assert "route_question" in kinds(sent)
    assert not strays(sent, paths.thread)
    assert office.ticket(paths.thread).restricted_to == NOBODY
    no = AnswerRoute(paths.at(), paths.number, Matter.CONFIDENTIAL, yes=False)
    assert "card" in kinds(office.handle(no)), "no, and what was wanted comes about"


def test_who_said_no_is_not_asked_again(office: Office) -> None:
    """What they tell more of goes the usual way."""
    paths = ordinary(office)
    office.handle(LATER["details"](paths))
    office.handle(AnswerRoute(paths.at(), paths.number, Matter.CONFIDENTIAL, yes=False))
    assert "route_question" not in kinds(office.handle(LATER["details"](paths)))


def test_an_edit_that_surely_tells_of_it_is_read_without_the_old_words(office: Office) -> None:
    """However harmless they were: they are there no more."""
    paths = ordinary(office)
    office.triager.suspected["She threatens me"] = SURE
    office.triager.suspected["\nShe threatens me"] = SURE
    edited = a.edited("She threatens me", channel=paths.thread.channel, ts=paths.thread.ts)
    assert "first_words" in kinds(office.handle(edited))


def test_who_is_back_with_it_is_held_before_people_are_called(office: Office) -> None:
    """Said to be ordinary and answered, asked again because it failed: asked, and no fault."""
    thread = begin(office, "answered")
    paths = Paths(office, thread)
    office.handle(AnswerRoute(paths.at(), paths.number, Matter.CONFIDENTIAL, yes=False))
    office.handle(Solved(paths.at(), paths.number))
    office.triager.decision = replace(a.triage(Action.ANSWER), suspicion=UNSURE)
    again = a.message(QUESTION, **{**DIRECTLY, "ts": Ts("1772460100.000001")})
    sent = office.handle(again)
    assert "route_question" in kinds(sent)
    assert not strays(sent, again.thread)
    assert office.ticket(again.thread).restricted_to == NOBODY


def test_a_question_below_what_is_settled_is_answered_in_words_too(office: Office) -> None:
    """Who wanted a person for it was asked: yes and no count as presses do."""
    thread = begin(office, "answered")
    paths = Paths(office, thread)
    office.handle(Solved(paths.at(), paths.number))
    assert "route_question" in kinds(office.handle(CallPerson(paths.at(), paths.number)))
    assert "card" in kinds(office.handle(paths.says("no", Meaning.TALK)))
    assert office.ticket(thread).restricted_to is None
