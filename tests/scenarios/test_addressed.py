"""What is Frontline's business, and what is people's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import BOT

if TYPE_CHECKING:
    from tests.scenarios.office import Office


def test_a_direct_message_is_answered_and_can_go_all_the_way(office: Office) -> None:
    """In the direct messages everything works as in a channel, in a thread."""
    dm = office.ana.dm(BOT)
    asked = office.ask(office.ana, "my password is old", dm)
    asked.waits_for("Reset your password")
    asked.press("Talk to a person")
    asked.waits_for("passed it to the specialists on call")
    card = office.card(office.mei, "my password is old")
    assert "/archives/" not in card.top  # nobody else could open the link
    card.press("Take it")
    asked.waits_for("has taken")
    added = asked.say("still there?")
    card.waits_for("still there?")
    office.ana.wait_for(lambda: asked.marks(added) == ["eyes"])


def test_a_direct_message_gets_courtesy_without_asking(office: Office) -> None:
    """A direct message is always addressed: even small talk has an answer."""
    office.ask(office.tom, "good morning", office.tom.dm(BOT)).waits_for("Hello!")


def test_a_mention_in_a_channel_for_mentions_is_answered(office: Office) -> None:
    """The answer hangs under the mention; without the mention nothing happens there."""
    silent = office.ask(office.tom, "my password does not open the gate", "warehouse")
    asked = office.ask(office.tom, "@frontline my password does not open it", "warehouse")
    asked.waits_for("Reset your password")
    office.settle()
    assert silent.replies == []


def test_a_mention_in_somebody_elses_thread_is_answered_there(office: Office) -> None:
    """A thread between people becomes the ticket of the one who called."""
    talk = office.ask(office.ana, "@tom my printer, you know", "it-help")
    office.settle()
    assert talk.replies == []
    asked = talk.seen_by(office.tom)
    asked.say("@frontline what about her password?")
    asked.waits_for("Reset your password")
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")


@pytest.mark.parametrize(
    "said",
    ["who is coming to lunch?", "good morning everybody", "@tom did you reset your password?"],
)
def test_talk_between_people_is_left_alone(office: Office, said: str) -> None:
    """Small talk, and words for somebody else, in a channel for questions."""
    talk = office.ask(office.ana, said)
    office.settle()
    assert talk.replies == []
    talk.seen_by(office.tom).say("my password is fine, and the vpn drops as ever")
    office.settle()
    assert len(talk.replies) == 1
    assert office.cards(office.mei, "as ever") == []
    assert office.calls("chat.postMessage") == []


def test_replies_of_others_in_a_requesters_thread_are_not_answered(office: Office) -> None:
    """A colleague helps: Frontline keeps out of it unless it is asked by name."""
    asked = office.ask(office.ana, "Where does my password go?")
    asked.waits_for("Reset your password")
    office.settle()
    theirs = asked.seen_by(office.tom)
    theirs.say("mine: the printer and the vpn drops too")
    office.settle()
    assert len(asked.replies) == 2
    theirs.say("@frontline and my password?")
    asked.waits_for("belongs to T-")
    office.settle()
    assert office.cards(office.mei, "Where does my password go?") == []


def test_every_message_of_a_channel_for_all_is_answered(office: Office) -> None:
    """Mode `all`: small talk gets a courtesy too."""
    office.ask(office.ana, "good morning!", "ask-anything").waits_for("Hello!")
    office.ask(office.ana, "my password", "ask-anything").waits_for("Reset your password")


def test_a_thread_broadcast_is_no_new_question(office: Office) -> None:
    """A reply that is also sent to the channel stays part of its ticket."""
    asked = office.ask(office.ana, "The vpn drops in the court")
    card = office.card(office.mei, "in the court")
    office.ana.say("it-help", "and my password is red", asked.ts, broadcast=True)
    card.waits_for("and my password is red")
    office.settle()
    assert asked.count("Reset your password") == 0
