"""A picture without a word: asked about, or left alone until its sender tells of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import CallPerson, Courtesy, Meaning, Place, Tone, Understood
from bot.desk.deciding import Action
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.tickets import Card, File, Handoff
from bot.desk.tiers import Tier
from bot.service.context import ChannelMode
from bot.service.messages.wording import WORDLESS_REQUEST
from tests import builders as a
from tests.service.conftest import kinds, place_of, the

if TYPE_CHECKING:
    from tests.service.conftest import Office

PHOTO = File("IMG_2231.jpg", "https://example.slack.com/files/f1")
SOON, LATER, MUCH_LATER = "1772452900.000200", "1772452950.000200", "1772456400.000200"
LINK = f"https://example.slack.com/archives/{a.IT_HELP}/p1772452800000100"
DIRECTLY = {"channel": a.DIRECT, "place": Place.DIRECT}


def picture(office: Office, **where: object) -> list[str]:
    """Let Ana send a photo and no word."""
    said = a.message("", files=(PHOTO,), mentioned=False, **where)
    return kinds(office.handle(said))


def unread(office: Office, **chances: float) -> None:
    """Let what comes be in a language that is read less well."""
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    office.triager.understood = Understood({Meaning(each): c for each, c in chances.items()})


def test_a_picture_alone_is_asked_about_where_everything_is_for_us(office: Office) -> None:
    """In a channel of mode `all`, and in direct messages."""
    office.desk = replace(office.desk, modes={"it-help": ChannelMode.ALL})
    assert picture(office) == ["courtesy"]
    assert picture(office, **DIRECTLY, ts=Ts(SOON)) == ["courtesy"]


def test_what_is_added_below_a_picture_that_was_left_alone_is_read_as_a_first_message(
    office: Office,
) -> None:
    """Colleagues show each other pictures; who tells of theirs is asked what it is about."""
    assert picture(office) == []
    unread(office, details=0.9)
    assert "clarify" in kinds(office.handle(a.follow_up("der Drucker zeigt das an")))


def test_words_of_others_below_a_picture_are_not_ours(office: Office) -> None:
    """Nor what its sender answers them."""
    picture(office)
    unread(office, details=0.9)
    assert kinds(office.handle(a.follow_up("nice one", user=a.TOM))) == []
    assert kinds(office.handle(a.follow_up("it is from the kiosk", ts=LATER))) == []


def test_small_talk_below_ones_own_picture_stays_quiet(office: Office) -> None:
    """As a first message would."""
    picture(office)
    unread(office, talk=0.99)
    assert kinds(office.handle(a.follow_up("kuchen für alle"))) == []


def test_a_picture_goes_with_the_words_to_those_who_are_called(office: Office) -> None:
    """By the link to where it stands."""
    picture(office)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    sent = office.handle(a.follow_up("the printer in the hall shows this"))
    lines = the(sent, Handoff).notice.conversation
    assert [file.url for file in lines[0].files] == [LINK]
    assert office.ticket().question == "the printer in the hall shows this"


def test_a_cry_for_help_below_a_picture_opens_no_ticket(office: Office) -> None:
    """It says nothing that a card could show; the picture stays for what is told next."""
    picture(office)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    assert kinds(office.handle(a.follow_up("can anyone help?", mentioned=True))) == ["courtesy"]
    assert office.find_ticket() is None
    office.handle(a.follow_up("the printer in the hall shows this", ts=LATER))
    assert LINK in office.said()[-1]


def test_who_was_asked_about_a_picture_answers_outside_of_its_thread_too(office: Office) -> None:
    """In direct messages; what looks like talk is no greeting then."""
    assert picture(office, **DIRECTLY) == ["courtesy"]
    unread(office, talk=0.99)
    sent = office.handle(a.message("das kommt beim Einloggen", ts=Ts(SOON), **DIRECTLY))
    assert "clarify" in kinds(sent)
    assert PHOTO.url in office.said(Thread(a.TEAM, a.DIRECT, Ts(SOON)))[0]


@pytest.mark.parametrize("ts", [SOON, MUCH_LATER])
def test_a_picture_belongs_to_what_is_told_next_and_to_nothing_later(
    office: Office, ts: str
) -> None:
    """Not to the second request, and not to that of an hour later."""
    picture(office, **DIRECTLY)
    if ts == SOON:
        office.handle(a.message("the printer shows this", ts=Ts(SOON), **DIRECTLY))
    unread(office, talk=0.99)
    office.triager.tones["guten Morgen"] = Tone.PLEASANT
    sent = office.handle(a.message("guten Morgen", ts=Ts(MUCH_LATER), **DIRECTLY))
    assert the(sent, Courtesy).notice.occasion == "nothing_asked"


def test_who_presses_for_a_person_below_a_picture_hands_it_over(office: Office) -> None:
    """The card does not read what names nothing; the record has it, and the picture's link."""
    picture(office)
    sent = office.handle(a.follow_up("is anybody there?"))
    asked = the(sent, Courtesy)
    press = CallPerson(a.spot(ts=place_of(asked)[1] or "", thread_ts=a.ASKED), TicketId(0))
    sent = office.handle(press)
    assert the(sent, Card).notice.question == WORDLESS_REQUEST
    (line,) = the(sent, Handoff).notice.conversation
    assert line.text.startswith("is anybody there?")
    assert LINK in line.text


def card_of(office: Office, told: object) -> str:
    """Give what the engineers read of a request that needs them."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    return str(the(office.handle(told), Handoff).notice.conversation)


@pytest.mark.parametrize("late", [False, True])
def test_a_picture_that_was_deleted_goes_to_nobody(office: Office, *, late: bool) -> None:
    """What somebody takes back is not shown to people with what they write next."""
    picture(office, **DIRECTLY)
    if late:
        with office.store.unit_of_work() as uow:
            uow.once.taken_back(a.TEAM, a.DIRECT, a.ASKED)
    else:
        office.handle(a.deleted(channel=a.DIRECT))
    told = a.message("the printer is broken", ts=Ts(SOON), **DIRECTLY)
    assert PHOTO.url not in card_of(office, told)


def test_a_picture_in_a_thread_is_forgotten_with_its_message(office: Office) -> None:
    """It is known by the thread."""
    office.handle(a.message("help", **DIRECTLY, mentioned=False))
    below = {"ts": Ts(SOON), "thread_ts": a.ASKED}
    assert picture(office, **DIRECTLY, **below) == ["courtesy"]
    office.handle(a.deleted(channel=a.DIRECT, **below, had_files=True))
    told = a.follow_up("the printer is broken", ts=LATER, **DIRECTLY)
    assert PHOTO.url not in card_of(office, told)


def test_a_remark_that_is_deleted_takes_no_picture_along(office: Office) -> None:
    """Whoever it was of: the picture above it still stands."""
    assert picture(office) == []
    office.handle(a.deleted(ts=Ts(SOON), thread_ts=a.ASKED))
    assert LINK in card_of(office, a.follow_up("the printer shows this", ts=LATER))


def test_a_picture_of_somebody_else_below_stays_theirs(office: Office) -> None:
    """Who began the thread tells of their own."""
    assert picture(office) == []
    bens = File("ben.png", "https://example.slack.com/files/ben")
    sent = a.follow_up("", ts=SOON, user=a.BEN, files=(bens,), mentioned=True)
    assert kinds(office.handle(sent)) == ["courtesy"]
    shown = card_of(office, a.follow_up("the printer shows this", ts=LATER))
    assert bens.url not in shown
    assert LINK in shown


def test_who_was_asked_what_they_want_is_not_asked_again(office: Office) -> None:
    """Whatever their answer looks like."""
    asked = office.handle(a.message("is anybody there?"))
    assert the(asked, Courtesy).notice.occasion == "vague"
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    assert "card" in kinds(office.handle(a.follow_up("does anyone hear me?")))


@pytest.mark.parametrize(("text", "heard"), [("is anyone there", True), ("someone there", False)])
def test_among_colleagues_only_a_plain_question_is_asked_back(
    office: Office, text: str, *, heard: bool
) -> None:
    """Else the classifier says what it is, as of all else; what its writer adds below is read."""
    sent = office.handle(a.message(text, mentioned=False))
    assert kinds(sent) == ["courtesy" if heard else "answer"]
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    assert "card" in kinds(office.handle(a.follow_up("the printer is broken")))
