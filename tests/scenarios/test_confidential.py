"""What may be confidential is asked about beside an answer: nobody reads it before the word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import BOT, Office
from tests.scenarios.test_routes import HARASSED, NORA, PRIVATE, everything, seed, with_people

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTION = "Is this confidential"
TURN_TO = "Please turn to"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace whose people team takes confidential matters, in a private channel."""
    folder = tmp_path_factory.mktemp("office")
    with Office(folder, file=with_people(), seed=seed()) as opened:
        yield opened


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace where nobody takes them, as the sample desk is."""
    with Office(tmp_path_factory.mktemp("alone")) as opened:
        yield opened


def hidden(office: Office, secret: str) -> None:
    """See that nobody but who asked reads a word of it."""
    office.settle()
    for person in (office.mei, office.jonas, office.priya, office.sam):
        person.open_home()
    office.settle()
    for person in (office.mei, office.jonas, office.priya, office.sam):
        assert secret not in everything(office, person)


@pytest.mark.parametrize(
    "words", ["Nein, das ist kein IT-Problem", "no, something else", "a human please"]
)
def test_words_that_answer_something_else_are_asked_about_again(office: Office, words: str) -> None:
    """What may have been said to "which of these?" is no word on whether it is confidential."""
    secret = f"wombat {len(words)}"
    asked = office.ask(office.ana, f"Printer, something personal, {secret}", office.ana.dm(BOT))
    asked.waits_for("Which of these comes closest?")
    asked.waits_for(QUESTION)
    asked.say(words)
    asked.waits_for(QUESTION, 2)
    hidden(office, secret)


def test_a_press_for_a_person_asks_again_and_no_calls(office: Office) -> None:
    """With the question's buttons; an ordinary request then goes the way that was pressed."""
    asked = office.ask(office.ana, "Printer, something personal, koala", office.ana.dm(BOT))
    asked.waits_for("Which of these comes closest?")
    asked.waits_for(QUESTION)
    asked.press("Talk to a person")
    asked.waits_for(QUESTION, 2)
    hidden(office, "koala")
    asked.press("No, an ordinary request")
    asked.waits_for("passed it to")
    office.card(office.mei, "koala")


def test_a_press_for_a_person_asks_again_and_yes_keeps_it(office: Office) -> None:
    """The group for it is called, and nobody else."""
    asked = office.ask(office.ana, "Printer, something personal, quokka", office.ana.dm(BOT))
    asked.waits_for(QUESTION)
    asked.press("Talk to a person")
    asked.waits_for(QUESTION, 2)
    asked.press("Yes, keep it confidential")
    office.card(office.person(NORA), "quokka", PRIVATE)
    hidden(office, "quokka")


def test_in_a_channel_it_is_asked_again_in_direct_messages(office: Office) -> None:
    """And a whisper says where."""
    asked = office.ask(office.ana, "Form for sick leave, numbat")
    asked.waits_for("Add a printer")
    asked.press("Talk to a person")
    asked.waits_for_whisper("I have begun a thread with you")
    office.settle()
    assert office.cards(office.mei, "numbat") == []


def test_who_was_turned_away_is_told_again_whom_to_turn_to(alone: Office) -> None:
    """In words and by press, below the first words and under "You are welcome"."""
    asked = alone.ask(alone.ana, "Printer, something personal, possum", alone.ana.dm(BOT))
    asked.waits_for(QUESTION)
    asked.press("Yes, keep it confidential")
    asked.waits_for(TURN_TO)
    asked.say("so who exactly?")
    asked.waits_for(TURN_TO, 2)
    asked.say("thank you")
    asked.waits_for("welcome")
    asked.press("Talk to a person")
    asked.waits_for(TURN_TO, 3)
    hidden(alone, "possum")


def test_below_first_words_without_a_ticket_it_is_told_again(alone: Office) -> None:
    """Nothing is written down, and no request is made of the words."""
    asked = alone.ask(alone.ana, HARASSED, alone.ana.dm(BOT))
    asked.waits_for(TURN_TO)
    before = alone.rows("SELECT count(*) FROM tickets")
    asked.say("so who exactly?")
    asked.waits_for(TURN_TO, 2)
    asked.say("thank you")
    asked.waits_for("welcome")
    asked.press("Talk to a person")
    asked.waits_for(TURN_TO, 3)
    assert alone.rows("SELECT count(*) FROM tickets") == before
