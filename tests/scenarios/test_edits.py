"""Messages that are changed or taken back, before and after people were called."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scenarios.office import Office


def test_an_edit_before_anybody_is_called_changes_what_the_handoff_says(office: Office) -> None:
    """The record follows the edit; no second answer is given."""
    asked = office.ask(office.ana, "My pasword for the safe")
    asked.waits_for("passed it to")  # the typo makes it a gap
    office.settle()
    answered = office.ask(office.ana, "My password for the saef")
    answered.waits_for("Reset your password")
    office.settle()
    office.ana.edit("it-help", answered.ts, "My password for the safe room")
    office.settle()
    assert len(answered.replies) == 1
    answered.press("Talk to a person")
    card = office.card(office.mei, "My password for the s")
    assert "<@U0ANA00001>: My password for the safe room" in card.waits_for("Handoff of")


def test_an_edit_after_the_call_is_told_to_the_engineers(office: Office) -> None:
    """A note in the escalation's thread; the same text again tells nothing."""
    asked = office.ask(office.ana, "The vpn drops in rom 12")
    card = office.card(office.mei, "in rom 12")
    office.settle()
    office.ana.edit("it-help", asked.ts, "The vpn drops in room 12 & 13")
    assert "> The vpn drops in room 12 &amp; 13" in card.waits_for("changed a message to:")
    office.settle()
    assert len(asked.replies) == 1
    assert card.count("changed a message to:") == 1


def test_a_question_deleted_after_the_answer_is_withdrawn(office: Office) -> None:
    """The ticket ends; nobody is called, and a late press finds it settled."""
    asked = office.ask(office.ana, "My password, no, forget it")
    asked.waits_for("Reset your password")
    office.settle()
    office.ana.delete("it-help", asked.ts)
    office.settle()
    found = office.rows(
        "SELECT state, resolution, question FROM tickets WHERE asked_ts = ?", asked.ts
    )
    assert found == [("resolved", "withdrawn", "(deleted)")]
    assert office.holding("no, forget it") == set()
    asked.press("Talk to a person")
    asked.waits_for_whisper("has already moved on")
    assert office.cards(office.mei, "no, forget it") == []


def test_a_question_deleted_before_anybody_took_it_ends_the_call(office: Office) -> None:
    """The card shows that nobody is needed any more, and says why."""
    asked = office.ask(office.ana, "The vpn drops, wait, wrong channel")
    card = office.card(office.mei, "wrong channel")
    office.settle()
    office.ana.delete("it-help", asked.ts)
    card.waits_for("withdrew the request; nobody is needed any more")
    assert "[Take it]" not in card.top_becomes("resolved")


def test_a_question_deleted_while_somebody_works_on_it_is_told(office: Office) -> None:
    """The engineer decides; the ticket goes on, without the words that were taken back."""
    asked = office.ask(office.ana, "The vpn drops since the move")
    card = office.card(office.mei, "since the move")
    card.press("Take it")
    card.top_becomes("taken by")
    office.settle()
    office.ana.delete("it-help", asked.ts)
    card.waits_for("deleted a message; its words are gone here too")
    office.settle()
    assert "[Resolve]" in card.top
    assert "since the move" not in str(card.messages)
    assert office.holding("since the move") == set()


def test_a_deleted_addition_is_told_to_the_engineers(office: Office) -> None:
    """A reply that the requester takes back."""
    asked = office.ask(office.ana, "The vpn drops after seven")
    card = office.card(office.mei, "after seven")
    added = asked.say("my pin is 4711")
    card.waits_for("my pin is [code masked]")
    office.settle()
    office.ana.delete("it-help", added)
    card.waits_for("deleted a message")
    office.settle()
    assert "[Take it]" in card.top
    assert "4711" not in str(card.messages)
    assert office.holding("my pin is") == set()


def test_an_edit_of_somebody_elses_talk_is_left_alone(office: Office) -> None:
    """Messages that were never Frontline's business stay so when they change."""
    talk = office.ask(office.ana, "@tom lunch?")
    office.settle()
    office.ana.edit("it-help", talk.ts, "@tom my password?")
    office.ana.delete("it-help", talk.ts)
    office.settle()
    assert office.calls("chat.postMessage") == []


def test_an_addition_whose_edit_comes_first_reaches_the_engineers_once(office: Office) -> None:
    """Slack promises no order: the words as they read last arrive, and only they."""
    asked = office.ask(office.ana, "The vpn drops in the tunnel")
    card = office.card(office.mei, "in the tunnel")
    office.settle()
    office.fault("delay_event", event_type="message", seconds=0.4)
    added = office.ana.say("it-help", "error eight hundred", asked.ts)
    office.ana.edit("it-help", added, "error 809, since monday")
    card.waits_for("error 809, since monday")
    office.settle()
    assert card.count("error 809") == 1
    assert "error eight hundred" not in str(card.messages)


def test_an_addition_that_is_deleted_before_it_comes_is_told_to_nobody(office: Office) -> None:
    """Its deletion overtook it."""
    asked = office.ask(office.ana, "The vpn drops on the ferry")
    card = office.card(office.mei, "on the ferry")
    office.settle()
    before = len(card.messages)
    office.fault("delay_event", event_type="message", seconds=0.4)
    added = office.ana.say("it-help", "and my pin is 4712", asked.ts)
    office.ana.delete("it-help", added)
    office.settle()
    assert len(card.messages) == before
    assert office.holding("my pin is") == set()
