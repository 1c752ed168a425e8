"""In which language somebody is spoken to, and that it goes with every notice to them alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Courtesy, Meaning, Understood
from bot.desk.deciding import Action
from bot.desk.ids import Ts
from bot.desk.language import spoken_to
from bot.desk.privacy import NoScrubber
from bot.desk.tickets import Card, Handoff, Passed
from bot.desk.tiers import Tier
from bot.desk.views import TicketStatus
from bot.language import likely_in, surely_in
from bot.service.handling import plan
from bot.slack.blocks.rendering import render
from bot.store.keeping.forgetting import Forgetting
from tests import builders as a

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from tests.service.conftest import Office

GERMAN = "Ich kann mich seit heute Morgen nicht mehr am Laptop anmelden"


@pytest.mark.parametrize(
    ("locale", "written", "before", "spoken"),
    [
        ("de-DE", "en", "", "de"),
        ("pt-BR", "", "", "pt"),
        ("PT_br", "", "en", "pt"),
        ("ja", "", "", "ja"),
        ("en-US", "de", "", "de"),
        ("en-GB", "en", "de", "en"),
        ("en-US", "", "fr", "fr"),
        ("", "es", "de", "es"),
        ("", "", "", "en"),
        ("it-IT", "it", "", "en"),
        ("it-IT", "fr", "", "fr"),
        ("nonsense", "", "", "en"),
    ],
)
def test_slack_comes_first_then_what_is_written_then_what_was_known(
    locale: str, written: str, before: str, spoken: str
) -> None:
    """English is what nobody chose."""
    assert spoken_to(locale, written, before) == spoken


@pytest.mark.parametrize("text", ["ok", "VPN", "T-1003", "", "  ", "👍", "thx", "???", "404"])
def test_a_word_that_could_be_of_any_language_is_surely_of_none_of_the_others(text: str) -> None:
    """Nobody is spoken to in Portuguese for an `ok`."""
    assert surely_in(text) in {"", "en"}


@pytest.fixture
def speaking(office: Office) -> Office:
    """An office that tells German from English by its umlauts and its verbs."""
    office.desk = replace(office.desk, surely_in=lambda text: "de" if "Ich" in text else "")
    office.triager.decision = a.triage(Action.ESCALATE, tier=Tier.L2)
    return office


def languages(office: Office, message: Message) -> dict[type, str]:
    """Handle a message, and give the language of each notice by its kind."""
    return {type(row.notice): row.language for row in office.handle(message)}


def test_the_requester_reads_theirs_and_the_engineers_english(speaking: Office) -> None:
    """The card quotes what was written; its own words are English."""
    told = languages(speaking, a.message(text=GERMAN))
    assert told[Passed] == "de"
    assert told[Card] == ""


def test_who_has_no_ticket_yet_is_asked_in_their_language_in_a_channel(
    speaking: Office,
) -> None:
    """Nobody there but the words themselves says which."""
    speaking.desk = replace(speaking.desk, language=lambda text: "de" if "jemand" in text else "en")
    asked = a.message(text="Hallo, liest hier jemand mit?", mentioned=False)
    assert languages(speaking, asked)[Courtesy] == "de"


def test_where_it_stands_is_said_in_their_language_too(speaking: Office) -> None:
    """In a channel as well, where nobody is told alone."""
    speaking.handle(a.message(text=GERMAN))
    speaking.triager.understood = Understood({Meaning.STATUS: 0.95})
    assert languages(speaking, a.follow_up("ok und wann"))[TicketStatus] == "de"


def test_the_handoff_says_which_language_is_spoken_with_them(speaking: Office) -> None:
    """Who answers may do so in it; of English nothing is said."""
    sent = speaking.handle(a.message(text=GERMAN))
    (handoff,) = (row.notice for row in sent if isinstance(row.notice, Handoff))
    assert "I speak German with them" in str(render(handoff))
    assert "I speak" not in str(render(replace(handoff, language="en")))


def test_the_handoff_is_of_the_message_that_led_to_it(speaking: Office) -> None:
    """Who begins with a name and goes on in German is answered so, and handed over so."""
    speaking.triager.decision = a.triage(Action.CLARIFY)
    speaking.handle(a.message(text="Outlook"))
    speaking.triager.understood = Understood({Meaning.PERSON: 0.95})
    sent = speaking.handle(a.follow_up(text=GERMAN))
    (handoff,) = (row.notice for row in sent if isinstance(row.notice, Handoff))
    assert handoff.language == "de"


def test_the_language_of_a_slack_is_asked_outside_of_any_transaction(speaking: Office) -> None:
    """And wins over what is written."""
    speaking.directory.locales[a.ANA] = "fr-CA"
    assert languages(speaking, a.message(text=GERMAN))[Passed] == "fr"


def test_who_is_spoken_to_in_english_leaves_no_row(speaking: Office) -> None:
    """Only what differs is kept."""
    speaking.handle(a.message(text="The VPN is down for me"))
    with speaking.store.look() as uow:
        assert uow.languages.of(a.ANA) == ""


def test_who_is_forgotten_is_spoken_to_in_no_language(speaking: Office) -> None:
    """Neither they nor their direct conversation are in the table."""
    speaking.handle(a.message(text=GERMAN, channel=a.DIRECT))
    with speaking.store.look() as uow:
        assert uow.languages.of(a.ANA) == uow.languages.of(a.DIRECT) == "de"
    Forgetting(speaking.store.path, speaking.clock, NoScrubber(), a.ANA).run()
    with speaking.store.look() as uow:
        assert uow.languages.of(a.ANA) == uow.languages.of(a.DIRECT) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Where is the Reisekostenabrechnung",
        "how do I open the Arbeitszeitkonto",
        "Zeiterfassungsgenehmigung",
        "the Kantine Kartenlesegerät is broken",
        "my Urlaubsantrag is gone",
    ],
)
def test_one_word_alone_makes_nobody_a_german(text: str) -> None:
    """A form has a German name also for those who do not speak German."""
    assert surely_in(text) in {"", "en"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Drucker geht nicht", "de"),
        ("ネットに繋がらない", "ja"),
        ("vpn down again", "en"),
        ("brauche neue maus", "de"),
    ],
)
def test_a_few_words_that_agree_are_enough(text: str, language: str) -> None:
    """Whichever of them is left out."""
    assert surely_in(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("l'écran est noir", "fr"),
        ("necesito una persona, no me va el correo", "es"),
        ("printer offline", ""),
        ("wifi", ""),
        ("the Kantine Kartenlesegerät is broken", ""),
    ],
)
def test_what_is_no_english_is_likely_something(text: str, language: str) -> None:
    """Whichever word is left out."""
    assert likely_in(text) == language


def test_a_guess_counts_for_those_of_whom_nothing_is_known(office: Office) -> None:
    """Who wrote French before is not spoken to in Spanish for three words that may be either."""
    office.triager.decision = a.triage(Action.ESCALATE, tier=Tier.L2)
    guesses = {"reste la compta": "es", "bonjour à tous": ""}
    surely = {"bonjour à tous": "fr"}
    office.desk = replace(
        office.desk,
        surely_in=lambda text: surely.get(text, ""),
        likely_in=lambda text: guesses.get(text, ""),
    )
    office.handle(a.message("reste la compta"))
    with office.store.look() as uow:
        (ticket,) = uow.tickets.of_requester(a.ANA, office.clock() - timedelta(days=1))
        assert uow.languages.on(ticket.id) == "es"
        assert uow.languages.of(a.ANA) == ""
    office.handle(a.message("bonjour à tous", ts=Ts("1772453000.000100")))
    office.handle(a.message("reste la compta", ts=Ts("1772453100.000100")))
    with office.store.look() as uow:
        assert uow.languages.of(a.ANA) == "fr"


def test_a_reply_is_in_the_language_of_its_own_thread(office: Office) -> None:
    """Five messages in a row, one of them German: four replies are English."""
    office.triager.decision = a.triage(Action.ESCALATE, tier=Tier.L2)
    office.desk = replace(office.desk, surely_in=surely_in)
    texts = [
        "The printer on floor two prints nothing but stripes",
        "my badge does not open the door",
        GERMAN,
        "where do I book a room for Thursday?",
        "the VPN drops every ten minutes",
    ]
    for number, text in enumerate(texts):
        message = a.message(text=text, ts=f"17724500{number:02}.1")
        with office.store.unit_of_work() as uow:
            plan(message, office.desk)(uow)
    sent = office.apply(lambda _: None)
    told = {row.ticket: row.language for row in sent if isinstance(row.notice, Passed)}
    assert list(told.values()) == ["en", "en", "de", "en", "en"]
