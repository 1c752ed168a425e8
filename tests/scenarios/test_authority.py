"""Buttons are not proof: who may press, and what a press comes to that comes too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.scenarios.office import Office

NOT_THEIRS = "can be handled by the people of its resolver group only"


def test_somebody_outside_the_group_cannot_take_an_escalation(office: Office) -> None:
    """Refused privately; nothing changes for anybody."""
    office.ask(office.ana, "The vpn drops in the cellar")
    card = office.card(office.mei, "in the cellar").seen_by(office.sam)
    before = card.top
    card.press("Take it")
    assert NOT_THEIRS in card.waits_for_whisper(NOT_THEIRS)
    office.settle()
    assert card.top == before
    assert card.seen_by(office.mei).whispers() == []


@pytest.mark.parametrize(
    ("button", "values"),
    [("Resolve", {"cause": "I", "fix": "guess"}), ("Escalate to L3", {"findings": "none"})],
)
def test_somebody_outside_the_group_can_end_nothing(
    office: Office, button: str, values: dict[str, str]
) -> None:
    """The modal's submission is refused as the press would be."""
    asked = office.ask(office.ana, f"The vpn drops when Sam presses {button}")
    card = office.card(office.mei, f"Sam presses {button}").seen_by(office.sam)
    told = len(card.whispers())
    before, said = card.top, len(asked.replies)
    card.press(button)
    office.sam.wait_for(office.sam.modal)
    assert office.sam.submit(values) is None
    office.sam.wait_for(lambda: len(card.whispers()) > told)
    assert NOT_THEIRS in card.whispers()[-1]
    office.settle()
    assert card.top == before
    assert len(asked.replies) == said
    assert office.cards(office.priya, f"Sam presses {button}", "l3-engineering") == []


def test_l3_may_help_l2(office: Office) -> None:
    """People of a higher tier may act on a lower one's escalations."""
    asked = office.ask(office.ana, "The vpn drops in the kitchen")
    card = office.card(office.priya, "in the kitchen")
    card.press("Take it")
    asked.waits_for("<@U0PRIYA001> (L2) has taken")


@pytest.mark.parametrize("button", ["That solved it", "Not what I need", "Talk to a person"])
def test_only_the_requester_decides_about_an_answer(office: Office, button: str) -> None:
    """A bystander's press is refused privately, and the question stays open."""
    asked = office.ask(office.ana, f"Tom is curious about a forgotten password ({button})")
    asked.waits_for("[That solved it]")
    before = asked.replies
    theirs = asked.seen_by(office.tom)
    told = len(theirs.whispers())
    theirs.press(button)
    office.tom.wait_for(lambda: len(theirs.whispers()) > told)
    assert "belongs to somebody else; only they can decide about it." in theirs.whispers()[-1]
    office.settle()
    assert asked.whispers() == []
    assert asked.replies == before
    assert office.cards(office.mei, "Tom is curious") == []


def test_a_late_press_of_an_engineer_shows_how_it_stands(office: Office) -> None:
    """The card could not be refreshed; the press that comes after the end refreshes it."""
    office.ask(office.ana, "The vpn drops in the foyer")
    card = office.card(office.mei, "in the foyer")
    office.settle()
    office.fault("error", "chat.update", code="cant_update_message")
    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    office.mei.submit({"cause": "Marble", "fix": "A carpet"})
    card.waits_for("resolved it. What fixed it:")
    office.settle()
    assert "[Take it]" in card.top

    card.seen_by(office.jonas).press("Take it")
    card.seen_by(office.jonas).waits_for_whisper("has already moved on")
    assert "[Take it]" not in card.top_becomes(":white_check_mark: resolved")


@pytest.mark.parametrize("late", ["That solved it", "Not what I need", "Talk to a person"])
def test_a_late_press_of_the_requester_shows_how_it_stands(office: Office, late: str) -> None:
    """An answer whose buttons stayed although the ticket was settled by them."""
    asked = office.ask(office.ana, f"My password, and then late: {late}")
    asked.waits_for("[That solved it]")
    office.settle()
    office.fault("error", "chat.update", code="cant_update_message")
    told = len(asked.whispers())
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")
    office.settle()
    asked.press(late)
    office.ana.wait_for(lambda: len(asked.whispers()) > told)
    assert "has already moved on" in asked.whispers()[-1]
    assert "[That solved it]" not in asked.waits_for("You said that this solved it")
    office.settle()
    assert asked.count("Glad that it is solved") == 1
    assert office.cards(office.mei, f"and then late: {late}") == []


def test_a_choice_that_comes_too_late_is_closed(office: Office) -> None:
    """The requester was passed on to people meanwhile: the choice is refused, the question ends."""
    asked = office.ask(office.ana, "A printer, or rather a person")
    asked.waits_for("Which of these comes closest?")
    office.settle()
    office.fault("error", "chat.update", code="cant_update_message")
    asked.press("Talk to a person")
    asked.waits_for("passed it to")
    office.settle()
    told = len(asked.whispers())
    asked.press("Add a printer")
    office.ana.wait_for(lambda: len(asked.whispers()) > told)
    office.settle()
    assert "[Add a printer]" not in "\n".join(asked.replies)
    assert asked.count("You add it by its number.") == 0
