"""Messages: whose business they are, and what becomes of each."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Answer, Besides, Clarify, Courtesy, Meaning, Place, Understood
from bot.desk.deciding import Action
from bot.desk.ids import Ts
from bot.desk.tickets import (
    Card,
    EscalationState,
    File,
    Handoff,
    Passed,
    Progress,
    Resolution,
    Resolve,
    Seen,
    Take,
    ThreadNote,
    TicketState,
)
from bot.desk.tiers import Tier
from bot.service.asking.intake import VAGUE, WORDLESS
from bot.service.context import ChannelMode
from tests import builders as a
from tests.service.conftest import kinds, the

if TYPE_CHECKING:
    from tests.service.conftest import Office

ESCALATE = a.triage(Action.ESCALATE, Tier.L2)


def test_a_clear_question_is_answered_in_its_thread(office: Office) -> None:
    """With the article that was found, and a ticket that remembers it."""
    sent = office.handle(a.message())
    answer = the(sent, Answer)
    assert kinds(sent) == ["answer"]
    assert (answer.channel, answer.thread_ts) == (a.IT_HELP, a.ASKED)
    assert office.ticket().state is TicketState.ANSWERED
    assert office.ticket().articles_shown == (a.VPN,)
    assert office.said()[0] == "How do I connect to the VPN?"


def test_an_unclear_question_is_asked_back_with_the_close_articles(office: Office) -> None:
    """The requester chooses; the ticket stays open."""
    office.triager.decision = a.triage(Action.CLARIFY)
    clarify = the(office.handle(a.message()), Clarify).notice
    assert isinstance(clarify, Clarify)
    assert [option.article for option in clarify.options] == [a.VPN, a.MFA]
    assert office.ticket().state is TicketState.OPEN


def test_what_needs_a_person_goes_to_the_tiers_channel_with_a_handoff_under_it(
    office: Office,
) -> None:
    """The requester is told first, then the card, then what the tier needs to know."""
    office.triager.decision = replace(ESCALATE, tier=Tier.L3, meanwhile=a.VPN)
    sent = office.handle(a.message("Everything is down <!channel>"))
    assert kinds(sent) == ["passed", "card", "handoff"]
    passed, card, handoff = (row.notice for row in sent)
    assert isinstance(passed, Passed)
    assert isinstance(card, Card)
    assert isinstance(handoff, Handoff)
    assert (passed.tier, passed.why) == (Tier.L3, "needs_person")
    assert passed.meanwhile is not None
    assert card.question == "Everything is down <!channel>"
    assert card.reasons == ESCALATE.reasons
    assert card.members == (a.JONAS,)
    assert card.permalink is not None
    assert [row.channel for row in sent] == [a.IT_HELP, a.L3_CHANNEL, a.L3_CHANNEL]
    assert sent[2].thread_ts is not None
    assert office.escalation().state is EscalationState.PENDING


def test_a_knowledge_gap_is_told_as_one(office: Office) -> None:
    """The requester reads that there is no article, not that the matter is hard."""
    office.triager.decision = replace(ESCALATE, gap=True)
    passed = the(office.handle(a.message()), Passed).notice
    assert isinstance(passed, Passed)
    assert passed.why == "knowledge_gap"


def test_the_group_of_the_area_is_called(office: Office) -> None:
    """Networks have their own specialists."""
    office.triager.decision = ESCALATE
    office.triager.area = "network"
    office.handle(a.message())
    assert office.escalation().group == "l2-network"


def test_an_answer_whose_article_is_gone_becomes_an_escalation(office: Office) -> None:
    """The index may know what the knowledge base has lost; nobody is left in silence."""
    office.triager.known.clear()
    assert kinds(office.handle(a.message())) == ["passed", "card", "handoff"]


@pytest.mark.parametrize(
    ("mode", "addressed", "expected"),
    [
        (ChannelMode.QUESTIONS, True, ["courtesy"]),
        (ChannelMode.QUESTIONS, False, []),
        (ChannelMode.ALL, False, ["courtesy"]),
        (ChannelMode.MENTION, True, ["courtesy"]),
        (ChannelMode.MENTION, False, []),
    ],
)
def test_small_talk_is_answered_where_it_is_meant_for_frontline(
    office: Office, mode: ChannelMode, addressed: bool, expected: list[str]
) -> None:
    """Greetings among colleagues are none of its business."""
    office.triager.decision = a.triage(Action.COURTESY)
    office.desk.modes["it-help"] = mode  # type: ignore[index]
    assert kinds(office.handle(a.message("Good morning!", mentioned=addressed))) == expected
    assert office.find_ticket() is None


@pytest.mark.parametrize(
    ("mode", "changes", "ours"),
    [
        (ChannelMode.MENTION, {}, False),
        (ChannelMode.MENTION, {"mentioned": True}, True),
        (ChannelMode.QUESTIONS, {}, True),
        (ChannelMode.QUESTIONS, {"ts": Ts("9.0"), "thread_ts": a.ASKED}, False),
        (ChannelMode.QUESTIONS, {"for_somebody_else": True}, False),
        (ChannelMode.QUESTIONS, {"for_somebody_else": True, "mentioned": True}, True),
        (ChannelMode.ALL, {}, True),
        (ChannelMode.ALL, {"ts": Ts("9.0"), "thread_ts": a.ASKED}, False),
        (ChannelMode.MENTION, {"place": Place.DIRECT, "channel": a.DIRECT}, True),
    ],
)
def test_a_channels_mode_decides_which_messages_are_ours(
    office: Office, mode: ChannelMode, changes: dict[str, object], ours: bool
) -> None:
    """Only what is meant for the desk is answered; the rest is not even read."""
    office.desk.modes["it-help"] = mode  # type: ignore[index]
    message = a.message(**{"mentioned": False, **changes})
    assert bool(office.handle(message)) is ours
    assert bool(office.triager.read) is ours


def test_a_channel_that_is_not_configured_answers_to_mentions_only(office: Office) -> None:
    """Whoever invites it somewhere does not invite it to every conversation."""
    elsewhere = {"channel": "C0RANDOM01"}
    assert office.handle(a.message(mentioned=False, **elsewhere)) == []
    assert kinds(office.handle(a.message(**elsewhere))) == ["answer"]


@pytest.mark.parametrize("text", ["", ":tada:", "🎉🎉", ":+1::skin-tone-3:", "?!", "...", "👩‍💻 ❤️"])
def test_a_message_without_words_is_told_so(office: Office, text: str) -> None:
    """Addressed to it, it says that it found no words; otherwise it keeps out."""
    courtesy = the(office.handle(a.message(text)), Courtesy).notice
    said = {"said": text, "said_ts": a.ASKED} if text else {}
    assert courtesy == Courtesy("empty", asker=a.ANA, **said)
    assert office.handle(a.message(text, ts=Ts("8.0"), mentioned=False)) == []
    assert office.triager.read == []


@pytest.mark.parametrize(
    "text",
    ["help", "HELP!!", "hi, can someone help me please?", "it doesnt work", "It isn't working"],
)
def test_a_cry_for_help_is_asked_what_about(office: Office, text: str) -> None:
    """Also where nobody mentioned it: whoever asks for help is never left without a reply."""
    (sent,) = office.handle(a.message(text, mentioned=False))
    assert sent.notice == Courtesy("vague", said=text, said_ts=a.ASKED, asker=a.ANA)
    assert office.triager.read == []


def test_what_is_written_below_the_question_what_is_wanted_is_the_answer(office: Office) -> None:
    """Nobody who is asked back is met with silence for want of a mention."""
    office.handle(a.message("it doesnt work", mentioned=False))
    answer = a.follow_up("the screen in the meeting room")
    assert office.handle(answer) != []
    assert office.triager.read == ["the screen in the meeting room"]


def test_what_others_write_below_it_is_their_talk(office: Office) -> None:
    """Only whoever was asked answers."""
    office.handle(a.message("it doesnt work", mentioned=False))
    remark = a.follow_up("which one?", user=a.TOM)
    assert office.handle(remark) == []


@pytest.mark.parametrize(
    "text",
    [
        "thanks for the help",
        "my laptop needs help",
        "vpn does not work",
        "hi",
        "how does it work here",
    ],
)
def test_what_says_more_than_help_is_triaged(text: str) -> None:
    """One word of substance is enough to search with."""
    assert VAGUE.fullmatch(text) is None


@pytest.mark.parametrize("text", ["x", "1", "はい", "ja?", ":tada: help", "a:b", "été"])
def test_one_word_is_a_message_with_words(text: str) -> None:
    """In any script."""
    assert WORDLESS.fullmatch(text) is None


@pytest.mark.parametrize("piece", [":+:", ":-:|", "|:---", ":a::skin-tone-2:", "::", ":'", "_"])
def test_recognising_a_message_without_words_takes_no_time(piece: str) -> None:
    """A pasted table header must not stop the desk."""
    begun = time.process_time()
    WORDLESS.fullmatch(piece * 2_000 + "x")
    VAGUE.fullmatch("help i " * 2_000 + piece)
    assert time.process_time() - begun < 1.0


def test_forty_thousand_characters_are_answered(office: Office) -> None:
    """Long logs are pasted whole."""
    assert kinds(office.handle(a.message("word " * 8_000))) == ["answer"]


def test_thanks_under_an_answer_is_met_with_courtesy(office: Office) -> None:
    """And the ticket stays where it is."""
    office.handle(a.message())
    office.triager.decision = a.triage(Action.COURTESY)
    sent = office.handle(a.follow_up("thanks!"))
    assert the(sent, Courtesy).notice == Courtesy("follow_up", office.ticket().id, a.VPN)
    assert office.ticket().state is TicketState.ANSWERED


def test_a_follow_up_is_read_together_with_the_question_and_without_what_was_shown(
    office: Office,
) -> None:
    """The article that did not help is not offered again."""
    office.handle(a.message("VPN fails"))
    office.handle(a.follow_up("error 809 on Linux"))
    assert office.triager.read[-1] == "VPN fails\nerror 809 on Linux"
    assert office.triager.excluded[-1] == (a.VPN,)
    assert office.ticket().articles_failed == (a.VPN,)


def test_a_follow_up_that_needs_a_person_calls_one(office: Office) -> None:
    """With the whole conversation in the handoff."""
    office.handle(a.message("VPN fails"))
    office.triager.decision = ESCALATE
    sent = office.handle(a.follow_up("it still fails for all of us"))
    handoff = the(sent, Handoff).notice
    assert isinstance(handoff, Handoff)
    texts = [line.text for line in handoff.conversation]
    assert texts[0] == "VPN fails"
    assert texts[-1] == "it still fails for all of us"
    assert handoff.articles == handoff.failed == (a.VPN,)


CHATTY = Understood({Meaning.TALK: 0.95})


@pytest.mark.parametrize(
    ("text", "kind"), [("the thing on my desk", "clarify"), ("🎉", "courtesy")]
)
def test_the_answer_to_a_question_is_never_met_with_silence(
    office: Office, text: str, kind: str
) -> None:
    """However much it sounds like small talk to who did not ask; signs are asked about again."""
    office.handle(a.message("it doesnt work", mentioned=False))
    office.triager.decision, office.triager.understood = a.triage(Action.COURTESY), CHATTY
    assert kinds(office.handle(a.follow_up(text))) == [kind]


def test_thanks_for_a_question_begin_no_ticket(office: Office) -> None:
    """Who leaves it at that is thanked; what follows that is nobody's business."""
    office.handle(a.message("it doesnt work", mentioned=False))
    office.triager.decision, office.triager.understood = a.triage(Action.COURTESY), CHATTY
    sent = office.handle(a.follow_up("thanks"))
    assert the(sent, Courtesy).notice.occasion == "settled"  # type: ignore[union-attr]
    assert office.handle(a.follow_up("see you", ts="1772452999.1")) == []


def test_what_was_said_before_there_was_a_ticket_is_handed_over(office: Office) -> None:
    """Those who are called read all that was told, as the requester is promised."""
    office.handle(a.message("it doesnt work", mentioned=False))
    office.handle(a.follow_up("🎉", ts="1772452999.1"))
    office.triager.decision = ESCALATE
    sent = office.handle(a.follow_up("my screens are dead", ts="1772452999.2"))
    handoff = the(sent, Handoff).notice
    assert isinstance(handoff, Handoff)
    said = [line.text for line in handoff.conversation]
    assert said == ["it doesnt work", "🎉", "my screens are dead"]
    assert office.ticket().question == "my screens are dead"


@pytest.mark.parametrize("meaning", [Meaning.THANKS, Meaning.FAILED, Meaning.DETAILS])
def test_a_sign_by_itself_belongs_to_no_ticket(office: Office, meaning: Meaning) -> None:
    """Outside its thread nothing says what it is about: a sentence is asked for."""
    office.handle(a.message("VPN fails", channel=a.DIRECT, place=Place.DIRECT))
    office.triager.understood = Understood({meaning: 0.95})
    sign = a.message(":fire:", ts=Ts("1772452999.1"), channel=a.DIRECT, place=Place.DIRECT)
    sent = office.handle(sign)
    assert [row.thread_ts for row in sent] == ["1772452999.1"]
    assert the(sent, Courtesy).notice.occasion == "empty"  # type: ignore[union-attr]


def test_a_thumb_by_itself_is_a_yes_to_what_was_asked_last(office: Office) -> None:
    """It says something as no other sign does; where that was taken up stands below it."""
    office.triager.decision = a.triage(Action.CLARIFY, candidates=(a.candidate(a.VPN, 0.9),))
    office.handle(a.message("VPN?", channel=a.DIRECT, place=Place.DIRECT))
    office.triager.understood = Understood({Meaning.DETAILS: 0.95})
    sign = a.message("👍", ts=Ts("1772452999.1"), channel=a.DIRECT, place=Place.DIRECT)
    sent = office.handle(sign)
    assert "answer" in kinds(sent)
    assert the(sent, Courtesy).notice.occasion == "apart"  # type: ignore[union-attr]


def test_an_emoji_under_an_answer_is_told_that_it_has_no_words(office: Office) -> None:
    """It is on record, and nothing else happens."""
    office.handle(a.message())
    sent = office.handle(a.follow_up("🎉"))
    assert the(sent, Courtesy).notice == Courtesy("empty", office.ticket().id, a.VPN)


def test_what_a_requester_adds_reaches_the_engineers_and_is_marked(office: Office) -> None:
    """Files too; the requester sees that it was passed on."""
    office.triager.decision = ESCALATE
    office.handle(a.message("VPN fails"))
    sent = office.handle(a.follow_up("see", files=(File("log.txt", "https://x"),)))
    note = the(sent, ThreadNote)
    assert isinstance(note.notice, ThreadNote)
    assert note.channel == a.L2_CHANNEL
    assert note.notice.text == "see\n[file: log.txt https://x]"
    mark = the(sent, Seen)
    assert (mark.channel, mark.thread_ts) == (a.IT_HELP, "1772452900.000200")
    assert office.triager.read == ["VPN fails"]


def test_a_colleagues_remark_is_recorded_and_passed_on_but_not_answered(office: Office) -> None:
    """Unless it speaks to Frontline, which then says whose thread this is."""
    office.triager.decision = ESCALATE
    office.handle(a.message("VPN fails"))
    sent = office.handle(a.follow_up("same here", user=a.BEN))
    assert kinds(sent) == ["thread_note", "seen"]
    spoken_to = office.handle(a.follow_up("me too!", ts="1772452999.1", user=a.BEN, mentioned=True))
    assert the(spoken_to, Courtesy).notice == Courtesy("others_ticket", office.ticket().id)


def test_a_settled_ticket_is_taken_up_again_when_its_requester_is_back(office: Office) -> None:
    """The people who had it are called again, with what had fixed it."""
    settle_by_tom(office)
    office.triager.decision = a.triage(Action.ANSWER)
    sent = office.handle(a.follow_up("it is broken again", ts="1772459999.1"))
    assert office.ticket().reopened == 1
    assert office.ticket().state is TicketState.ESCALATED
    assert the(sent, Progress).notice == Progress(office.ticket().id, "reopened", Tier.L2)
    handoff = the(sent, Handoff).notice
    assert isinstance(handoff, Handoff)
    assert "Renewed it." in handoff.findings
    assert handoff.found_by == a.TOM


def test_thanks_after_the_end_do_not_reopen_a_ticket(office: Office) -> None:
    """They are met with courtesy."""
    settle_by_tom(office)
    office.triager.decision = a.triage(Action.COURTESY)
    sent = office.handle(a.follow_up("thank you", ts="1772459999.1"))
    assert kinds(sent) == ["courtesy"]
    assert office.ticket().state is TicketState.RESOLVED


def settle_by_tom(office: Office) -> None:
    """Escalate Ana's question and let Tom resolve it."""
    office.triager.decision = ESCALATE
    office.handle(a.message("VPN fails"))
    office.handle(Resolve(a.spot(a.TOM), office.escalation().id, "Expired.", "Renewed it."))


def test_talk_under_a_card_stays_among_engineers(office: Office) -> None:
    """Only who speaks to Frontline there is told what the thread is for."""
    office.triager.decision = ESCALATE
    card = the(office.handle(a.message()), Card)
    under = {"channel": a.L2_CHANNEL, "thread_ts": Ts(f"1772453000.{card.id:06d}"), "user": a.TOM}
    assert office.handle(a.follow_up("looks like DNS", **under)) == []
    sent = office.handle(a.follow_up("what now?", mentioned=True, ts="9.9", **under))
    assert the(sent, Courtesy).notice == Courtesy("engineers_thread", office.ticket().id)


def test_an_edit_changes_the_record_and_engineers_are_told(office: Office) -> None:
    """Once; an edit that changes nothing is no news."""
    office.triager.decision = ESCALATE
    office.handle(a.message("VPN fails"))
    sent = office.handle(a.edited("VPN and wifi fail"))
    note = the(sent, ThreadNote).notice
    assert isinstance(note, ThreadNote)
    assert (note.what, note.text) == ("edited", "VPN and wifi fail")
    assert office.said()[0] == "VPN and wifi fail"
    assert office.handle(a.edited("VPN and wifi fail")) == []


def test_a_question_deleted_before_anybody_took_it_is_withdrawn(office: Office) -> None:
    """The card says so, and nobody is needed any more."""
    office.triager.decision = ESCALATE
    office.handle(a.message("Oops, a password"))
    sent = office.handle(a.deleted())
    assert the(sent, ThreadNote).notice.what == "withdrawn"
    assert office.ticket().resolution is Resolution.WITHDRAWN
    assert office.escalation().state is EscalationState.RESOLVED
    assert office.said()[0] == "[]"


def test_a_question_deleted_after_it_was_taken_stays_with_the_engineer(office: Office) -> None:
    """Who works on it is told, and goes on."""
    office.triager.decision = ESCALATE
    office.handle(a.message())
    office.handle(Take(a.spot(a.TOM), office.escalation().id))
    sent = office.handle(a.deleted())
    assert the(sent, ThreadNote).notice.what == "deleted"
    assert office.escalation().state is EscalationState.ACKNOWLEDGED


def test_changes_to_messages_that_nobody_knows_are_ignored(office: Office) -> None:
    """Edits and deletions elsewhere are none of our business."""
    assert office.handle(a.edited("x", channel="C0RANDOM01")) == []
    assert office.handle(a.deleted()) == []


@pytest.mark.parametrize("unknown", [True, False])
def test_the_second_of_two_requests_in_another_language_is_offered(
    office: Office, *, unknown: bool
) -> None:
    """The first is asked about; where the words are read, each has to be understood."""
    office.triager.decision = a.triage(Action.CLARIFY, unknown=unknown)
    sent = office.handle(a.message("a impressora nao imprime e o ramal 204 ta mudo"))
    offered = [row.notice.text for row in sent if isinstance(row.notice, Besides)]
    assert offered == (["o ramal 204 ta mudo"] if unknown else [])


@pytest.mark.parametrize("wishes", [True, False])
def test_a_person_asked_for_in_one_part_of_the_words_is_called(
    office: Office, *, wishes: bool
) -> None:
    """Whatever article the rest would find; and whoever said what it is about is not told apart."""
    whole, part = "need a human, my badge won't open the door", "need a human"
    office.triager.understood_of[whole] = Understood({Meaning.ANOTHER: 0.9, Meaning.PERSON: 0.05})
    chance = 0.95 if wishes else 0.5
    office.triager.understood_of[part] = Understood({Meaning.PERSON: chance})
    rest = "my badge won't open the door"
    office.triager.understood_of[rest] = Understood({Meaning.ANOTHER: 0.9})
    sent = office.handle(a.message(whole))
    assert ("card" in kinds(sent)) is wishes
    if wishes:
        card = the(sent, Card).notice
        assert isinstance(card, Card)
        assert card.reasons == ("The requester asked for a person.",)


def test_a_greeting_beside_the_wish_says_nothing_of_what_it_is_about(office: Office) -> None:
    """No article could have answered it: it is none of the gaps."""
    whole = "hello there, a person please"
    office.triager.understood_of[whole] = Understood({Meaning.PERSON: 0.95})
    office.triager.understood_of["hello there"] = Understood({Meaning.TALK: 0.95})
    office.triager.understood_of["a person please"] = Understood({Meaning.PERSON: 0.95})
    card = the(office.handle(a.message(whole)), Card).notice
    assert isinstance(card, Card)
    assert card.reasons == ("The requester asked for a person, and has not said what it is about.",)


def test_where_nothing_hints_at_a_person_no_part_is_asked(office: Office) -> None:
    """Each part costs an encoding."""
    office.triager.understood = Understood({Meaning.ANOTHER: 0.99})
    office.handle(a.message("no sound, and the camera is dark, since this morning"))
    assert len({said.text for said in office.triager.said}) == 1
