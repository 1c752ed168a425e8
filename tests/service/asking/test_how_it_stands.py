"""Words that leave open how it stands: thanks, thumbs, a person who is asked for in alarm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.asking import Courtesy, Meaning, Place, RouteQuestion, Stage, Understood, only_nods
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.ids import Ts, UserId
from bot.desk.tickets import TicketState
from bot.desk.tiers import Tier
from bot.service.asking.besides import LIKELY
from bot.service.messages.wording import asks_anew
from tests import builders as a
from tests.service.conftest import Office, kinds, the

WORDS = {"en": "words"}
UNSURE = Suspicion(Matter.DANGER, 0.2, Limits(sure_at=0.5, ask_at=0.1))
LATER = "1772453000.000200"
DIRECTLY = {"channel": a.DIRECT, "place": Place.DIRECT, "mentioned": False}


def with_route(office: Office, *, restricted: bool = False, matter: Matter = Matter.DANGER) -> None:
    """Switch a route on."""
    route = Route(matter, *(WORDS,) * 6, group="l3", restricted=restricted)
    office.desk = replace(office.desk, routes=Routes((route,)))


def asked_about_danger(
    office: Office, *, choices: bool = False, matter: Matter = Matter.DANGER, **where: object
) -> None:
    """Let Ana be asked, beside what is done, whether somebody is in danger."""
    with_route(office, matter=matter)
    offered = {} if choices else {"candidates": ()}
    suspicion = replace(UNSURE, matter=matter)
    office.triager.decision = a.triage(Action.CLARIFY, suspicion=suspicion, **offered)
    asked = a.message("call me back now", **(where or DIRECTLY))
    assert "route_question" in kinds(office.handle(asked))


def test_a_yes_below_two_questions_is_asked_about(office: Office) -> None:
    """To "is it one of these?", which stands beside it, people say it as often."""
    asked_about_danger(office, choices=True)
    assert kinds(office.handle(written("sí", "1772452900.000200"))) == ["route_question"]
    assert "first_words" in kinds(office.handle(written("sí", "1772452900.000300")))


def test_a_yes_to_whether_it_is_confidential_is_one_at_once(office: Office) -> None:
    """It calls nobody but those few, whatever was shown beside."""
    with_route(office, restricted=True)
    office.triager.decision = a.triage(Action.CLARIFY, suspicion=UNSURE)
    office.handle(a.message("my boss touches her", **DIRECTLY))
    assert "first_words" in kinds(office.handle(written("sì", "1772452900.000200")))


def test_a_yes_in_a_channel_is_said_to_what_stands_there(office: Office) -> None:
    """The question about a matter stands in direct messages."""
    asked_about_danger(office, choices=True, matter=Matter.CONFIDENTIAL, mentioned=True)
    office.triager.understood = Understood({Meaning.DETAILS: 0.9})
    sent = kinds(office.handle(a.follow_up("sí")))
    assert "first_words" not in sent
    assert "route_question" not in sent


@pytest.mark.parametrize("matter", [Matter.DANGER, Matter.SECURITY])
def test_a_yes_in_a_channel_ends_no_danger(office: Office, matter: Matter) -> None:
    """It thanks for no article while that question stands: it is asked again, then it is a yes."""
    asked_about_danger(office, choices=True, matter=matter, mentioned=True)
    office.triager.understood = Understood({Meaning.SOLVED: 0.9})
    sent = kinds(office.handle(a.follow_up("yes")))
    assert "route_question" in sent
    assert "thanked" not in sent
    assert not office.ticket().is_settled
    assert "first_words" in kinds(office.handle(a.follow_up("yes", ts=Ts(LATER))))


@pytest.mark.parametrize("text", ["no", "nope", "no thanks"])
def test_a_no_in_a_channel_is_said_to_what_stands_there(office: Office, text: str) -> None:
    """Whether somebody is in danger stands elsewhere, and is no less open; and somebody answers."""
    asked_about_danger(office, choices=True, matter=Matter.DANGER, mentioned=True)
    office.triager.understood = Understood({Meaning.FAILED: 0.9})
    sent = kinds(office.handle(a.follow_up(text)))
    assert "route_question" not in sent
    assert sent
    ticket = office.ticket().id
    with office.store.unit_of_work() as uow:
        latest = uow.outbox.latest_of(ticket)
    asked = next(each.notice for each in latest if isinstance(each.notice, RouteQuestion))
    assert asked.outcome is None


def written(text: str, ts: str) -> object:
    """Give a follow-up in Ana's direct messages."""
    return a.follow_up(text, ts=Ts(ts), channel=a.DIRECT, place=Place.DIRECT)


def test_a_thumb_under_a_question_about_danger_is_asked_once_more(office: Office) -> None:
    """It may mean that it was read; the second one is a yes."""
    asked_about_danger(office)
    assert kinds(office.handle(written("👍", "1772452900.000200"))) == ["route_question"]
    assert "first_words" in kinds(office.handle(written("ok", "1772452900.000300")))


def test_a_word_of_yes_is_one_at_once(office: Office) -> None:
    """With a thumb beside it or without."""
    asked_about_danger(office)
    assert "first_words" in kinds(office.handle(written("yes 👍", "1772452900.000200")))


@pytest.mark.parametrize(
    ("text", "nods"),
    [("👍", True), ("ok", True), (":+1:", True), ("yes", False), ("ja 👍", False), ("no", False)],
)
def test_a_nod_is_told_from_a_yes(text: str, *, nods: bool) -> None:
    """In any language."""
    assert only_nods(text) is nods


@pytest.mark.parametrize("restricted", [True, False])
def test_who_asks_for_a_person_gets_one_while_danger_is_asked_about(
    office: Office, *, restricted: bool
) -> None:
    """Where it may be for nobody else's ears, those who are called read none of it."""
    with_route(office, restricted=restricted)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=UNSURE)
    office.triager.suspected["call me back now"] = UNSURE
    office.triager.understood = Understood({Meaning.PERSON: 0.9})
    sent = office.handle(a.message("call me back now", **DIRECTLY))
    assert {"card", "handoff", "route_question"} <= set(kinds(sent))
    to_people = [str(row.notice) for row in sent if row.notice.kind in {"card", "handoff"}]
    assert any("call me back" in each for each in to_people) is not restricted


def test_thanks_for_what_may_be_there_are_asked_about(office: Office) -> None:
    """People are at work on it: one press sends them home."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("VPN fails"))
    office.triager.understood = Understood({Meaning.THANKS: 0.53, Meaning.SOLVED: 0.33})
    sent = office.handle(a.follow_up("ah ok is there. thx"))
    assert the(sent, Courtesy).notice.occasion == "perhaps_solved"
    office.triager.understood = Understood({Meaning.THANKS: 0.8, Meaning.SOLVED: 0.04})
    sent = office.handle(a.follow_up("thanks, I wait", ts=Ts(LATER)))
    assert kinds(sent).count("thread_note") == 1
    assert "courtesy" not in kinds(sent)


def test_who_is_pleased_instead_of_answering_calls_nobody(office: Office) -> None:
    """How it stands is asked; what was asked back is not decided anew."""
    office.triager.decision = a.triage(Action.CLARIFY)
    office.handle(a.message("VPN fails"))
    office.triager.understood_at = {
        Stage.ASKED_BACK: Understood({Meaning.DETAILS: 0.9, Meaning.SOLVED: 0.03}),
        Stage.ANSWERED: Understood({Meaning.SOLVED: 0.64, Meaning.THANKS: 0.23}),
    }
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    sent = office.handle(a.follow_up("nickel merci"))
    assert the(sent, Courtesy).notice.occasion == "noted"
    assert "card" not in kinds(sent)


@pytest.mark.parametrize("better", [True, False])
def test_nobody_is_called_again_by_words_that_say_as_much_that_it_is_better(
    office: Office, *, better: bool
) -> None:
    """Whether there is more to it is asked."""
    office.handle(a.message("VPN fails"))
    office.triager.understood = Understood({Meaning.SOLVED: 0.95})
    office.handle(a.follow_up("it works"))
    pleased = {Meaning.SOLVED: 0.31} if better else {}
    office.triager.understood = Understood({Meaning.FAILED: 0.5, **pleased})
    sent = office.handle(a.follow_up("right, it's quicker now", ts=Ts(LATER)))
    reopened = office.ticket(a.THREAD).state is TicketState.ESCALATED
    assert reopened is not better
    assert ("courtesy" in kinds(sent)) is better


@pytest.mark.parametrize(
    ("before", "after", "sure", "begins"),
    [
        ("great.", "and how does he get a badge", 0.6, True),
        ("great.", "but it does not let me in", 0.6, False),
        ("gracias,", "¿y la firma cómo se cambia?", 0.6, True),
        ("gracias,", "¿y la firma cómo se cambia?", 0.4, False),
    ],
)
def test_a_question_after_a_word_of_joy_is_one_of_its_own(
    office: Office, before: str, after: str, sure: float, *, begins: bool
) -> None:
    """Where an article that nobody spoke of is likely; not where the joy is taken back."""
    office.handle(a.message("VPN fails"))
    rest = after.removeprefix("¿y ")
    office.triager.understood_of = {
        before.rstrip(","): Understood({Meaning.THANKS: 0.74, Meaning.SOLVED: 0.21}),
        rest: Understood({Meaning.ANOTHER: 0.9}),
    }
    office.triager.understood = Understood({Meaning.FAILED: 0.9})
    likely = replace(a.candidate("badge"), chance=sure)
    office.triager.decision = replace(a.triage(Action.CLARIFY), candidates=(likely,))
    sent = office.handle(a.follow_up(f"{before} {after}"))
    assert (Courtesy("begun_beside", office.ticket().id) in [s.notice for s in sent]) is begins


@pytest.mark.parametrize(
    ("solved", "as_answered", "text", "comes"),
    [
        (0.53, 0.6, "we meet elsewhere now", "thanked"),
        (0.2, 0.6, "dont bother, we meet elsewhere", "courtesy"),
        (0.1, 0.9, "only that one, the rest works", "courtesy"),
        (0.1, 0.985, "it was in the spam folder. solved, thank you!", "thanked"),
        (0.2, 0.6, "forget it, we meet elsewhere", "courtesy"),
        (0.07, 0.2, "dont bother, we meet elsewhere", "card"),
        (0.01, 0.7, "dont bother, we meet elsewhere", "card"),
    ],
)
def test_who_was_asked_back_and_has_found_it_calls_nobody(
    office: Office, solved: float, as_answered: float, text: str, comes: str
) -> None:
    """Who was asked back and says in own words that it is done calls nobody.

    What reads as an answer ends nothing where that is merely likely: how it stands is asked.
    """
    office.triager.decision = a.triage(Action.CLARIFY)
    office.handle(a.message("VPN fails"))
    office.triager.understood_at = {
        Stage.ASKED_BACK: Understood({Meaning.DETAILS: 1 - solved, Meaning.SOLVED: solved}),
        Stage.ANSWERED: Understood({Meaning.SOLVED: as_answered, Meaning.FAILED: 0.2}),
    }
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    assert comes in kinds(office.handle(a.follow_up(text)))
    assert office.ticket().is_settled is (comes == "thanked" or text.startswith("forget"))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ah au fait, comment je partage mon agenda ?", "comment je partage mon agenda ?"),
        ("another question: the mouse is dead", "the mouse is dead"),
        ("btw it is an HP", ""),
        ("the other problem is that it is loud", ""),
        ("another thing", ""),
    ],
)
def test_what_begins_by_saying_so_is_another_matter(text: str, asked: str) -> None:
    """By the way somebody may as well tell more: then it has to be a question."""
    found = asks_anew(text)
    assert (found.asked if found else "") == asked


@pytest.mark.parametrize("sure", [0.8, 0.3])
def test_another_matter_leaves_the_first_as_it_was(office: Office, sure: float) -> None:
    """Nobody said that it is solved."""
    office.handle(a.message("VPN fails"))
    first = office.ticket()
    asked = "how do I get a badge?"
    office.triager.understood_of = {asked: Understood({Meaning.ANOTHER: sure})}
    office.triager.understood = Understood({Meaning.DETAILS: 0.9})
    assert "thanked" not in kinds(office.handle(a.follow_up(f"btw, {asked}")))
    assert (office.ticket().id != first.id) is (sure > LIKELY)
    with office.store.unit_of_work() as uow:
        kept = uow.tickets.get(first.id)
    assert kept is not None
    assert kept.state is TicketState.ANSWERED


@pytest.mark.parametrize("article", [a.MFA, a.VPN])
def test_trouble_after_the_end_is_another_where_its_article_is(
    office: Office, article: str
) -> None:
    """The people who had the first are not called for it; for the same trouble they are."""
    office.handle(a.message("VPN fails"))
    office.triager.understood = Understood({Meaning.SOLVED: 0.95})
    office.handle(a.follow_up("it works"))
    first = office.ticket()
    office.triager.understood = Understood({Meaning.FAILED: 0.7, Meaning.ANOTHER: 0.2})
    office.triager.decision = replace(a.triage(Action.ANSWER), article=article)
    sent = kinds(office.handle(a.follow_up("the app asks for a code now", ts=Ts(LATER))))
    assert (office.ticket().id != first.id) is (article == a.MFA)
    assert ("card" in sent) is (article == a.VPN)


@pytest.mark.parametrize(("user", "heard"), [(a.ANA, True), (a.TOM, False)])
def test_words_below_a_question_that_was_answered_apart_are_for_us(
    office: Office, user: UserId, *, heard: bool
) -> None:
    """Who is on call is whispered into no thread; what its reader writes in it is no silence."""
    office.triager.understood = Understood({Meaning.ON_CALL: 0.9})
    asked = a.message("who is on call tonight?", mentioned=False)
    assert kinds(office.handle(asked)) == ["on_call_board"]
    office.triager.understood = Understood({Meaning.DETAILS: 0.9})
    further = a.follow_up("no. i want the name of the person", user=user)
    assert (office.handle(further) != []) is heard


@pytest.mark.parametrize(("as_answered", "asked"), [(0.85, True), (0.5, False)])
def test_words_that_would_end_an_answered_matter_are_asked_about(
    office: Office, as_answered: float, *, asked: bool
) -> None:
    """People are at work, and most who write then tell more."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("VPN fails"))
    office.triager.understood_at = {
        Stage.ESCALATED: Understood({Meaning.DETAILS: 0.6, Meaning.SOLVED: 0.23}),
        Stage.ANSWERED: Understood({Meaning.SOLVED: as_answered}),
    }
    sent = office.handle(a.follow_up("scratch that, Femke ran it for me"))
    assert kinds(sent).count("thread_note") == 1
    assert ("courtesy" in kinds(sent)) is asked


@pytest.mark.parametrize(
    ("pleased", "asks", "one"), [(0.8, 0.9, True), (0.1, 0.6, True), (0.1, 0.9, False)]
)
def test_two_sentences_about_the_end_are_one_matter(
    office: Office, pleased: float, asks: float, *, one: bool
) -> None:
    """What else they say is that it works; another article for that is none of its own."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("card terminal is down"))
    office.triager.decision = a.triage(Action.ANSWER)
    office.triager.understood_of = {
        "he swapped it.": Understood({Meaning.SOLVED: 0.9}),
        "taking payments again": Understood({Meaning.SOLVED: pleased, Meaning.ANOTHER: asks}),
    }
    office.triager.understood = Understood({Meaning.SOLVED: 0.9})
    sent = kinds(office.handle(a.follow_up("he swapped it. taking payments again")))
    assert "thanked" in sent
    assert ("answer" in sent) is not one


@pytest.mark.parametrize("turn", ["oh and", "and"])
def test_what_may_be_solved_is_left_as_it_is_where_another_matter_is_said(
    office: Office, turn: str
) -> None:
    """The other has its ticket; whether the first is solved is theirs to say."""
    office.handle(a.message("how do I print"))
    first = office.ticket()
    rest = "i never got my money back"
    office.triager.understood_of = {
        "got my pages.": Understood({Meaning.SOLVED: 0.46, Meaning.FAILED: 0.29}),
        rest: Understood({Meaning.ANOTHER: 0.9}),
        f"and {rest}": Understood({Meaning.ANOTHER: 0.9}),
    }
    office.triager.understood = Understood({Meaning.DETAILS: 0.45})
    office.handle(a.follow_up(f"got my pages. {turn} {rest}"))
    assert (office.ticket().id != first.id) is (turn == "oh and")
