"""Stories that end at L1: an article answers, or the requester finds their way to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.scenarios.office import BOT
from tests.scenarios.screen import labels

if TYPE_CHECKING:
    from tests.scenarios.office import Office


def test_a_question_is_answered_and_solved(office: Office) -> None:
    """Article, passage, steps and a link; *That solved it* ends the ticket."""
    asked = office.ask(office.ana, "How do I change my password?")
    answer = asked.waits_for("Reset your password")
    assert "You set a new one." in answer
    assert "1. Open the Reset your password page." in answer
    assert "https://kb.larkfield.example/reset-password" in answer
    assert "[That solved it]\n[Not what I need]\n[Talk to a person]" in answer

    asked.press("That solved it")
    thanks = asked.waits_for("Glad that it is solved")
    assert "is resolved" in thanks
    answer = asked.waits_for("You said that this solved it")
    assert "[That solved it]" not in answer
    office.settle()
    assert asked.count("Reset your password") == 1
    assert office.cards(office.mei, "change my password") == []
    assert asked.seen_by(office.tom).replies == asked.replies


def test_close_articles_are_offered_and_one_is_chosen(office: Office) -> None:
    """Clarify, choose, solved."""
    asked = office.ask(office.tom, "Something about the printer on the second floor")
    question = asked.waits_for("Which of these comes closest?")
    assert "[Add a printer]" in question
    assert "[Printer offline]" in question
    assert "[None of these]" in question

    asked.press("Printer offline")
    assert "You switch it off and on." in asked.waits_for("Open the Printer offline page")
    assert "You chose *Printer offline*." in asked.waits_for("You chose")
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")
    assert office.cards(office.mei, "second floor") == []


def test_an_article_that_does_not_help_is_followed_by_the_next_and_then_by_a_person(
    office: Office,
) -> None:
    """Not solved, next article, not solved: the handoff names what was tried."""
    asked = office.ask(office.ana, "The authenticator shows no codes any more")
    asked.waits_for("Move to a new phone")
    asked.press("Not what I need")
    asked.waits_for("You said that this was not what you need")
    asked.waits_for("Lost phone")
    assert office.cards(office.mei, "no codes any more") == []

    asked.press("Not what I need")
    told = asked.waits_for("passed it to the specialists on call")
    assert "The articles did not settle it." in told
    assert asked.count("You said that this was not what you need") == 2

    card = office.card(office.mei, "no codes any more")
    assert "<!subteam^S0L2ONCALL>" in card.top
    assert "The articles that were offered did not settle it." in card.top
    handoff = card.waits_for("Handoff of")
    assert "*Tried without success:* `mfa-new-phone`, `mfa-lost-device`" in handoff
    assert "<@U0ANA00001>: The authenticator shows no codes any more" in handoff


def test_none_of_the_offered_articles_leads_to_a_person(office: Office) -> None:
    """*None of these* under a question back."""
    asked = office.ask(office.ana, "My printer eats the paper of the fourth tray")
    asked.press("None of these")
    asked.waits_for("passed it to the specialists on call")
    assert "[Add a printer]" not in "\n".join(asked.replies)
    card = office.card(office.jonas, "eats the paper")
    assert "[Take it]" in card.top


def test_the_requester_asks_for_a_person(office: Office) -> None:
    """*Talk to a person* under an answer."""
    asked = office.ask(office.ana, "I want my password to be shorter")
    asked.press("Talk to a person")
    assert "You asked for a person." in asked.waits_for("passed it to")
    assert "You asked for a person." in asked.waits_for("Reset your password")
    card = office.card(office.mei, "to be shorter")
    assert "The requester asked for a person." in card.top
    handoff = card.waits_for("Handoff of")
    assert "*Articles shown:* `reset-password`" in handoff
    assert "Tried without success" not in handoff  # they may have tried much that nobody asked of


def test_the_whole_article_opens_in_a_modal(office: Office) -> None:
    """*Read the whole article*, before and after the end."""
    asked = office.ask(office.tom, "password please, all of it")
    asked.press("Read the whole article")
    view = office.tom.wait_for(office.tom.modal)
    assert view["title"]["text"] == "Knowledge article"
    assert "When it has not worked twice." in str(view["blocks"])
    office.tom.close_modal()
    asked.press("That solved it")
    asked.waits_for("You said that this solved it")
    asked.press("Read the whole article")
    assert office.tom.wait_for(office.tom.modal)["callback_id"] == "frontline.modal.article"
    office.tom.close_modal()


def test_an_article_that_did_not_hold_is_reopened_by_the_requester(office: Office) -> None:
    """*It is not fixed after all* under the thanks calls L2."""
    asked = office.ask(office.ana, "Is there a password for the blue room?")
    asked.press("That solved it")
    asked.press("It is not fixed after all")
    asked.waits_for("I am sorry that it is not fixed")
    asked.waits_for("You said that it is not fixed")
    card = office.card(office.mei, "blue room")
    assert "Not fixed after all, the requester says (it was resolved by article)." in card.top


def test_more_words_instead_of_a_button_find_another_article(office: Office) -> None:
    """A follow-up is read together with the question, and what was shown counts as tried."""
    asked = office.ask(office.ana, "My authenticator is on the old handset")
    asked.waits_for("Move to a new phone")
    office.settle()
    asked.say("no, it is gone, I lost it in the train")
    assert "You use a recovery code." in asked.waits_for("Lost phone")
    assert office.cards(office.mei, "old handset") == []


def test_more_words_that_need_a_person_call_one(office: Office) -> None:
    """A follow-up that only a person can settle is passed on with all that went before."""
    asked = office.ask(office.tom, "A password for the scanner")
    asked.waits_for("Reset your password")
    office.settle()
    asked.say("I did that, and now the vpn drops as well")
    asked.waits_for("passed it to the specialists on call")
    card = office.card(office.mei, "for the scanner")
    handoff = card.waits_for("Handoff of")
    assert "<@U0TOM00001>: I did that, and now the vpn drops as well" in handoff
    assert "*Tried without success:* `reset-password`" in handoff


def test_thanks_under_an_answer_are_met_with_courtesy(office: Office) -> None:
    """Thanks neither settle nor escalate anything; the buttons stay."""
    asked = office.ask(office.tom, "Which password is for the gate?")
    asked.waits_for("Reset your password")
    office.settle()
    asked.say("thank you so much")
    assert "[It is solved]" in asked.waits_for("You are welcome!")
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")
    office.settle()
    asked.say("thanks again")
    asked.waits_for("Write here again if it comes back")
    assert office.cards(office.mei, "for the gate") == []


def test_a_greeting_addressed_to_it_is_answered(office: Office) -> None:
    """A courtesy reply with a way to a person, and no ticket."""
    greeted = office.ask(office.ana, "@frontline good morning to you")
    assert "I am the first line of the support desk" in greeted.waits_for("Hello!")
    assert labels(greeted.messages[-1]) == ["Talk to a person"]
    found = office.rows("SELECT count(*) FROM tickets WHERE question LIKE '%good morning to you%'")
    assert found == [(0,)]


def test_a_person_can_be_had_from_a_greeting(office: Office) -> None:
    """The button under a mere courtesy opens a ticket with the words that it answered."""
    greeted = office.ask(office.ana, "@frontline good morning, are you well", "warehouse")
    greeted.waits_for("Hello!")
    greeted.press("Talk to a person")
    greeted.waits_for("You asked for a person")
    office.card(office.mei, "good morning, are you well")


def test_a_mention_that_comes_by_an_edit_is_answered(office: Office) -> None:
    """Slack tells of it under the old timestamp, after the message had been passed over."""
    asked = office.ask(office.ana, "Which password opens the shed?", "warehouse")
    office.settle()
    assert asked.replies == []
    event = {
        "type": "app_mention", "channel": "C0WAREHS01", "channel_type": "channel",
        "user": office.ana.id, "text": f"<@{BOT}> Which password opens the shed?", "ts": asked.ts,
        "edited": {"user": office.ana.id, "ts": "1800000000.000700"},
    }  # fmt: skip
    office.playground.control("deliver", event=event)
    asked.waits_for("Reset your password")
