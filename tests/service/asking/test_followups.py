"""Follow-ups: what comes of each meaning, in each state of a thread."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.articles import StepOutcome
from bot.desk.asking import (
    Answer,
    Besides,
    Clarify,
    Courtesy,
    Meaning,
    Place,
    SomethingElse,
    Stage,
    StartWalk,
    StepHelp,
    Thanked,
    Understood,
    Walk,
)
from bot.desk.deciding import Action, Candidate
from bot.desk.ids import Ts
from bot.desk.tickets import Card, Passed, Resolution, Seen, Take, ThreadNote, TicketState
from bot.desk.tiers import Tier
from bot.store.database import reading
from bot.store.learning.outcomes import SqliteOutcomes
from tests import builders as a
from tests.service.conftest import kinds, place_of, the

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.conftest import Office

ESCALATE = a.triage(Action.ESCALATE, Tier.L2)


def means(office: Office, meaning: Meaning, chance: float = 0.95) -> None:
    """Let whatever is written next mean this."""
    office.triager.understood = Understood({meaning: chance, Meaning.ON_CALL: 1 - chance})


def answered(office: Office) -> None:
    """Let Ana ask, and be shown an article."""
    office.handle(a.message("VPN fails"))


def escalated(office: Office) -> None:
    """Let Ana ask what needs a person."""
    office.triager.decision = ESCALATE
    office.handle(a.message("VPN fails"))


def test_who_may_mean_that_it_is_solved_is_asked_where_people_have_it(office: Office) -> None:
    """Engineers read it either way; one press ends their work."""
    escalated(office)
    office.triager.understood = Understood({Meaning.SOLVED: 0.45, Meaning.DETAILS: 0.4})
    sent = office.handle(a.follow_up("ah, it is back?"))
    assert kinds(sent).count("thread_note") == 1
    assert the(sent, Courtesy).notice.occasion == "perhaps_solved"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("it connects now. oh and the printer is jammed", "the printer is jammed"),
        ("geht wieder, danke! Andere Frage: wie buche ich einen Raum", "wie buche ich einen Raum"),
        ("直りました。ところで会議室の予約はどうやりますか", "会議室の予約はどうやりますか"),
        ("Danke. Eine weitere Frage: wie buche ich einen Raum", "wie buche ich einen Raum"),
        ("listo. una cosa más, el ratón no va", "el ratón no va"),
    ],
)
def test_the_first_matter_ends_and_another_begins_in_one_message(
    office: Office, text: str, rest: str
) -> None:
    """Neither is taken for the other: one is settled, the other has a ticket of its own."""
    answered(office)
    begun = office.ticket()
    means(office, Meaning.FAILED)
    first = text.partition(rest)[0]
    for turn in (" oh ", " Andere", "ところで", " Eine weitere", " una cosa"):
        first = first.split(turn)[0]
    office.triager.understood_of = {
        first: Understood({Meaning.SOLVED: 0.9}),
        rest: Understood({Meaning.ANOTHER: 0.6}),
    }
    sent = office.handle(a.follow_up(text))
    assert "thanked" in kinds(sent)
    assert office.ticket().question == text
    assert office.triager.read[-1] == rest
    assert text in office.said()
    with office.store.unit_of_work() as uow:
        ended = uow.tickets.get(begun.id)
    assert ended is not None
    assert ended.state is TicketState.RESOLVED


def test_what_was_cut_in_two_is_deleted_whole(office: Office) -> None:
    """One message is on record once: no half of it is left in the other ticket."""
    answered(office)
    begun = office.ticket()
    office.triager.understood_of = {
        "it connects now.": Understood({Meaning.SOLVED: 0.9}),
        "the printer is jammed": Understood({Meaning.ANOTHER: 0.6}),
    }
    written = a.follow_up("it connects now. oh and the printer is jammed")
    office.handle(written)
    another = office.ticket()
    office.handle(a.edited("it connects now. oh and the door is", ts=written.ts, thread_ts=a.ASKED))
    assert office.ticket().question == "it connects now. oh and the door is"
    office.handle(a.deleted(ts=written.ts, thread_ts=a.ASKED))
    with office.store.unit_of_work() as uow:
        kept = [uow.tickets.get(each.id) for each in (begun, another)]
        said = [line.text for each in (begun, another) for line in uow.conversation.of(each.id)]
    assert not any("connects" in each.question for each in kept if each)
    assert not any("connects" in text for text in said)


@pytest.mark.parametrize("text", ["it worked yesterday", "restarted, still there"])
@pytest.mark.parametrize("begin", [answered, escalated])
def test_what_speaks_against_an_end_ends_nothing(
    office: Office, begin: Callable[[Office], None], text: str
) -> None:
    """How it stands is asked, with a button that says that it is solved."""
    begin(office)
    before = office.ticket().state
    means(office, Meaning.SOLVED)
    sent = office.handle(a.follow_up(text))
    assert office.ticket().state is before
    occasions = {getattr(row.notice, "occasion", "") for row in sent}
    assert occasions & {"noted", "perhaps_solved"}


def test_thanks_for_a_question_back_end_nothing(office: Office) -> None:
    """Nothing was shown for which anybody could be thankful; "found it, thanks" ends it."""
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    office.handle(a.message("VPN fails"))
    means(office, Meaning.SOLVED)
    office.handle(a.follow_up("danke"))
    assert office.ticket().state is TicketState.OPEN


def test_what_was_meant_instead_is_looked_for(office: Office) -> None:
    """It was met with silence: "sorry, I meant the database"."""
    answered(office)
    means(office, Meaning.TALK)
    sent = office.handle(a.follow_up("sorry, I meant the database", mentioned=False))
    assert {"answer", "card"} & set(kinds(sent))


def test_who_was_asked_back_and_has_found_it_is_done(office: Office) -> None:
    """Words that would end an answered matter are no answer to what was asked."""
    office.triager.decision = a.triage(Action.CLARIFY)
    office.handle(a.message("VPN fails"))
    begun = office.ticket()
    office.triager.understood_at = {
        Stage.ASKED_BACK: Understood({Meaning.DETAILS: 0.7, Meaning.SOLVED: 0.2}),
        Stage.ANSWERED: Understood({Meaning.SOLVED: 0.9}),
    }
    sent = office.handle(a.follow_up("found it, it was the cable"))
    assert the(sent, Courtesy).notice.occasion == "noted"  # type: ignore[union-attr]
    office.triager.understood_at[Stage.ASKED_BACK] = Understood({Meaning.SOLVED: 0.6})
    assert "thanked" in kinds(office.handle(a.follow_up("found it!", ts="1772452999.1")))
    assert office.find_ticket() is None or office.ticket().id == begun.id


@pytest.mark.parametrize(
    ("unread", "there", "begun"), [(True, 0.3, True), (True, 0.1, False), (False, 0.3, False)]
)
def test_a_question_after_the_end_is_another_where_no_article_could_say_so(
    office: Office, *, unread: bool, there: float, begun: bool
) -> None:
    """In a language that search does not read; "why did it happen?" stays with the first."""
    answered(office)
    first = office.ticket()
    solved, rest = "hat geklappt!", "wie bekomme ich jetzt das Laufwerk H?"
    office.triager.understood_of[solved] = Understood({Meaning.SOLVED: 0.95})
    office.triager.understood_at = {
        Stage.NEW: Understood({Meaning.ANOTHER: 0.7}),
        Stage.ANSWERED: Understood({Meaning.ANOTHER: there, Meaning.STEP: 0.4}),
    }
    office.triager.decision = replace(a.triage(Action.CLARIFY), unknown=unread)
    office.handle(a.follow_up(f"{solved} {rest}"))
    assert (office.ticket().id != first.id) is begun


@pytest.mark.parametrize("called", [True, False])
@pytest.mark.parametrize(
    ("words", "ends"),
    [
        ("das mit dem Drucker hat sich erledigt", False),
        ("hat sich alles erledigt, war der Drucker", True),
    ],
)
def test_the_end_of_one_of_two_requests_does_not_end_the_other(
    office: Office, words: str, *, ends: bool, called: bool
) -> None:
    """How it stands is asked, and people read what was written."""
    office.triager.decision = a.triage(Action.ESCALATE if called else Action.CLARIFY, Tier.L2)
    office.handle(a.message("der Drucker streikt seit heute und mein Kalender zeigt nichts an"))
    means(office, Meaning.SOLVED)
    office.handle(a.follow_up(words))
    assert office.ticket().is_settled is ends


def test_what_is_not_settled_stays_one_matter(office: Office) -> None:
    """A first half that pleases nobody ends nothing."""
    answered(office)
    begun = office.ticket()
    means(office, Meaning.FAILED)
    office.handle(a.follow_up("nope. by the way the window is grey"))
    assert office.ticket().id == begun.id
    assert office.ticket().state is not TicketState.RESOLVED


def test_what_failed_is_followed_by_the_runner_up_and_then_by_a_person(office: Office) -> None:
    """The next likely article first; when that failed too, people, told what was tried."""
    answered(office)
    means(office, Meaning.FAILED)
    office.triager.next_up = Candidate(a.MFA, 0.8, chance=0.8)
    sent = office.handle(a.follow_up("that didn't work"))
    assert [row.notice.extract.article for row in sent if isinstance(row.notice, Answer)] == [
        a.VPN,  # its buttons are taken off
        a.MFA,
    ]
    sent = office.handle(a.follow_up("neither did that", ts="1772452999.1"))
    passed = the(sent, Passed).notice
    assert isinstance(passed, Passed)
    assert passed.why == "not_solved"
    assert office.ticket().articles_failed == (a.VPN, a.MFA)
    card = the(sent, Card).notice
    assert isinstance(card, Card)
    assert "neither did that" in card.reasons[0]


def test_nothing_is_said_to_have_failed_where_nothing_was_shown(office: Office) -> None:
    """Who was only asked what it is about is told that a person looks into it."""
    office.triager.decision = a.triage(Action.CLARIFY)
    office.handle(a.message("VPN fails"))
    means(office, Meaning.FAILED)
    passed = the(office.handle(a.follow_up("not that one")), Passed).notice
    assert passed.why == "needs_person"  # type: ignore[union-attr]


def test_what_nobody_can_tell_may_say_with_the_question_what_it_is(office: Office) -> None:
    """Then another article is shown; the same one would only be asked about."""
    answered(office)
    office.triager.understood = Understood({Meaning.DETAILS: 0.3, Meaning.STEP: 0.2})
    office.triager.decision = a.triage(Action.ANSWER, article=a.MFA)
    sent = office.handle(a.follow_up("it eats paper"))
    shown = [row.notice.extract.article for row in sent if isinstance(row.notice, Answer)]
    assert shown[-1] == a.MFA
    sent = office.handle(a.follow_up("well", ts="1772452999.1"))
    assert the(sent, Courtesy).notice.occasion == "unsure"  # type: ignore[union-attr]


def test_a_step_that_fails_gets_its_passage_and_then_a_person_with_the_step(
    office: Office,
) -> None:
    """Inside a walk the step is recorded as failed, whatever follows."""
    answered(office)
    office.handle(StartWalk(a.spot(a.ANA), office.ticket().id, a.VPN))
    means(office, Meaning.STEP)
    office.triager.helps = replace(a.extract(a.VPN), heading="Check", passage="Look at the cable.")
    sent = office.handle(a.follow_up("there is no such button"))
    assert the(sent, StepHelp).notice == StepHelp(
        office.ticket().id,
        a.VPN,
        office.triager.helps.title,
        "Check",
        "Look at the cable.",
        1,
        office.triager.helps.heading_url or office.triager.helps.url,
    )
    sent = office.handle(a.follow_up("still not there", ts="1772452999.1"))
    assert the(sent, Passed)
    number = office.ticket().id
    with office.store.unit_of_work() as uow:
        tried = uow.steps.of(number)
    assert (tried[0].number, tried[0].outcome) == (1, StepOutcome.FAILED)


def test_done_in_a_walk_goes_on_to_the_next_step(office: Office) -> None:
    """Written instead of pressed."""
    answered(office)
    office.handle(StartWalk(a.spot(a.ANA), office.ticket().id, a.VPN))
    means(office, Meaning.DETAILS)
    sent = office.handle(a.follow_up("done"))
    walks = [row.notice for row in sent if isinstance(row.notice, Walk)]
    assert [(walk.number, walk.outcome) for walk in walks] == [(1, "superseded"), (2, None)]


def test_what_is_solved_is_settled_with_one_line_and_stars(office: Office) -> None:
    """By the article that was shown."""
    answered(office)
    means(office, Meaning.SOLVED)
    sent = office.handle(a.follow_up("worked, thank you!"))
    assert kinds(sent) == ["answer", "thanked"]
    assert office.ticket().resolution is Resolution.ARTICLE


def test_never_mind_settles_and_tells_the_engineers(office: Office) -> None:
    """Nobody works on what is not needed any more."""
    escalated(office)
    means(office, Meaning.SOLVED)
    sent = office.handle(a.follow_up("never mind, it works"))
    notes = [row.notice.what for row in sent if isinstance(row.notice, ThreadNote)]
    assert notes == ["wrote", "solved"]
    assert the(sent, Thanked)
    assert office.ticket().state is TicketState.RESOLVED


def test_what_is_called_off_confirms_no_article_and_is_not_rated(office: Office) -> None:
    """Nothing is learned from it; who wants it after all gets people, who read how it ended."""
    answered(office)
    means(office, Meaning.SOLVED)
    sent = office.handle(a.follow_up("never mind, cancel please"))
    assert kinds(sent) == ["answer", "courtesy"]
    assert the(sent, Answer).notice.outcome == "withdrawn"  # type: ignore[union-attr]
    assert the(sent, Courtesy).notice == Courtesy("withdrawn", office.ticket().id)
    assert office.ticket().resolution is Resolution.WITHDRAWN
    with reading(office.store.path) as database:
        assert not list(SqliteOutcomes(database).by_ticket())
    means(office, Meaning.FAILED)
    card = the(office.handle(a.follow_up("actually still red", ts="1772452999.1")), Card).notice
    assert isinstance(card, Card)
    assert "(it was withdrawn): “actually still red”" in card.reasons[0]


def test_engineers_read_that_it_was_called_off(office: Office) -> None:
    """Not that it is solved."""
    escalated(office)
    means(office, Meaning.SOLVED)
    sent = office.handle(a.follow_up("vergiss es, hat sich erledigt"))
    notes = [row.notice.what for row in sent if isinstance(row.notice, ThreadNote)]
    assert notes == ["wrote", "withdrawn"]
    assert "thanked" not in kinds(sent)
    assert office.ticket().resolution is Resolution.WITHDRAWN


@pytest.mark.parametrize(("trouble", "kind"), [(0.9, "passed"), (0.02, "answer")])
def test_what_speaks_against_a_choice_is_not_swallowed(
    office: Office, trouble: float, kind: str
) -> None:
    """Steps that somebody says they cannot take are not shown; what tells more is looked at."""
    office.triager.decision = a.triage(Action.CLARIFY)
    office.handle(a.message("VPN?"))
    said = Understood({Meaning.FAILED: trouble, Meaning.DETAILS: 1 - trouble})
    office.triager.understood = Understood({Meaning.DETAILS: 0.95})
    office.triager.understood_of["I have no such button"] = said
    sent = office.handle(a.follow_up("the first one, but I have no such button"))
    assert the(sent, Clarify).notice.outcome == "chosen"  # type: ignore[union-attr]
    assert kinds(sent)[1] == kind
    if kind == "passed":
        card = the(sent, Card).notice
        assert isinstance(card, Card)
        assert "I have no such button" in card.reasons[0]


@pytest.mark.parametrize(
    ("asked", "heading"),
    [("Outlook", "Outlook\nit stops whenever I start it"), ("VPN drops often", "")],
)
def test_a_bare_name_is_handed_over_with_what_was_told_of_it(
    office: Office, asked: str, heading: str
) -> None:
    """The card's heading is what a phone shows at night."""
    office.handle(a.message(asked))
    means(office, Meaning.FAILED)
    card = the(office.handle(a.follow_up("it stops whenever I start it")), Card).notice
    assert isinstance(card, Card)
    assert card.question == (heading or asked)


def test_another_question_gets_a_ticket_of_its_own_in_the_same_thread(office: Office) -> None:
    """Said so; the first goes on as it was, and later words belong to the newer."""
    escalated(office)
    first = office.ticket()
    office.triager.decision = a.triage(Action.ANSWER)
    means(office, Meaning.ANOTHER)
    sent = office.handle(a.follow_up("also, how do I get a second screen?"))
    second = office.ticket()
    assert second.id != first.id
    assert second.thread == first.thread
    answer = the(sent, Answer)
    assert (answer.channel, answer.thread_ts) == (a.IT_HELP, a.ASKED)
    assert the(sent, Courtesy).notice == Courtesy("begun_beside", second.id)
    means(office, Meaning.SOLVED)
    office.handle(a.follow_up("got it", ts="1772452999.1"))
    with office.store.unit_of_work() as uow:
        assert uow.tickets.get(second.id).state is TicketState.RESOLVED  # type: ignore[union-attr]
        assert uow.tickets.get(first.id).state is TicketState.ESCALATED  # type: ignore[union-attr]


@pytest.mark.parametrize(("article", "begun"), [(a.MFA, True), (a.VPN, False)])
def test_what_may_be_another_question_is_one_where_an_article_of_its_own_says_so(
    office: Office,
    article: str,
    begun: bool,
) -> None:
    """An article that stands there already says nothing: then it is asked back."""
    answered(office)
    first = office.ticket()
    office.triager.understood = Understood({Meaning.ANOTHER: 0.25, Meaning.DETAILS: 0.3})
    office.triager.decision = a.triage(Action.ANSWER, article=article)
    office.handle(a.follow_up("also need a hotel booked, who does that?"))
    assert (office.ticket().id != first.id) is begun


def test_who_wants_a_person_gets_one(office: Office) -> None:
    """In so many words."""
    answered(office)
    means(office, Meaning.PERSON)
    passed = the(office.handle(a.follow_up("can someone call me")), Passed).notice
    assert isinstance(passed, Passed)
    assert passed.why == "asked_for_person"


def test_thanks_get_a_courtesy_with_every_way_on_and_nothing_else(office: Office) -> None:
    """The ticket stays as it is."""
    answered(office)
    means(office, Meaning.THANKS)
    sent = office.handle(a.follow_up("thanks, will try"))
    assert [row.notice for row in sent] == [Courtesy("follow_up", office.ticket().id, a.VPN)]
    assert office.ticket().state is TicketState.ANSWERED


def test_what_nobody_can_tell_is_asked_back_and_the_third_time_goes_to_a_person(
    office: Office,
) -> None:
    """Nobody goes round in circles."""
    answered(office)
    office.triager.understood = Understood({Meaning.THANKS: 0.3, Meaning.FAILED: 0.3})
    for ts in ("1772452999.1", "1772452999.2"):
        sent = office.handle(a.follow_up("hm", ts=ts))
        assert [row.notice for row in sent] == [Courtesy("unsure", office.ticket().id, a.VPN)]
    assert the(office.handle(a.follow_up("hm", ts="1772452999.3")), Passed)


def test_what_failed_after_the_end_is_taken_up_again(office: Office) -> None:
    """And thanks after the end are not."""
    answered(office)
    means(office, Meaning.SOLVED)
    office.handle(a.follow_up("works"))
    means(office, Meaning.THANKS)
    sent = office.handle(a.follow_up("thanks again", ts="1772452999.1"))
    assert the(sent, Courtesy).notice.occasion == "settled"  # type: ignore[union-attr]
    means(office, Meaning.FAILED)
    office.handle(a.follow_up("spoke too soon", ts="1772452999.2"))
    assert office.ticket().reopened == 1
    assert office.ticket().state is TicketState.ESCALATED


def test_a_second_message_of_the_same_words_does_nothing_twice(office: Office) -> None:
    """Said twice, settled once."""
    answered(office)
    means(office, Meaning.SOLVED)
    office.handle(a.follow_up("works"))
    sent = office.handle(a.follow_up("works", ts="1772452999.1"))
    assert the(sent, Courtesy).notice.occasion == "settled"  # type: ignore[union-attr]


def test_forty_follow_ups_in_a_minute_are_all_kept(office: Office) -> None:
    """Each on record, each passed on, in their order."""
    escalated(office)
    office.handle(Take(a.spot(a.TOM), office.escalation().id))
    means(office, Meaning.DETAILS)
    for number in range(40):
        sent = office.handle(a.follow_up(f"line {number}", ts=f"1772453{number:03d}.1"))
        assert [type(row.notice) for row in sent] == [ThreadNote, Seen]
    assert office.said()[-1] == "line 39"
    assert len([line for line in office.said() if line.startswith("line ")]) == 40


def test_a_top_level_word_in_direct_messages_belongs_to_the_last_ticket(office: Office) -> None:
    """And says so where it was written."""
    direct = {"place": Place.DIRECT, "channel": a.DIRECT}
    office.handle(a.message("VPN fails", **direct))
    means(office, Meaning.FAILED)
    office.triager.decision = a.triage(Action.CLARIFY)
    sent = office.handle(a.message("that did not help", ts=Ts("1772452999.1"), **direct))
    assert the(sent, Passed).thread_ts == a.ASKED
    pointer = the(sent, Courtesy)
    assert pointer.thread_ts == "1772452999.1"
    assert pointer.notice.occasion == "apart"  # type: ignore[union-attr]


def test_a_second_request_of_one_message_is_offered_by_a_button(office: Office) -> None:
    """Two requests, each with an article of its own: one is answered, the other named."""
    one, other = (replace(a.triage(Action.ANSWER), article=article) for article in (a.VPN, a.MFA))
    office.triager.decisions = [one, one, other]
    sent = office.handle(a.message("How do I get on the VPN? And how do I move my codes?"))
    assert kinds(sent) == ["answer", "besides"]
    offer = the(sent, Besides)
    assert "codes" in offer.notice.text  # type: ignore[union-attr]


TELLS, ASKS_ONE, ASKS_OTHER = (
    "All phones here have two users.", "How do I get on the VPN?", "And who moves my codes?"
)  # fmt: skip


@pytest.mark.parametrize("meanwhile", [None, a.VPN])
@pytest.mark.parametrize("whole", [Action.ANSWER, Action.CLARIFY])
def test_a_sentence_alone_that_seems_to_need_a_person_calls_nobody(
    office: Office, whole: Action, meanwhile: str | None
) -> None:
    """What all of them together ask is answered, or asked back; the sentence is offered beside."""
    office.triager.decisions = [
        replace(a.triage(whole), article=a.VPN if whole is Action.ANSWER else None),
        replace(a.triage(Action.ESCALATE, Tier.L3), article=meanwhile),
        a.triage(Action.CLARIFY),
        replace(a.triage(Action.ANSWER), article=a.MFA),
    ]
    sent = office.handle(a.message(f"{TELLS} {ASKS_ONE} {ASKS_OTHER}"))
    assert kinds(sent) == [str(whole), "besides"]
    assert the(sent, Besides).notice.text == TELLS  # type: ignore[union-attr]


def test_of_two_requests_that_together_seem_a_third_both_are_heard(office: Office) -> None:
    """The first is answered, the other offered, and never the first again."""
    third, one, other = (
        replace(a.triage(Action.ANSWER), article=each) for each in ("printer", a.VPN, a.MFA)
    )
    office.triager.decisions = [third, one, other]
    sent = office.handle(a.message(f"{ASKS_ONE} {ASKS_OTHER}"))
    assert kinds(sent) == ["answer", "besides"]
    assert the(sent, Besides).notice.text == ASKS_OTHER  # type: ignore[union-attr]


def test_a_second_request_is_taken_up_where_words_name_it(office: Office) -> None:
    """Nobody has to press for it; a word that names neither does not take it up."""
    parts = ["My badge is dead", "how do I claim the taxi?"]
    office.triager.decisions = [
        a.triage(Action.ANSWER, article=a.VPN),
        a.triage(Action.ANSWER, article=a.VPN),
        a.triage(Action.ANSWER, article=a.MFA),
    ]
    sent = office.handle(a.message("\n".join(parts)))
    second = the(sent, Besides).notice.text  # type: ignore[union-attr]
    first = office.ticket()
    means(office, Meaning.PERSON)
    word = next(word.strip("?.") for word in second.split() if len(word.strip("?.")) > 3)
    sent = office.handle(a.follow_up(f"the {word} one please"))
    assert office.ticket().id != first.id
    assert "passed" not in kinds(sent)
    assert office.ticket().question == second


def test_a_question_edited_into_another_is_asked_anew(office: Office) -> None:
    """The first answer's buttons go, and the new question is answered."""
    answered(office)
    office.triager.decision = replace(a.triage(Action.ANSWER), article=a.MFA)
    sent = office.handle(a.edited("How do I move my codes to a new phone?"))
    shown = [row.notice for row in sent if isinstance(row.notice, Answer)]
    assert [(each.extract.article, each.outcome) for each in shown] == [
        (a.VPN, "superseded"),
        (a.MFA, None),
    ]


def test_a_mention_that_an_edit_adds_counts(office: Office) -> None:
    """It had been passed over before."""
    quiet = a.message("how do I get a badge?", mentioned=False, channel="C0RANDOM01")
    assert office.handle(quiet) == []
    sent = office.handle(replace(quiet, mentioned=True, edited=True))
    assert kinds(sent) == ["answer"]
    assert office.handle(replace(quiet, mentioned=True, edited=True)) == []


ROOTS = count()

SCRIPTS = st.one_of(
    *(
        st.text(alphabet=st.characters(min_codepoint=low, max_codepoint=high), min_size=1)
        for low, high in (
            (0x20, 0x7E), (0xA1, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x600, 0x6FF),
            (0x3040, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xACFF), (0x1F300, 0x1F5FF),
        )
    ),
    st.text(max_size=200),
)  # fmt: skip
READINGS = st.dictionaries(st.sampled_from(list(Meaning)), st.floats(0.0, 1.0), max_size=4).map(
    lambda drawn: Understood(
        {key: value / (sum(drawn.values()) or 1) for key, value in drawn.items()}
    )
)
DECISIONS = st.sampled_from([a.triage(action) for action in Action]) | st.sampled_from(
    [replace(a.triage(Action.CLARIFY), unknown=True), ESCALATE]
)


@pytest.mark.rare
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=st.lists(st.tuples(SCRIPTS, READINGS, DECISIONS), min_size=1, max_size=4))
def test_whatever_is_written_to_it_leads_somewhere(office: Office, said: list[Any]) -> None:
    """Any words in any script, whatever the models make of them: never without a reply."""
    root = Ts(f"17724{next(ROOTS):05d}.0")
    for number, (text, understood, decision) in enumerate(said):
        office.triager.understood, office.triager.decision = understood, decision
        more = {"ts": Ts(f"{root}{number}"), "thread_ts": root} if number else {"ts": root}
        message = a.message(text, place=Place.DIRECT, channel=a.DIRECT, **more)
        assert office.handle(message), f"nothing was said to {text!r}"


@pytest.mark.parametrize("meaning", list(Meaning))
def test_a_colleague_in_the_thread_changes_nothing(office: Office, meaning: Meaning) -> None:
    """Their words are on record; what the requester has stays."""
    answered(office)
    means(office, meaning)
    assert office.handle(a.follow_up("works for me!", user=a.BEN)) == []
    assert office.ticket().state is TicketState.ANSWERED


def test_something_else_after_a_guess_is_asked_for_in_own_words(office: Office) -> None:
    """And what comes then is what is decided on."""
    office.triager.decision = replace(a.triage(Action.CLARIFY), unknown=True)
    guess = the(office.handle(a.message("geht nicht")), Clarify)
    assert guess.notice.occasion == "unknown"  # type: ignore[union-attr]
    channel, ts = place_of(guess)
    spot = replace(a.spot(a.ANA), channel=channel, ts=Ts(str(ts)))
    sent = office.handle(SomethingElse(spot, office.ticket().id))
    assert the(sent, Courtesy).notice == Courtesy("something_else", office.ticket().id)
    office.triager.decision = a.triage(Action.ANSWER)
    means(office, Meaning.ANOTHER)
    assert kinds(office.handle(a.follow_up("my VPN is dead")))[-1] == "answer"
    assert office.triager.read[-1] == "my VPN is dead"
